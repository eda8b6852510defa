import { beforeEach, describe, expect, test } from '@jest/globals';
import { Cluster, type TestNode } from '../fakes/cluster.js';

let cluster: Cluster;
let node: TestNode;

const stats = () => node.region.stats();

beforeEach(async () => {
  cluster = new Cluster({ limits: { idleMs: 5_000 } });
  node = await cluster.start('a');
});

describe('S4: passivation', () => {
  test('idle: put into the store, out of memory, and back at the first command', async () => {
    await node.ask('x', { type: 'add', by: 3 });
    expect(stats()).toMatchObject({ hot: 1, entities: 1 });
    await cluster.time.advance(7_000);
    expect(stats()).toMatchObject({ hot: 0, entities: 1 });
    expect(await node.ask('x', { type: 'add', by: 4 })).toMatchObject({ reply: { total: 7 } });
    expect(node.counter.restores).toBe(1);
  });

  test('in use: it stays', async () => {
    for (let i = 0; i < 10; i++) {
      await node.ask('x', { type: 'add', by: 1 });
      await cluster.time.advance(2_000);
    }
    expect(stats()).toMatchObject({ hot: 1 });
    expect(node.snapshots.calls).not.toContain('putPointer 2');
  });

  test('one that may not be put away stays until it may', async () => {
    node.counter.mayPassivateNow = false;
    await node.ask('x', { type: 'add', by: 1 });
    await cluster.time.advance(20_000);
    expect(stats()).toMatchObject({ hot: 1 });
    node.counter.mayPassivateNow = true;
    node.region.touch('x');
    await cluster.time.advance(10_000);
    expect(stats()).toMatchObject({ hot: 0 });
  });

  test('its pointer must cover it: while the store is away it stays, and nothing is lost', async () => {
    node.snapshots.down = true;
    await node.ask('x', { type: 'add', by: 1 });
    await cluster.time.advance(20_000);
    expect(stats()).toMatchObject({ hot: 1 });
    node.snapshots.down = false;
    await cluster.time.advance(20_000);
    expect(stats()).toMatchObject({ hot: 0 });
    expect(await node.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 1 } });
  });

  test('a command that arrives while its snapshot is written keeps it in memory', async () => {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    node.snapshots.beforeWrite = (call) => (call.startsWith('putPointer') ? opened : undefined);
    await node.ask('x', { type: 'add', by: 1 });
    await cluster.time.advance(6_000);
    await node.ask('x', { type: 'add', by: 1 });
    open();
    await cluster.time.advance(1_000);
    expect(stats()).toMatchObject({ hot: 1 });
    expect(await node.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 2 } });
  });

  test('a load that gives a lower n is read again', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    await cluster.time.advance(7_000);
    const old = structuredClone(cluster.rows.get(0)!.entities.get('x')!.pointer!);
    await node.ask('x', { type: 'add', by: 1 });
    await cluster.time.advance(12_000);
    expect(stats()).toMatchObject({ hot: 0 });
    const get = node.snapshots.getPointer.bind(node.snapshots);
    let stale = 2;
    node.snapshots.getPointer = (...args) => (stale-- > 0 ? Promise.resolve(old) : get(...args));
    const asked = node.tell('x', { type: 'get' });
    await cluster.time.advance(3_000);
    expect(asked.outcome).toMatchObject({ reply: { total: 2 } });
  });

  test('commands that arrive while it loads wait, and keep their order', async () => {
    await node.ask('x', { type: 'add', by: 1 });
    await cluster.time.advance(7_000);
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    node.snapshots.beforeRead = () => opened;
    const asked = [node.tell('x', { type: 'add', by: 10 }), node.tell('x', { type: 'get' })];
    await cluster.time.settle();
    expect(asked.map(({ outcome }) => outcome)).toEqual(['pending', 'pending']);
    open();
    await cluster.time.settle();
    expect(asked.map(({ outcome }) => outcome)).toMatchObject([{ reply: { total: 11 } }, { reply: { total: 11 } }]);
  });

  test('a deadline of a passive entity loads it and fires', async () => {
    await node.ask('x', { type: 'open', forMs: 60_000, behindReceived: false });
    await cluster.time.advance(10_000);
    expect(stats()).toMatchObject({ hot: 0 });
    await cluster.time.advance(51_000);
    expect(node.said).toContain('out x closed 0');
  });

  test('above hotMax the least recently used go, long before they are idle', async () => {
    cluster = new Cluster({ limits: { hotMax: 3 } });
    node = await cluster.start('a');
    for (let i = 0; i < 8; i++) await node.ask(`x${i}`, { type: 'add', by: i });
    await node.ask('x0', { type: 'add', by: 0 });
    await cluster.time.advance(1_000);
    expect(stats()).toMatchObject({ hot: 3, entities: 8 });
    const before = node.counter.restores;
    await node.ask('x0', { type: 'get' });
    await node.ask('x7', { type: 'get' });
    expect(node.counter.restores).toBe(before);
    expect(await node.ask('x1', { type: 'get' })).toMatchObject({ reply: { total: 1 } });
    expect(node.counter.restores).toBe(before + 1);
  });

  test('an entity of which nothing was journaled is dropped after its turn', async () => {
    for (let i = 0; i < 100; i++) await node.ask(`nobody${i}`, { type: 'get' });
    expect(stats()).toMatchObject({ hot: 0, entities: 0 });
  });

  test('at most loadsMax loads at once', async () => {
    cluster = new Cluster({ limits: { idleMs: 1_000, loadsMax: 3 } });
    node = await cluster.start('a');
    for (let i = 0; i < 20; i++) await node.ask(`x${i}`, { type: 'add', by: i });
    await cluster.time.advance(5_000);
    let reading = 0;
    let most = 0;
    node.snapshots.beforeRead = async () => {
      most = Math.max(most, ++reading);
      await new Promise((resolve) => setImmediate(resolve));
      reading--;
    };
    const asked = Array.from({ length: 20 }, (_, i) => node.tell(`x${i}`, { type: 'get' }));
    for (let i = 0; i < 100; i++) await cluster.time.settle();
    expect(asked.map(({ outcome }) => (outcome as { reply: { total: number } }).reply.total)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(most).toBe(3);
  });
});
