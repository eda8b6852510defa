import { describe, expect, test } from '@jest/globals';
import { Cluster, type ClusterOptions, type TestNode } from '../fakes/cluster.js';

let cluster: Cluster;
let node: TestNode;

const eventTypes = () => cluster.log().flatMap(({ events }) => ((events ?? []) as { type: string }[]).map(({ type }) => type));
const now = () => node.region.sessionTime(0);

async function given(options: ClusterOptions = {}): Promise<void> {
  cluster = new Cluster(options);
  node = await cluster.start('a');
}

async function restart(): Promise<TestNode> {
  cluster.kill('a');
  return (node = await cluster.start('a'));
}

describe('T2: outages', () => {
  test('a stalled journal: players are told, no deadline fires, and the stall is given back before anything else', async () => {
    await given();
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
    await cluster.time.advance(1_000);
    node.journal.next('held');
    const flying = node.tell('y', { type: 'add', by: 1 });
    const start = now();
    await cluster.time.advance(1_999);
    expect(node.said).not.toContain('stalled 0 true');
    await cluster.time.advance(8_001);
    expect(node.said.at(-1)).toBe('stalled 0 true');
    expect(eventTypes()).toEqual(['opened']);
    const queued = node.tell('x', { type: 'add', by: 1, recvAt: start + 4_500 });
    await cluster.time.settle();
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(flying.outcome).toMatchObject({ reply: { total: 1 } });
    expect(queued.outcome).toMatchObject({ reply: { total: 1 } });
    expect(eventTypes()).toEqual(['opened', 'added', 'extended', 'added']);
    const extended = cluster.log().find(({ events }) => (events as { type: string }[] | undefined)?.[0]?.type === 'extended');
    expect(extended).toMatchObject({ events: [{ type: 'extended', byMs: 10_000 }] });
    await cluster.time.advance(3_999);
    expect(eventTypes()).not.toContain('closed');
    await cluster.time.advance(1);
    expect(eventTypes()).toContain('closed');
  });

  test('in a stall a turn does not carry off a deadline that was due before it, only those that it sets itself', async () => {
    await given();
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
    node.journal.next('held');
    node.tell('y', { type: 'add', by: 1 });
    await cluster.time.advance(8_000);
    node.tell('x', { type: 'add', by: 1, recvAt: 0 });
    const chained = node.tell('z', { type: 'chain', times: 2 });
    await cluster.time.settle();
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(chained.outcome).toMatchObject({ reply: { total: 0 } });
    expect(eventTypes()).toEqual(['opened', 'added', 'added', 'chained', 'chained', 'chained', 'extended']);
  });

  test('takeover: the first turn gives the time back, after the first router has attached, before any close', async () => {
    await given({ routers: ['r1'] });
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: true });
    const openedAt = now();
    cluster.kill('a');
    await cluster.time.advance(7_000);
    node = await cluster.start('a');
    const asked = node.tell('x', { type: 'add', by: 1, recvAt: openedAt + 4_000 });
    await cluster.time.advance(1_000);
    expect(asked.outcome).toBe('pending');
    node.region.reportLastOwner(0, 1, openedAt + 3_000);
    node.region.edgeAttached('r1', 0, 2);
    await cluster.time.settle();
    expect(asked.outcome).toMatchObject({ reply: { total: 1 } });
    expect(eventTypes()).toEqual(['opened', 'extended', 'added']);
    const record = cluster.log().find(({ n }) => n === 4);
    expect(record).toMatchObject({ events: [{ type: 'extended', byMs: 5_000 }] });
  });

  test('takeover: what was heard of an owner that had not written the last event does not count', async () => {
    await given({ routers: ['r1'] });
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: true });
    await restart(); // epoch 2 falls silent before its first turn
    await cluster.time.advance(1_500);
    await restart();
    const to = now();
    node.region.reportLastOwner(0, 2, to);
    node.region.reportLastOwner(0, 1, to - 1_000);
    node.region.edgeAttached('r1', 0, 3);
    await cluster.time.settle();
    expect(cluster.log().at(-1)).toMatchObject({ epoch: 3, events: [{ type: 'extended', byMs: 1_000 }] });
  });

  test('a hang of the process is an outage: what was received meanwhile is judged after it has been accounted for', async () => {
    await given({ routers: ['r1'] });
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: true });
    const openedAt = now();
    node.region.edgeAttached('r1', 0, 1);
    await cluster.time.advance(2_000);
    cluster.time.freeze(6_000);
    await cluster.time.advance(0);
    const inTime = await node.ask('x', { type: 'add', by: 1, recvAt: openedAt + 4_000 });
    expect(inTime).toMatchObject({ reply: { total: 1 } });
    expect(eventTypes()).toEqual(['opened', 'extended', 'added']);
    expect(cluster.log().find(({ n }) => n === 3)).toMatchObject({ events: [{ type: 'extended', byMs: 6_000 }] });
    await cluster.time.advance(3_000 + 2_000);
    expect(eventTypes()).toEqual(['opened', 'extended', 'added', 'closed']);
  });

  test('a short pause of the process is none', async () => {
    await given();
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
    cluster.time.freeze(900);
    await cluster.time.advance(5_000);
    expect(eventTypes()).toEqual(['opened', 'closed']);
  });

  test('a clock that is moved on after the takeover takes no time from anybody', async () => {
    await given({ routers: ['r1'] });
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: true });
    const openedAt = now();
    await restart();
    node.region.edgeAttached('r1', 0, 2);
    await cluster.time.settle();
    node.region.reportTime(0, now() - cluster.time.mono() + 700);
    await cluster.time.settle();
    expect(now()).toBeGreaterThanOrEqual(openedAt + 700);
    expect(cluster.log().at(-1)).toMatchObject({ events: [{ type: 'extended', byMs: 700 }] });
    const length = cluster.log().length;
    node.region.reportTime(0, now() - cluster.time.mono() + 5);
    await cluster.time.settle();
    expect(cluster.log().slice(length).filter(({ kind }) => kind === 'turn')).toEqual([]);
  });

  test('a clock that is moved on while an entity is not in memory takes no time from it either (simulation, seed 52408)', async () => {
    await given({ limits: { idleMs: 1_000 } });
    await node.ask('x', { type: 'open', forMs: 10_000, behindReceived: false });
    await cluster.time.advance(4_000);
    expect(node.region.stats().hot).toBe(0);
    node.region.reportTime(0, now() - cluster.time.mono() + 700);
    await cluster.time.advance(5_999);
    expect(eventTypes()).toEqual(['opened', 'extended']);
    expect(cluster.log().findLast(({ kind }) => kind === 'turn')).toMatchObject({ events: [{ type: 'extended', byMs: 700 }] });
    await cluster.time.advance(1);
    expect(eventTypes()).toEqual(['opened', 'extended', 'closed']);
  });

  test('takeover without a router: closeWaitMs later', async () => {
    await given();
    await node.ask('x', { type: 'open', forMs: 1_000, behindReceived: true });
    await restart();
    await cluster.time.advance(1_999);
    expect(eventTypes()).toEqual(['opened']);
    await cluster.time.advance(1);
    expect(eventTypes()).toEqual(['opened', 'extended']);
  });

  test('an entity that asks for nothing does not wait', async () => {
    await given();
    await node.ask('x', { type: 'add', by: 1 });
    await restart();
    expect(await node.ask('x', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 2 } });
  });

  test('it is accounted for once', async () => {
    await given({ limits: { idleMs: 4_000 } });
    await node.ask('x', { type: 'open', forMs: 60_000, behindReceived: false });
    await restart();
    await cluster.time.advance(30_000);
    expect(node.region.stats().hot).toBe(0);
    await node.ask('x', { type: 'get' });
    await cluster.time.advance(60_000);
    expect(eventTypes()).toEqual(['opened', 'extended', 'closed']);
  });
});
