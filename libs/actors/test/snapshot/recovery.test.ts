import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { encodeRecord } from '../../src/log/record.js';
import { Cluster, type ClusterOptions, type TestNode } from '../fakes/cluster.js';

let cluster: Cluster;
let node: TestNode;

const replayFrom = () => cluster.rows.get(0)?.replayFrom;

async function given(options: ClusterOptions = {}): Promise<void> {
  cluster = new Cluster(options);
  node = await cluster.start('a');
}

/** Ends the node without a word and starts it again. */
async function restart(prepare: (next: TestNode) => void = () => undefined): Promise<TestNode> {
  cluster.kill('a');
  const starting = cluster.start('a');
  prepare(cluster.nodes.get('a')!);
  await starting;
  await cluster.time.advance(2_500);
  return (node = cluster.nodes.get('a')!);
}

describe('S2: replayFrom', () => {
  beforeEach(() => given({ limits: { replayFromEveryMs: 1_000 } }));

  test('nothing dirty: behind the last accepted record, with the state of the rule there', async () => {
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(1_000);
    const end = cluster.log().length;
    expect(replayFrom()).toMatchObject({ offset: end, n: cluster.log().at(-1)!.n, epoch: 1, owner: 'a/boot1' });
  });

  test('below every event outside a snapshot, and before what was accepted after the snapshot was taken', async () => {
    await node.ask('x', { type: 'save' });
    await node.ask('y', { type: 'add', by: 1 });
    const offsetOfY = cluster.log().findIndex(({ entityId }) => entityId === 'y');
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(3_000);
    expect(replayFrom()).toMatchObject({ offset: offsetOfY, n: Number(cluster.log()[offsetOfY]!.n) - 1 });
  });

  test('events accepted while a snapshot is under way stay above it', async () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    node.snapshots.beforeWrite = (call) => (call.startsWith('putPointer') ? opened : undefined);
    await node.ask('x', { type: 'save' });
    await node.ask('x', { type: 'add', by: 1 });
    const offset = cluster.log().length - 1;
    await node.ask('x', { type: 'get' });
    open();
    await cluster.time.advance(2_000);
    expect(replayFrom()).toMatchObject({ offset });
    const again = await restart();
    expect(await again.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 1 } });
  });

  test('monotone: a slow write of an earlier owner does not take it back', async () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    node.snapshots.beforeWrite = (call) => (call.startsWith('putReplayFrom') ? opened : undefined);
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(1_000);
    node.region.stop();
    cluster.nodes.delete('a');
    await cluster.start('a');
    await cluster.time.advance(3_000);
    const later = replayFrom();
    open();
    await cluster.time.settle();
    expect(later?.epoch).toBe(2);
    expect(replayFrom()).toEqual(later);
  });

  test('S5: the log is trimmed below a stored replayFrom only where mayTrim allows it', async () => {
    let allowed = false;
    const asked: number[] = [];
    await given({ limits: { replayFromEveryMs: 1_000 }, mayTrim: (_shard, below) => (asked.push(below), allowed) });
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(1_000);
    expect([cluster.logs.get(0)!.start, asked]).toEqual([0, [replayFrom()!.offset]]);
    allowed = true;
    await node.ask('x', { type: 'save' });
    await node.ask('dirty', { type: 'add', by: 1 });
    const offset = cluster.log().length - 1;
    await node.ask('x', { type: 'add', by: 0 });
    await cluster.time.advance(3_000);
    expect([cluster.logs.get(0)!.start, replayFrom()!.offset]).toEqual([offset, offset]);
    const again = await restart();
    expect(await again.ask('x', { type: 'add', by: 3 })).toMatchObject({ reply: { total: 3 } });
  });

  test('T1: a clock does not fall below the last journaled time though the log is gone', async () => {
    await given({ limits: { replayFromEveryMs: 1_000 }, mayTrim: () => true });
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(3_000);
    const before = Number(cluster.rows.get(0)!.replayFrom!.at);
    cluster.time.stepWall(-3_600_000);
    const again = await restart();
    const answer = await again.ask('x', { type: 'add', by: 1 });
    expect((answer as { reply: { at: number } }).reply.at).toBeGreaterThanOrEqual(before);
  });
});

