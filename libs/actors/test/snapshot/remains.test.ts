/** What a removed entity leaves in the store, and for how long: who removes it, in which order, and what happens when somebody dies on the way. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SnapshotPointer } from '@ringmaster/actors';
import { Cluster, type TestNode } from '../fakes/cluster.js';

const TOMBSTONE_MS = 60_000;
/** Number of the record with the end of `x`, behind a record and a fence of each of its snapshots. */
const END = 6;

let cluster: Cluster;
let node: TestNode;

const stored = (id = 'x') => cluster.rows.get(0)?.entities.get(id);
const pointer = (id = 'x') => stored(id)?.pointer;
const chunks = (id = 'x') => [...(stored(id)?.chunks.keys() ?? [])];
const called = (pattern: RegExp): string[] => node.snapshots.calls.filter((call) => pattern.test(call));
const replayN = () => cluster.rows.get(0)?.replayFrom?.n ?? 0;

/** Chunks of `x` that no pointer names: their writer has died. */
const litter = (...keys: string[]): void => keys.forEach((key) => stored()!.chunks.set(key, Buffer.from('left behind')));

async function restart(prepare: (next: TestNode) => void = () => undefined): Promise<void> {
  cluster.kill('a');
  const starting = cluster.start('a');
  node = cluster.nodes.get('a')!;
  prepare(node);
  await starting;
  await cluster.time.advance(2_500);
}

/** A write that waits until `let` is called. */
function held(match: RegExp): { let: () => void; beforeWrite: (call: string) => Promise<void> | undefined } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { let: open, beforeWrite: (call) => (match.test(call) ? opened : undefined) };
}

beforeEach(async () => {
  cluster = new Cluster({ limits: { replayFromEveryMs: 1_000, idleMs: 3_600_000, tombstoneMs: TOMBSTONE_MS } });
  node = await cluster.start('a');
  await node.ask('x', { type: 'save' });
  await node.ask('x', { type: 'save' });
});

describe('S1: the chunks of what was removed', () => {
  test('all go, also those that no pointer names; the tombstone says when', async () => {
    litter('h:1.1.9:0', 'p:round:7:2.1.9:0');
    await node.ask('x', { type: 'remove' });
    expect(chunks()).toEqual([]);
    expect(pointer()).toEqual({ entityId: 'x', n: END, deadline: null, chunks: [], goneAt: cluster.time.wall() } satisfies SnapshotPointer);
  });

  test('the tombstone is written first: a snapshot without its chunks would stop a recovery', async () => {
    await node.ask('x', { type: 'remove' });
    expect(called(/putPointer 6|deleteChunks/).at(-2)).toBe(`putPointer ${END}`);
    expect(called(/putPointer 6|deleteChunks/).at(-1)).toBe('deleteChunks');
  });

  test('what a later life of the same id has written stays', async () => {
    litter('h:99.1.1:0', 'h:3.1.9:0');
    await node.ask('x', { type: 'remove' });
    expect(chunks()).toEqual(['h:99.1.1:0']);
  });

  test('S2: replayFrom passes the end only when they are gone', async () => {
    node.snapshots.beforeWrite = held(/deleteChunks/).beforeWrite;
    await node.ask('x', { type: 'remove' });
    await cluster.time.advance(5_000);
    expect(pointer()?.chunks).toEqual([]);
    expect(replayN()).toBeLessThan(END);
  });

  test('an owner that dies between tombstone and chunks leaves them to the next one, which moves replayFrom afterwards', async () => {
    node.snapshots.beforeWrite = held(/deleteChunks/).beforeWrite;
    await node.ask('x', { type: 'remove' });
    expect(chunks()).not.toEqual([]);
    const next = held(/deleteChunks/);
    await restart(({ snapshots }) => (snapshots.beforeWrite = next.beforeWrite));
    await node.ask('y', { type: 'save' });
    await cluster.time.advance(5_000);
    expect(replayN()).toBeLessThan(END);
    next.let();
    await cluster.time.advance(2_500);
    expect(chunks()).toEqual([]);
    expect(replayN()).toBeGreaterThan(END);
  });

  test('an owner that dies before the tombstone leaves that to the next one, at once and not when it is idle', async () => {
    node.snapshots.beforeWrite = held(/putPointer 6/).beforeWrite;
    await node.ask('x', { type: 'remove' });
    expect(pointer()?.n).toBe(4);
    await restart();
    expect(pointer()).toMatchObject({ n: END, chunks: [] });
    expect(chunks()).toEqual([]);
    expect(node.region.stats()).toMatchObject({ hot: 0, entities: 0 });
  });

  test('L6: the next owner removes nothing before it has passed the gate', async () => {
    node.snapshots.beforeWrite = held(/deleteChunks/).beforeWrite;
    await node.ask('x', { type: 'remove' });
    const left = chunks();
    await restart(({ journal }) => journal.next('answered', 'held')); // its claim, and what comes next
    expect(chunks()).toEqual(left);
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect(chunks()).toEqual([]);
  });
});

