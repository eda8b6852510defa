import { describe, expect, it } from '@jest/globals';
import type { NodeRecord } from '@ringmaster/protocol';
import { broadcast, data, world } from './world.js';

const notOwner = (conn: number, hint = '', shard = 0): NodeRecord => ({ r: 'notOwner', conn, shard, hint });

describe('K3: a newer link or open replaces the older', () => {
  it('ignores what an older link still delivers', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    a.breakLink();
    time.advance(200);
    a.owns(0, 1);
    client.took();
    a.saysOnOldLink(data(1, 'from the old link', { done: 2 }), broadcast('s1', 1));
    expect(client.took()).toEqual([]);
    a.says(data(1, 'ok', { done: 2 }), broadcast('s1', 1));
    expect(client.took()).toEqual(['ok', 's1']);
  });

  it('the end of an older link, told late, does not touch the newer one', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    const client = joins(a);
    a.beating = false;
    time.advance(1_600);
    a.beating = true;
    time.advance(300);
    a.owns(0, 1);
    a.closesOldLink();
    client.says('x');
    a.says(data(1, 'ok', { done: 2 }));
    expect(client.took()).toContain('ok');
    time.advance(300);
    expect(a.dials).toBe(2);
  });

  it('ignores the records of a node where the connection is no longer open', () => {
    const { node, joins, router } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    b.owns(0, 2);
    a.says(data(1, 'ok from a', { done: 2 }), broadcast('s1 from a', 1), { r: 'close', conn: 1, code: 4510 });
    expect(client.took()).toEqual([]);
    expect(router.counters.recordsIgnored).toBe(2);
  });
});

describe('K6: notOwner and moving', () => {
  it('count only from where the connection is open', () => {
    const { node, joins, router } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a);
    b.says(notOwner(1, 'b'), { r: 'moving', shard: 0 });
    client.says('x');
    b.heard = [];
    a.says(data(1, 'ok', { done: 2 }));
    expect(client.took()).toEqual(['ok']);
    expect(b.transcript()).toEqual([]);
    expect(a.transcript()).toEqual(['data 1 k2 x']);
    expect(router.counters.hops).toBe(0);
  });

  it('follows the hint, with what was said before still counting', () => {
    const { node, joins, time } = world(['a', 'b', 'c']);
    const [a, c] = [node('a'), node('c')];
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    client.says('y');
    time.settle();
    c.heard = [];
    a.says(data(1, 'ok x', { done: 2 }), notOwner(1, 'c'));
    expect(client.took()).toEqual(['ok x']);
    expect(c.transcript()).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1 hops1']);
    c.owns(0, 2);
    expect(c.transcript()).toEqual(['data 1 k3 y', 'attached 0@2']);
  });

  it('goes back to the same node when there is no other', () => {
    const { node, joins } = world();
    const a = node('a');
    a.owns(0, 1);
    joins(a);
    a.says(notOwner(1));
    expect(a.transcript()).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1 hops1']);
    a.owns(0, 2);
    expect(a.transcript()).toEqual(['attached 0@2']);
  });

  it('backs off after three hops, and loses nothing', () => {
    const { time, node, joins, router } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a);
    client.says('x');
    a.says(notOwner(1, 'b'));
    b.says(notOwner(1, 'a'));
    a.says(notOwner(1, 'b'));
    expect(b.last('open').hops).toBe(3);
    a.heard = [];
    b.heard = [];
    b.says(notOwner(1, 'a'));
    expect([...a.transcript(), ...b.transcript()]).toEqual([]);
    expect(router.counters).toMatchObject({ hops: 4, backOffs: 1 });
    time.advance(100);
    expect([...a.transcript(), ...b.transcript()]).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1']);
    b.owns(0, 2);
    expect(b.transcript()).toContain('data 1 k2 x');
  });

  it('an owner that speaks ends the back-off', () => {
    const { node, joins } = world(['a', 'b'], { limits: { hopsMax: 0 } });
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    joins(a);
    a.says(notOwner(1, 'b'));
    b.heard = [];
    b.owns(0, 2);
    expect(b.transcript()).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1 hops1', 'attached 0@2']);
  });

  it('survives a storm: every connection opens once for each notOwner', () => {
    const { node, joins } = world(['a'], { limits: { unauthenticatedSocketsMax: 1_000 } });
    const a = node('a');
    a.owns(0, 1);
    const many = 300;
    for (let i = 0; i < many; i++) joins(a);
    a.heard = [];
    a.says(...Array.from({ length: many }, (_, i) => notOwner(i + 1)));
    expect(a.all('open')).toHaveLength(many);
    a.owns(0, 2);
    expect(a.all('open')).toHaveLength(many);
    expect(a.transcript().at(-1)).toBe('attached 0@2');
  });
});