describe('S3: recovery', () => {
  beforeEach(() => given({ limits: { replayFromEveryMs: 1_000 } }));

  test('snapshot and log together give the state; what the snapshot contains is not applied again', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    await node.ask('x', { type: 'save' });
    await node.ask('x', { type: 'add', by: 10 });
    const again = await restart();
    expect(await again.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 11 } });
    expect(again.counter.restores).toBe(1);
  });

  test('the state after a replay is the state before, event by event', async () => {
    for (const id of ['x', 'y', 'z']) {
      await node.ask(id, { type: 'add', by: 1 });
      await node.ask(id, { type: 'fill', bytes: 10 });
      if (id !== 'y') await node.ask(id, { type: 'save' });
      await node.ask(id, { type: 'add', by: 2 });
    }
    const again = await restart();
    for (const id of ['x', 'y', 'z']) expect(await again.ask(id, { type: 'get' })).toMatchObject({ reply: { total: 3 } });
  });

  test('replayFrom is read before the pointers', async () => {
    await node.ask('x', { type: 'save' });
    const again = await restart();
    const reads = again.snapshots.calls.filter((call) => call === 'getReplayFrom' || call === 'pointers');
    expect(reads).toEqual(['getReplayFrom', 'getReplayFrom', 'pointers']);
  });

  test('sessions without events since their snapshot are not loaded; their deadlines fire', async () => {
    await node.ask('x', { type: 'open', forMs: 20_000, behindReceived: false });
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(2_000);
    const again = await restart();
    expect(again.region.stats()).toMatchObject({ hot: 0, entities: 1 });
    await cluster.time.advance(60_000);
    expect(cluster.log().some(({ events }) => (events as { type: string }[] | undefined)?.some(({ type }) => type === 'closed'))).toBe(true);
  });

  test('a log that was trimmed while it read: it starts again from a fresh replayFrom', async () => {
    await node.ask('x', { type: 'add', by: 4 });
    cluster.kill('a');
    const starting = cluster.start('a');
    const next = cluster.nodes.get('a')!;
    let reads = 0;
    next.snapshots.beforeRead = (call) => {
      if (call !== 'pointers' || reads++ > 0) return undefined;
      // A late snapshot and a late trim of the owner before, between the two reads.
      cluster.rows.set(0, { entities: new Map(), replayFrom: { offset: 3, n: 2, epoch: 1, owner: 'a/boot1' } });
      const head = Buffer.from(JSON.stringify({ id: 'x', total: 4, closesAt: null, behindReceived: false, chain: 0, chainAt: 0, text: '', rounds: 0, lastAt: 1, exists: true, history: [] }));
      cluster.rows.get(0)!.entities.set('x', {
        pointer: { entityId: 'x', n: 2, deadline: null, chunks: [{ key: 'h:2.1.1:0', bytes: head.length, crc: crc32(head) }] },
        chunks: new Map([['h:2.1.1:0', head]]),
      });
      const log = cluster.logs.get(0)!;
      log.records = log.records.slice(3);
      log.start = 3;
      return undefined;
    };
    await starting;
    await cluster.time.advance(3_000);
    expect(next.snapshots.calls.filter((call) => call === 'getReplayFrom')).toHaveLength(3);
    expect(await next.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 4 } });
  });

  test('a log that starts above the fresh replayFrom too halts by name', async () => {
    await node.ask('x', { type: 'add', by: 4 });
    cluster.kill('a');
    const log = cluster.logs.get(0)!;
    log.records = log.records.slice(2);
    log.start = 2;
    const again = await cluster.start('a');
    await cluster.time.advance(3_000);
    expect(again.region.ownership(0)).toMatchObject({ kind: 'halted', code: 'JOURNAL_GAP' });
  });

  test('a chunk that vanished while it read: it starts again; one that stays away halts by name', async () => {
    await node.ask('x', { type: 'save' });
    await node.ask('x', { type: 'add', by: 1 });
    const chunks = cluster.rows.get(0)!.entities.get('x')!.chunks;
    const [key] = [...chunks.keys()];
    const bytes = chunks.get(key!)!;
    chunks.delete(key!);
    let misses = 0;
    const again = await restart((next) => {
      next.snapshots.beforeRead = (call) => {
        if (call === `getChunk ${key}` && ++misses === 2) chunks.set(key!, bytes);
        return undefined;
      };
    });
    expect(await again.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 1 } });
    chunks.delete(key!);
    cluster.kill('a');
    const third = await cluster.start('a');
    await cluster.time.advance(20_000);
    expect(third.region.ownership(0)).toMatchObject({ kind: 'halted', code: 'SNAPSHOT_MISSING' });
  });

  test('a replayFrom of a later epoch: somebody else owns it, and nothing is said', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    cluster.kill('a');
    const starting = cluster.start('a');
    const next = cluster.nodes.get('a')!;
    let reads = 0;
    next.snapshots.beforeRead = (call) => {
      if (call === 'getReplayFrom' && ++reads === 2) cluster.rows.set(0, { entities: new Map(), replayFrom: { offset: 9, n: 9, epoch: 7, owner: 'b/1' } });
      return undefined;
    };
    await starting;
    await cluster.time.settle();
    expect(next.said).toEqual([]);
    expect(next.region.ownership(0).kind).toBe('other');
  });

  test('while the store is away a shard without owner waits for it', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    cluster.kill('a');
    const starting = cluster.start('a');
    const next = cluster.nodes.get('a')!;
    next.snapshots.down = true;
    await starting;
    const asked = next.tell('x', { type: 'get' });
    await cluster.time.advance(30_000);
    expect(asked.outcome).toBe('pending');
    next.snapshots.down = false;
    await cluster.time.advance(4_000);
    expect(asked.outcome).toMatchObject({ reply: { total: 1 } });
  });

  test('records that were refused by the rule leave no trace', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    const records = cluster.logs.get(0)!.records;
    records.push(encodeRecord({ kind: 'claim', epoch: 2, nonce: 'q', owner: 'b/1' }));
    records.push(encodeRecord({ kind: 'turn', epoch: 1, n: 3, at: 1, entityId: 'x', v: 1, events: [{ type: 'added', by: 100 }] }));
    const again = await restart();
    expect(await again.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 1 } });
  });
});
