import { describe, expect, test } from '@jest/globals';
import { encodeRecord } from '../../src/log/record.js';
import { placeShards } from '../../src/placement/ring.js';
import { Cluster, type TestNode } from '../fakes/cluster.js';

const kinds = (cluster: Cluster, shard: number) => cluster.log(shard).map(({ kind, owner }) => (kind === 'claim' ? `claim ${String(owner)}` : kind));
/** A shard that the ring of `names` gives to `owner`. */
const shardOn = (owner: string, names: readonly string[], shards: number) => placeShards(names, shards).indexOf(owner);

async function pair(shards = 16): Promise<{ cluster: Cluster; a: TestNode; b: TestNode }> {
  const cluster = new Cluster({ shards });
  const a = await cluster.start('a');
  const b = await cluster.start('b');
  return { cluster, a, b };
}

describe('O1: every shard has an owner', () => {
  test('a single node claims all its shards at once, in few requests', async () => {
    const cluster = new Cluster({ shards: 64 });
    const a = await cluster.start('a');
    expect(a.region.ownedShards()).toHaveLength(64);
  });

  test('a node that died: its shards are claimed by the one to which the ring gives them, without any command', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    const owned = b.region.ownedShards();
    expect(owned.length + a.region.ownedShards().length).toBe(16);
    cluster.kill('b');
    cluster.publish(['a']);
    await cluster.time.advance(2_000);
    expect(a.region.ownedShards()).toHaveLength(16);
  });

  test('failover needs no membership: a router’s command at another node is enough', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    const shard = shardOn('b', ['a', 'b'], 16);
    const id = cluster.idIn(shard);
    expect(await b.ask(id, { type: 'add', by: 3 })).toMatchObject({ reply: { total: 3 } });
    cluster.kill('b');
    const asked = a.tell(id, { type: 'add', by: 4 });
    await cluster.time.advance(900);
    expect(asked.outcome).toMatchObject({ reply: { total: 7 } });
  });
});

describe('O2: an owner that answers for its shard is left alone', () => {
  test('asked for it, another node says who owns it, and claims nothing', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    const shard = shardOn('b', ['a', 'b'], 16);
    expect(await a.ask(cluster.idIn(shard), { type: 'get' })).toEqual({ dropped: 'notOwner', hint: 'b' });
    expect(b.region.ownership(shard)).toMatchObject({ kind: 'active' });
    expect(kinds(cluster, shard).at(-1)).not.toBe('claim a/boot1');
  });

  test('alive, but without the shard: it is claimed', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    const shard = shardOn('b', ['a', 'b'], 16);
    b.region.stop();
    expect(await a.ask(cluster.idIn(shard), { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
  });

  test('one failure is not enough', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    const shard = shardOn('b', ['a', 'b'], 16);
    const answer = b.region.probeAnswer.bind(b.region);
    let failures = 1;
    b.region.probeAnswer = (...args) => {
      if (failures-- > 0) throw new Error('lost');
      return answer(...args);
    };
    const asked = a.tell(cluster.idIn(shard), { type: 'get' });
    await cluster.time.advance(1_000);
    expect(asked.outcome).toEqual({ dropped: 'notOwner', hint: 'b' });
  });

  test('a node named by the highest claim that is not active claims anew', async () => {
    const cluster = new Cluster();
    cluster.logs.set(0, { start: 0, records: [encodeRecord({ kind: 'claim', epoch: 4, nonce: 'n', owner: 'a/boot1' })] });
    const a = await cluster.start('a');
    expect(a.said).toEqual(['owned 0@5']);
    expect(a.probes).toEqual([]);
  });

  test('fenced, it waits before it claims again, and meanwhile points to the other', async () => {
    const cluster = new Cluster({ limits: { fencedJitterMsMin: 4_000, fencedJitterMsMax: 4_000 } });
    const a = await cluster.start('a');
    cluster.logs.get(0)!.records.push(encodeRecord({ kind: 'claim', epoch: 2, nonce: 'n', owner: 'gone/1' }));
    await cluster.time.advance(1_000);
    expect(await a.ask('x', { type: 'get' })).toEqual({ dropped: 'notOwner', hint: 'gone' });
    await cluster.time.advance(3_900);
    expect(a.region.ownedShards()).toEqual([]);
    await cluster.time.advance(200);
    expect(a.region.ownedShards()).toEqual([0]);
  });

  test('probeAnswer: owns at its epoch or a lower one, claiming while a claim is under way, else no', async () => {
    const cluster = new Cluster();
    const starting = cluster.start('a');
    const a = cluster.nodes.get('a')!;
    a.journal.next('held');
    expect(a.region.probeAnswer(0, 0)).toBe('no');
    await starting;
    expect(a.region.probeAnswer(0, 1)).toBe('claiming');
    a.journal.held[0]!.answer();
    await cluster.time.settle();
    expect([0, 1, 2].map((epoch) => a.region.probeAnswer(0, epoch))).toEqual(['owns', 'owns', 'no']);
  });
});

