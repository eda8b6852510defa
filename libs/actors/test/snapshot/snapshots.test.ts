import { beforeEach, describe, expect, test } from '@jest/globals';
import { encodeRecord } from '../../src/log/record.js';
import { Cluster, type TestNode } from '../fakes/cluster.js';

let cluster: Cluster;
let node: TestNode;

const pointer = (id = 'x') => cluster.rows.get(0)?.entities.get(id)?.pointer;
const chunks = (id = 'x') => [...(cluster.rows.get(0)?.entities.get(id)?.chunks.keys() ?? [])];
const writes = () => node.snapshots.calls.filter((call) => /^(put|delete)/.test(call));

beforeEach(async () => {
  cluster = new Cluster();
  node = await cluster.start('a');
});

/** A store whose writes wait until `let` is called. */
function gateWrites(match: RegExp): { let: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  node.snapshots.beforeWrite = (call) => (match.test(call) ? opened : undefined);
  return { let: open };
}

describe('S1: snapshots', () => {
  test('at the end of a round: chunks first, the pointer last, labelled with the n that it contains', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    await node.ask('x', { type: 'save' });
    expect(writes()).toEqual(['putChunk h:3.1.1:0', 'putChunk p:round:0:3.1.1:0', 'putPointer 3']);
    expect(pointer()).toMatchObject({ entityId: 'x', n: 3, deadline: null });
  });

  test('the pointer is not written before every chunk is there', async () => {
    const gate = gateWrites(/putChunk p/);
    await node.ask('x', { type: 'save' });
    expect(writes()).toEqual(['putChunk h:2.1.1:0', 'putChunk p:round:0:2.1.1:0']);
    expect(pointer()).toBeUndefined();
    gate.let();
    await cluster.time.settle();
    expect(pointer()?.n).toBe(2);
  });

  test('a pointer of an earlier owner at the same n says the same: it is taken, and what was written beside it removed', async () => {
    cluster = new Cluster({ limits: { idleMs: 2_000 } });
    node = await cluster.start('a');
    const gate = gateWrites(/putPointer/);
    await node.ask('x', { type: 'save' });
    const old = node;
    cluster.nodes.delete('a'); // it goes on behind the back of the next one
    old.region.stop();
    node = await cluster.start('a');
    await cluster.time.advance(500);
    gate.let();
    await cluster.time.settle();
    expect(pointer()?.n).toBe(2);
    const before = chunks();
    await cluster.time.advance(20_000);
    expect(chunks()).toEqual(before);
    expect(node.region.stats()).toMatchObject({ hot: 0, entities: 1 });
  });

  test('what never changes again is written once; the last two heads are kept', async () => {
    for (let i = 0; i < 4; i++) await node.ask('x', { type: 'save' });
    expect(writes().filter((call) => call.includes('round'))).toHaveLength(4);
    expect(chunks().filter((key) => key.startsWith('h:'))).toHaveLength(2);
    expect(pointer()?.chunks).toHaveLength(5);
  });

  test('it waits at the gate: a state that was never accepted is not written', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    cluster.logs.get(0)!.records.push(encodeRecord({ kind: 'claim', epoch: 2, nonce: 'other', owner: 'b/1' }));
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(1_000);
    expect(writes()).toEqual([]);
  });

  test('it waits for the append that was started after it, not for the one in flight', async () => {
    node.journal.next('held', 'held');
    node.tell('x', { type: 'save' });
    await cluster.time.settle();
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(writes()).toEqual([]);
    node.journal.held[1]!.answer();
    await cluster.time.settle();
    expect(writes()).toHaveLength(3);
  });

  test('large states go in chunks, and come back whole', async () => {
    cluster = new Cluster({ limits: { chunkBytesMax: 100, idleMs: 1_000 } });
    node = await cluster.start('a');
    await node.ask('x', { type: 'fill', bytes: 950 });
    await node.ask('x', { type: 'save' });
    await node.ask('x', { type: 'add', by: 7 });
    await cluster.time.advance(10_000);
    expect(chunks().length).toBeGreaterThan(10);
    expect(node.region.stats()).toMatchObject({ hot: 0, entities: 1 });
    expect(await node.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 7 } });
    expect(node.counter.restores).toBe(1);
  });

  test('a store that is away: live games go on, snapshots wait, and are written when it is back', async () => {
    node.snapshots.down = true;
    await node.ask('x', { type: 'save' });
    expect(await node.ask('x', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
    await cluster.time.advance(60_000);
    expect(pointer()).toBeUndefined();
    node.snapshots.down = false;
    await cluster.time.advance(2_000);
    expect(pointer()?.n).toBeGreaterThanOrEqual(2);
  });

  test('what happens while one is under way is in the next one', async () => {
    const gate = gateWrites(/putPointer/);
    await node.ask('x', { type: 'save' });
    await node.ask('x', { type: 'add', by: 1 });
    await node.ask('x', { type: 'save' });
    expect(pointer()).toBeUndefined();
    gate.let();
    await cluster.time.settle();
    expect(node.snapshots.calls.filter((call) => call.startsWith('putPointer'))).toHaveLength(2);
    expect(pointer()?.n).toBe(5);
  });

  test('a pointer whose answer was lost is known again', async () => {
    let first = true;
    const put = node.snapshots.putPointer.bind(node.snapshots);
    node.snapshots.putPointer = async (...args) => {
      const written = await put(...args);
      if (!first) return written;
      first = false;
      throw new Error('timed out');
    };
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(1_000);
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(1_000);
    expect(chunks().filter((key) => key.startsWith('h:'))).toHaveLength(2);
    expect(pointer()?.n).toBe(4);
  });

  test('when the log has grown too far past its oldest event, an entity is snapshotted without being asked', async () => {
    cluster = new Cluster({ limits: { snapshotLogBytes: 10_000 } });
    node = await cluster.start('a');
    await node.ask('quiet', { type: 'add', by: 1 });
    for (let i = 0; i < 15; i++) await node.ask('busy', { type: 'fill', bytes: 1_000 });
    await cluster.time.advance(1_000);
    expect(pointer('quiet')).toMatchObject({ n: 2 });
  });

  test('a damaged chunk halts by name: the entity when it is loaded, the shard when it is recovered', async () => {
    cluster = new Cluster({ limits: { idleMs: 1_000 } });
    node = await cluster.start('a');
    await node.ask('x', { type: 'save' });
    await cluster.time.advance(5_000);
    const stored = cluster.rows.get(0)!.entities.get('x')!.chunks;
    for (const key of stored.keys()) stored.set(key, Buffer.from('damaged'));
    expect(await node.ask('x', { type: 'get' })).toEqual({ dropped: 'quarantined', hint: 'SNAPSHOT_CORRUPT' });
    expect(await node.ask('y', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
  });

  test('one that was removed leaves a pointer without chunks, and nothing in memory', async () => {
    await node.ask('x', { type: 'save' });
    await node.ask('x', { type: 'save' });
    await node.ask('x', { type: 'remove' });
    await cluster.time.settle();
    expect(pointer()?.chunks).toEqual([]);
    expect(chunks()).toEqual([]);
    expect(node.region.stats()).toMatchObject({ hot: 0, entities: 0 });
    cluster.kill('a');
    const again = await cluster.start('a');
    expect(await again.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 0 } });
    expect(again.region.stats()).toMatchObject({ entities: 0 });
  });
});