describe('the tombstone', () => {
  beforeEach(async () => {
    await node.ask('x', { type: 'remove' });
    await node.ask('y', { type: 'save' });
    await cluster.time.advance(5_000);
    expect(replayN()).toBeGreaterThan(END);
  });

  test('stays for tombstoneMs: an old pointer that comes late is refused', async () => {
    await cluster.time.advance(TOMBSTONE_MS / 2);
    await restart();
    expect(pointer()).toMatchObject({ n: END, chunks: [] });
    expect(await node.snapshots.putPointer(0, { entityId: 'x', n: 4, deadline: null, chunks: [] })).toBe(false);
  });

  test('goes with the first recovery after that, with whatever a dead owner has left beside it: chunks first', async () => {
    litter('h:2.1.9:0');
    await cluster.time.advance(TOMBSTONE_MS);
    await restart();
    expect(pointer()).toBeUndefined();
    expect(chunks()).toEqual([]);
    expect(called(/delete/)).toEqual(['deleteChunks', `deletePointer ${END}`]);
    expect(await node.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 0 } });
  });

  test('stays where a crash came between its chunks and itself', async () => {
    await cluster.time.advance(TOMBSTONE_MS);
    await restart(({ snapshots }) => (snapshots.beforeWrite = held(/deletePointer/).beforeWrite));
    expect(pointer()?.n).toBe(END);
    await restart();
    expect(pointer()).toBeUndefined();
  });

  test('goes only if nothing newer stands there by then', async () => {
    await cluster.time.advance(TOMBSTONE_MS);
    const removal = held(/deletePointer/);
    await restart(({ snapshots }) => (snapshots.beforeWrite = removal.beforeWrite));
    await node.ask('x', { type: 'save' });
    const newer = pointer()!.n;
    removal.let();
    await cluster.time.settle();
    expect(pointer()?.n).toBe(newer);
    await restart();
    expect(await node.ask('x', { type: 'add', by: 2 })).toMatchObject({ reply: { total: 2 } });
  });

  test('without a time stays: nobody knows how long it has stood there', async () => {
    const { entityId, n, deadline } = pointer()!;
    stored()!.pointer = { entityId, n, deadline, chunks: [] };
    await cluster.time.advance(TOMBSTONE_MS);
    await restart();
    expect(pointer()?.n).toBe(END);
  });
});

test('S3: a tombstone above replayFrom stays however old it is, for the replay meets what it covers', async () => {
  await node.ask('quiet', { type: 'add', by: 1 }); // holds replayFrom back
  node.snapshots.beforeWrite = held(/putChunk.*|putReplayFrom.*/).beforeWrite;
  await node.ask('x', { type: 'add', by: 1 });
  await node.ask('x', { type: 'remove' });
  await cluster.time.advance(2 * TOMBSTONE_MS);
  expect(pointer()?.chunks).toEqual([]);
  const { n } = pointer()!;
  await restart();
  expect(pointer()?.n).toBe(n);
  expect(await node.ask('quiet', { type: 'get' })).toMatchObject({ reply: { total: 1 } });
});
