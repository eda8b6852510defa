import { beforeEach, describe, expect, test } from '@jest/globals';
import { Cluster, type TestNode } from '../fakes/cluster.js';

let cluster: Cluster;
let node: TestNode;

const eventTypes = () => cluster.log().flatMap(({ events }) => ((events ?? []) as { type: string }[]).map(({ type }) => type));

beforeEach(async () => {
  cluster = new Cluster();
  node = await cluster.start('a');
});

describe('supervision', () => {
  test.each(['decide', 'evolve', 'outputs', 'reply'] as const)('a throw in %s: the command comes back, and the state is what the journal says', async (where) => {
    await node.ask('x', { type: 'add', by: 5 });
    expect(await node.ask('x', { type: 'throw', where })).toEqual({ dropped: 'faulted', hint: 'FAULTED' });
    expect(await node.ask('x', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 6 } });
    expect(eventTypes()).toEqual(['added', 'added']);
    expect(node.faults).toMatchObject([{ entityId: 'x', quarantined: false }]);
  });

  test('records of its earlier turns that are still on their way stay part of it', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    node.journal.next('held');
    const flying = node.tell('x', { type: 'add', by: 10 });
    await cluster.time.settle();
    const gathered = node.tell('x', { type: 'add', by: 100 });
    const poison = node.tell('x', { type: 'throw', where: 'evolve' });
    const later = node.tell('x', { type: 'add', by: 1_000 });
    await cluster.time.settle();
    expect([flying, gathered, poison, later].map(({ outcome }) => outcome)).toEqual(['pending', 'pending', 'pending', 'pending']);
    node.journal.held[0]!.answer();
    await cluster.time.settle();
    expect([flying, gathered, poison, later].map(({ outcome }) => outcome)).toMatchObject([
      { reply: { total: 11 } },
      { reply: { total: 111 } },
      { dropped: 'faulted' },
      { reply: { total: 1_111 } },
    ]);
  });

  test('the rebuild begins with the snapshot and skips what it contains', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    await node.ask('x', { type: 'save' });
    await node.ask('x', { type: 'add', by: 1 });
    await node.ask('x', { type: 'throw', where: 'evolve' });
    expect(await node.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 2 } });
    expect(node.counter.restores).toBe(1);
  });

  test('a snapshot that lands while it rebuilds leaves no hole', async () => {
    const gate = (): { opened: Promise<void>; open: () => void } => {
      let open: () => void = () => undefined;
      return { opened: new Promise<void>((resolve) => (open = resolve)), open: () => open() };
    };
    const [pointer, read] = [gate(), gate()];
    node.snapshots.beforeWrite = (call) => (call.startsWith('putPointer') ? pointer.opened : undefined);
    await node.ask('x', { type: 'add', by: 1 });
    await node.ask('x', { type: 'save' });
    await node.ask('x', { type: 'add', by: 10 });
    node.snapshots.getPointer = () => read.opened.then(() => undefined); // what stood there before
    await node.ask('x', { type: 'throw', where: 'evolve' });
    pointer.open();
    await cluster.time.settle();
    read.open();
    expect(await node.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 11 } });
  });

  test('three faults in a row quarantine this entity, and this one only', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    for (let i = 0; i < 3; i++) expect(await node.ask('x', { type: 'throw', where: 'decide' })).toMatchObject({ dropped: 'faulted' });
    expect(await node.ask('x', { type: 'get' })).toEqual({ dropped: 'quarantined', hint: 'FAULTED' });
    expect(await node.ask('y', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 1 } });
    expect(node.faults.map(({ quarantined }) => quarantined)).toEqual([false, false, true]);
  });

  test('a good turn between them begins the count again', async () => {
    for (let i = 0; i < 5; i++) {
      await node.ask('x', { type: 'throw', where: 'decide' });
      expect(await node.ask('x', { type: 'add', by: 1 })).toMatchObject({ reply: { total: i + 1 } });
    }
  });

  test('an event that cannot be replayed quarantines its entity in recovery; the others are served', async () => {
    node.counter.poisonThrows = false;
    await node.ask('x', { type: 'throw', where: 'evolve' });
    await node.ask('y', { type: 'add', by: 1 });
    cluster.kill('a');
    const again = await cluster.start('a');
    await cluster.time.advance(5_000);
    expect(await again.ask('x', { type: 'get' })).toMatchObject({ dropped: 'quarantined' });
    expect(await again.ask('y', { type: 'get' })).toMatchObject({ reply: { total: 1 } });
    await cluster.time.advance(60_000);
    const poison = cluster.log().findIndex(({ entityId }) => entityId === 'x');
    expect(cluster.rows.get(0)?.replayFrom?.offset ?? 0).toBeLessThanOrEqual(poison);
  });

  test('what was queued behind the last fault comes back too', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    for (let i = 0; i < 2; i++) await node.ask('x', { type: 'throw', where: 'decide' });
    const poison = node.tell('x', { type: 'throw', where: 'decide' });
    const queued = node.tell('x', { type: 'get' });
    await cluster.time.settle();
    expect([poison.outcome, queued.outcome]).toMatchObject([{ dropped: 'faulted' }, { dropped: 'quarantined' }]);
    expect(node.region.stats().mailboxed).toBe(0);
  });

  test('a turn whose record is too large is undone, and nothing of it is written', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    expect(await node.ask('x', { type: 'fill', bytes: 300 * 1024 })).toEqual({ dropped: 'faulted', hint: 'TURN_TOO_LARGE' });
    expect(await node.ask('x', { type: 'add', by: 1 })).toMatchObject({ reply: { total: 2 } });
    expect(eventTypes()).toEqual(['added', 'added']);
  });

  test('deadlines of a rebuilt entity fire', async () => {
    await node.ask('x', { type: 'open', forMs: 5_000, behindReceived: false });
    await node.ask('x', { type: 'throw', where: 'decide' });
    await cluster.time.advance(5_000);
    expect(eventTypes()).toEqual(['opened', 'closed']);
  });
});
