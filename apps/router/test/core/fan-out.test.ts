import { describe, expect, it } from '@jest/globals';
import { audienceBit } from '@ringmaster/protocol';
import { broadcast, data, world, type ScriptedClient, type World } from './world.js';

const many = (w: World, count: number): ScriptedClient[] => {
  w.node('a').owns(0, 1);
  return Array.from({ length: count }, () => w.joins(w.node('a')));
};

const utf8 = new TextEncoder();
const each = (p: number, clients: readonly ScriptedClient[]) =>
  ({ r: 'each', items: clients.map(({ conn }) => ({ conn, p, bytes: utf8.encode(`p${p} of ${conn}`) })) }) as const;

describe('fan-out', () => {
  it('one copy goes to all sockets of the session whose role is in the audience', () => {
    const w = world();
    const a = w.node('a');
    a.owns(0, 1);
    a.owns(1, 1);
    const player = w.joins(a, 0);
    const host = w.joins(a, 0, { role: 'host' });
    const elsewhere = w.joins(a, 1);
    a.says(broadcast('for all', 1), broadcast('for hosts', undefined, { audience: audienceBit.host }));
    expect([player, host, elsewhere].map((client) => client.took())).toEqual([['for all'], ['for all', 'for hosts'], []]);
  });

  it('shared and private frames of one flush go in one write, in their order', () => {
    const w = world();
    const clients = many(w, 3);
    w.node('a').says(broadcast('reveal', 1), each(1, clients), broadcast('board', 2), data(2, 'extra', { p: 2 }));
    for (const client of clients) {
      const own = ['reveal', `p1 of ${client.conn}`, 'board'];
      expect(client.took()).toEqual(client.conn === 2 ? [...own, 'extra'] : own);
      expect(client.writes).toBe(1);
    }
  });

  it('writes to a chunk of sockets, then lets others have their turn', () => {
    const w = world(['a'], { limits: { chunkSockets: 10 } });
    const clients = many(w, 25);
    w.node('a').saysAndWaits(broadcast('s1', 1));
    const reached = (): number => clients.filter(({ got }) => got.includes('s1')).length;
    expect(reached()).toBe(10);
    w.time.poll();
    expect(reached()).toBe(20);
    w.time.poll();
    expect(reached()).toBe(25);
  });

  it('fan-outs of one audience run one after another, replies among them in their place', () => {
    const w = world(['a'], { limits: { chunkSockets: 4 } });
    const clients = many(w, 10);
    const last = clients.at(-1);
    last?.says('x');
    w.node('a').saysAndWaits(broadcast('s1', 1));
    w.node('a').saysAndWaits(data(10, 'ok', { done: 2 }), broadcast('s2', 2));
    w.node('a').saysAndWaits(each(1, clients), broadcast('s3', 3));
    w.time.settle();
    for (const client of clients) {
      const own = `p1 of ${client.conn}`;
      expect(client.took()).toEqual(client === last ? ['s1', 'ok', 's2', own, 's3'] : ['s1', 's2', own, 's3']);
    }
  });

  it('a large session does not hold up a small one', () => {
    const w = world(['a'], { limits: { chunkSockets: 10 } });
    const clients = many(w, 100);
    w.node('a').owns(1, 1);
    const other = w.joins(w.node('a'), 1);
    other.says('x');
    w.node('a').saysAndWaits(broadcast('s1', 1), data(other.conn, 'ok', { done: 2 }));
    expect(other.took()).toEqual(['ok']);
    expect(clients.filter(({ got }) => got.length > 0)).toHaveLength(10);
  });

  it('an unfinished tick of hints is given up when a newer one of its kind starts; what has a number never is', () => {
    const w = world(['a'], { limits: { chunkSockets: 5 } });
    const clients = many(w, 10);
    const a = w.node('a');
    a.saysAndWaits(broadcast('{"t":"progress",1}'), broadcast('{"t":"board",1}'), broadcast('s1', 1));
    a.saysAndWaits(broadcast('{"t":"progress",2}'));
    w.time.settle();
    expect(clients[0]?.took()).toEqual(['{"t":"progress",1}', '{"t":"board",1}', 's1', '{"t":"progress",2}']);
    expect(clients[9]?.took()).toEqual(['{"t":"board",1}', 's1', '{"t":"progress",2}']);
    expect(w.router.counters.hintsGivenUp).toBe(1);
  });

  it('who joins while a fan-out is under way gets what comes after its welcome, once', () => {
    const w = world(['a'], { limits: { chunkSockets: 2 } });
    many(w, 6);
    const a = w.node('a');
    const late = w.connects(0);
    late.says('hello');
    w.time.settle();
    a.saysAndWaits(broadcast('s1', 1));
    a.saysAndWaits({
      r: 'bind', conn: late.conn, done: 1, s: 1, p: 0, role: 'player', genEpoch: 1, genCount: 1, perSecond: 5, burst: 10,
      bind: utf8.encode('w'), frames: [utf8.encode('welcome at 1')],
    });
    a.saysAndWaits(broadcast('s2', 2));
    w.time.settle();
    expect(late.took()).toEqual(['welcome at 1', 's2']);
  });

  it('a client that leaves in between gets nothing more, and the others everything', () => {
    const w = world(['a'], { limits: { chunkSockets: 2 } });
    const clients = many(w, 6);
    w.node('a').saysAndWaits(broadcast('s1', 1));
    clients[4]?.leaves();
    w.time.settle();
    expect(clients.map(({ got }) => got.length)).toEqual([1, 1, 1, 1, 0, 1]);
  });

  it('the owner closes behind what it sent before', () => {
    const w = world();
    const [client] = many(w, 1);
    client?.says('leave');
    w.node('a').says(data(1, 'kicked', { p: 1 }), { r: 'close', conn: 1, code: 4505, done: 2 }, data(1, 'after', { p: 2 }));
    expect(client?.took()).toEqual(['kicked', 'closed 4505']);
    expect(w.node('a').transcript().at(-1)).toBe('close 1 4505');
    expect(w.router.gauges).toMatchObject({ sockets: 0, gone: 0, sessions: 0 });
  });
});