describe('where connections go', () => {
  it('by the ring when nobody has said anything', () => {
    const { node, connects } = world(['a', 'b']);
    connects(0);
    connects(1);
    expect(node('a').transcript()).toEqual(['open 1 QUIZ0000']);
    expect(node('b').transcript()).toEqual(['open 2 QUIZ0001']);
  });

  it('to the owner of the higher epoch, at once', () => {
    const { node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 3);
    joins(a);
    b.heard = [];
    b.owns(0, 2);
    expect(b.transcript()).toEqual([]);
    b.owns(0, 4);
    expect(b.transcript()).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1', 'attached 0@4']);
  });

  it('a lower epoch is believed only when there is nobody better: a journal may have been restored', () => {
    const { time, node, joins } = world();
    const a = node('a');
    a.owns(0, 9);
    joins(a);
    a.breakLink();
    time.advance(1_000);
    a.heard = [];
    a.owns(0, 1);
    expect(a.transcript()).toEqual(['attached 0@1']);
  });

  it('to the next node of the ring when a link breaks, and frames flow once it says that it owns the shard', () => {
    const { node, joins } = world(['a', 'b', 'c']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    const client = joins(a);
    b.heard = [];
    a.crash();
    client.says('x');
    expect(b.transcript()).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1']);
    b.owns(0, 2);
    expect(b.transcript()).toEqual(['data 1 k2 x', 'attached 0@2']);
  });

  it('a node that is silent but not dead loses its connections too', () => {
    const { time, node, joins } = world(['a', 'b']);
    const [a, b] = [node('a'), node('b')];
    a.owns(0, 1);
    joins(a);
    b.heard = [];
    a.beating = false;
    time.advance(1_400);
    expect(b.all('open')).toEqual([]);
    time.advance(300);
    expect(b.transcript()).toEqual(['open 1 QUIZ0000 s0 p0 bind:who1']);
  });

  it('a stall of the router itself breaks no link', () => {
    const { time, node, joins, router } = world();
    const a = node('a');
    a.owns(0, 1);
    joins(a);
    time.advance(500);
    time.freeze(60_000);
    time.fireDue();
    time.settle();
    time.advance(500);
    expect(router.counters.linksLost).toBe(0);
    expect(a.dials).toBe(1);
  });

  it('dials members as they come, and lets those that went be until their link breaks', () => {
    const { time, node, members, router } = world(['a']);
    members.set(['a', 'b']);
    time.settle();
    expect(router.nodes()).toEqual(['a', 'b']);
    members.set(['b']);
    expect(router.nodes()).toEqual(['a', 'b']);
    node('a').breakLink();
    time.advance(5_000);
    expect(router.nodes()).toEqual(['b']);
    expect(node('a').dials).toBe(1);
  });

  it('dials again with growing pauses', () => {
    const { time, node, notes, router } = world(['a']);
    const a = node('a');
    a.crash();
    time.advance(60_000);
    expect(router.counters).toMatchObject({ linksLost: 1, dialsFailed: a.dials - 1 });
    expect(notes.filter((note) => note === 'dial failed').length).toBeLessThan(9);
    expect(a.dials).toBeGreaterThan(55);
    expect(a.dials).toBeLessThan(130);
    a.up = true;
    time.advance(1_000);
    expect(a.linked).toBe(true);
  });

  it('refuses a node of another number of shards, and one with another name', () => {
    const other = world(['a', 'b'], { before: (nodes) => void Object.assign(nodes.get('b') ?? {}, { shards: 8 }) });
    expect(other.router.nodes()).toEqual(['a']);
    expect(other.notes).toContain('shards mismatch');
  });

  it('learns the number of shards from the first node, and admits nobody before', () => {
    const late = world(['a'], { shards: null, before: (nodes) => void Object.assign(nodes.get('a') ?? {}, { up: false }) });
    expect(late.router.ready).toBe(false);
    expect(late.router.admit('127.0.0.1')).toMatchObject({ reason: 'overload' });
    late.node('a').up = true;
    late.time.advance(2_000);
    expect(late.router.ready).toBe(true);
    expect(late.router.admit('127.0.0.1')).toBeNull();
  });

  it('answers where REST goes', () => {
    const { node, router } = world(['a', 'b']);
    expect(router.nodeOfSession('QUIZ0001')).toBe('b');
    node('a').owns(1, 1);
    expect(router.nodeOfSession('QUIZ0001')).toBe('a');
    expect(router.nodeOfShard(99)).toBeNull();
    node('a').crash();
    node('b').crash();
    expect(router.nodeOfSession('QUIZ0001')).toBeNull();
  });
});