describe('O3: hand-off', () => {
  test('a new node gets what the ring gives it; the source flushes, says that it moves, and appends `released`', async () => {
    const { cluster, a, b } = await pair();
    const placement = placeShards(['a', 'b'], 16);
    expect(a.region.ownedShards()).toHaveLength(16);
    await cluster.time.advance(15_000);
    expect(b.region.ownedShards()).toEqual(placement.flatMap((name, shard) => (name === 'b' ? [shard] : [])));
    const shard = placement.indexOf('b');
    expect(kinds(cluster, shard).filter((kind) => kind !== 'fence')).toEqual(['claim a/boot1', 'released', 'claim b/boot2']);
    expect(a.said.indexOf(`moving ${shard}`)).toBeLessThan(a.said.indexOf(`lost ${shard} b`));
  });

  test('what is durable is answered, what waits goes back with a hint, and nothing is lost', async () => {
    const { cluster, a, b } = await pair();
    const shard = shardOn('b', ['a', 'b'], 16);
    const id = cluster.idIn(shard);
    await a.ask(id, { type: 'add', by: 1 });
    a.journal.next('held');
    const flying = a.tell(id, { type: 'add', by: 10 });
    await cluster.time.settle();
    const released = a.region.move(shard, 'b');
    await cluster.time.settle();
    const waiting = a.tell(id, { type: 'add', by: 100 });
    await cluster.time.settle();
    a.journal.held[0]!.answer();
    await released;
    await cluster.time.settle();
    expect(flying.outcome).toMatchObject({ reply: { total: 11 } });
    expect(waiting.outcome).toEqual({ dropped: 'notOwner', hint: 'b' });
    expect(await b.ask(id, { type: 'add', by: 100 })).toMatchObject({ reply: { total: 111 } });
  });

  test('by order, against the ring: the other node has it, and keeps it until the ring changes', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    const shard = shardOn('a', ['a', 'b'], 16);
    const id = cluster.idIn(shard);
    await a.ask(id, { type: 'add', by: 1 });
    expect(a.region.reports().find((report) => report.shard === shard)).toMatchObject({ state: 'active', epoch: 1, hot: 1, entities: 1 });
    const moved = a.region.move(shard, 'b');
    await cluster.time.settle();
    await moved;
    expect(b.region.ownership(shard)).toMatchObject({ kind: 'active' });
    expect(await a.ask(id, { type: 'get' })).toEqual({ dropped: 'notOwner', hint: 'b' });
    expect(await b.ask(id, { type: 'add', by: 1 })).toMatchObject({ reply: { total: 2 } });
    await cluster.time.advance(60_000);
    expect(b.region.ownedShards()).toContain(shard);
    cluster.publish(['a', 'b']);
    await cluster.time.advance(15_000);
    expect(a.region.ownedShards()).toContain(shard);
    expect(kinds(cluster, shard).filter((kind) => kind !== 'fence' && kind !== 'turn')).toEqual([
      'claim a/boot1', 'released', 'claim b/boot2', 'released', 'claim a/boot1',
    ]);
  });

  test('it waits for a phase in which nobody loses time, but not for ever', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    const shard = shardOn('a', ['a', 'b'], 16);
    const id = cluster.idIn(shard);
    await a.ask(id, { type: 'open', forMs: 2_000, behindReceived: false });
    const short = a.region.move(shard, 'b');
    await cluster.time.advance(1_900);
    expect(a.region.ownedShards()).toContain(shard);
    await cluster.time.advance(200);
    await short;
    expect(b.region.ownedShards()).toContain(shard);
    await b.ask(id, { type: 'open', forMs: 60_000, behindReceived: false });
    const long = b.region.move(shard, 'a');
    await cluster.time.advance(3_100);
    await long;
    expect(a.region.ownedShards()).toContain(shard);
  });

  test('to a node that is not there nothing is handed over: it stays, and goes on', async () => {
    const { cluster, a } = await pair();
    await cluster.time.advance(15_000);
    const shard = shardOn('a', ['a', 'b'], 16);
    expect(await a.region.move(shard, 'c')).toBe(false);
    expect(await a.ask(cluster.idIn(shard), { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
    expect(kinds(cluster, shard)).not.toContain('released');
  });

  test('a node that could not recover it does not get it, be it by order or by the ring; when it can again, the ring is followed', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    const shard = shardOn('a', ['a', 'b'], 16);
    b.snapshots.down = true;
    const refused = a.region.move(shard, 'b');
    await cluster.time.advance(1_100);
    expect(await refused).toBe(false);
    expect(a.region.ownership(shard)).toMatchObject({ kind: 'active' });
    b.snapshots.down = false;
    await cluster.time.advance(2_000);
    const moved = a.region.move(shard, 'b');
    await cluster.time.settle();
    expect(await moved).toBe(true);
    // The ring gives it back to a, which has read its log, and cannot read what else a recovery needs.
    a.snapshots.down = true;
    cluster.publish(['a', 'b']);
    await cluster.time.advance(30_000);
    expect(b.region.ownedShards()).toContain(shard);
    expect(await b.ask(cluster.idIn(shard), { type: 'add', by: 2 })).toMatchObject({ reply: { total: 2 } });
    a.snapshots.down = false;
    await cluster.time.advance(15_000);
    expect(a.region.ownedShards()).toContain(shard);
  });

  test('a node that claims nothing does not get it: it may not have joined yet', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    b.region.stop();
    const shard = shardOn('a', ['a', 'b'], 16);
    expect(await a.region.move(shard, 'b')).toBe(false);
    expect(await a.ask(cluster.idIn(shard), { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
  });

  test('a node that ends lets go, although nobody can take over now', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    b.snapshots.down = true;
    const draining = a.region.drain();
    await cluster.time.advance(20_000);
    await draining;
    expect(a.region.ownedShards()).toEqual([]);
    b.snapshots.down = false;
    await cluster.time.advance(5_000);
    expect(b.region.ownedShards()).toHaveLength(16);
  });

  test('a node that was fenced before does not wait to claim what is handed over to it', async () => {
    const cluster = new Cluster({ shards: 16, limits: { fencedJitterMsMin: 5_000, fencedJitterMsMax: 5_000 } });
    const a = await cluster.start('a');
    const b = await cluster.start('b');
    await cluster.time.advance(15_000);
    const shard = shardOn('a', ['a', 'b'], 16);
    await b.ask(cluster.idIn(shard), { type: 'get' });
    const there = a.region.move(shard, 'b');
    await cluster.time.settle();
    expect(await there).toBe(true);
    const log = cluster.logs.get(shard)!;
    log.records.push(encodeRecord({ kind: 'claim', epoch: 3, nonce: 'n', owner: 'a/boot1' }));
    await cluster.time.advance(1_000);
    expect(b.region.ownedShards()).not.toContain(shard);
    await a.ask(cluster.idIn(shard), { type: 'add', by: 1 });
    expect(a.region.ownedShards()).toContain(shard);
    const back = a.region.move(shard, 'b');
    await cluster.time.settle();
    expect(await back).toBe(true);
    expect(b.region.ownedShards()).toContain(shard);
  });

  test('asked for twice, it is done once', async () => {
    const cluster = new Cluster();
    const a = await cluster.start('a');
    const released = Promise.all([a.region.move(0, ''), a.region.move(0, '')]);
    await cluster.time.settle();
    await released;
    expect(kinds(cluster, 0).filter((kind) => kind === 'released')).toHaveLength(1);
  });

  test('nothing is appended behind `released` by the one who released', async () => {
    const cluster = new Cluster();
    const a = await cluster.start('a');
    await a.ask('x', { type: 'save' });
    const released = a.region.move(0, '');
    a.tell('x', { type: 'get' });
    await cluster.time.settle();
    await released;
    const before = kinds(cluster, 0);
    expect(before.at(-1)).toBe('released');
    await cluster.time.advance(900);
    expect(kinds(cluster, 0)).toEqual(before);
  });

  test('drain: every shard is released, and none is claimed again', async () => {
    const { cluster, a, b } = await pair();
    await cluster.time.advance(15_000);
    const draining = a.region.drain();
    await cluster.time.advance(1_000);
    await draining;
    expect(a.region.ownedShards()).toEqual([]);
    const shard = shardOn('a', ['a', 'b'], 16);
    expect(await a.ask(cluster.idIn(shard), { type: 'get' })).toEqual({ dropped: 'notOwner', hint: 'b' });
    expect(await b.ask(cluster.idIn(shard), { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
    await cluster.time.advance(30_000);
    expect(a.region.ownedShards()).toEqual([]);
  });

  test('stop: what waits is given back, and nothing more is written', async () => {
    const cluster = new Cluster();
    const a = await cluster.start('a');
    a.journal.next('held');
    const asked = a.tell('x', { type: 'add', by: 1 });
    await cluster.time.settle();
    a.region.stop();
    expect(asked.outcome).toEqual({ dropped: 'notOwner', hint: '' });
    const appends = a.journal.appends;
    await cluster.time.advance(60_000);
    expect(a.journal.appends).toBe(appends);
  });
});
