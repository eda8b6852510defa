/** What a node makes of records that no router of ours would send, or that come when nothing fits them any more. */
import { beforeEach, expect, test } from '@jest/globals';
import type { LinkHandlers } from '@ringmaster/actors';
import { decodeLinkFrame, LinkWriter, type NodeRecord, type RouterRecord } from '@ringmaster/protocol';
import { host, join } from './stage/play.js';
import { World } from './stage/world.js';

let world: World;
let handlers: LinkHandlers;
let got: NodeRecord[];
let closed: boolean;

beforeEach(async () => {
  world = await World.open();
  await world.create();
  got = [];
  closed = false;
  handlers = world.node.edge.accept({
    send: (frame) => {
      const decoded = decodeLinkFrame(frame, 'node');
      if (decoded.ok) got.push(...decoded.records);
    },
    bufferedBytes: () => 0,
    close: () => {
      closed = true;
    },
  });
  handlers.onOpen();
});

async function say(...records: RouterRecord[]): Promise<void> {
  const writer = new LinkWriter('router');
  for (const record of records) writer.append(record);
  handlers.onFrame(writer.take());
  await world.time.settle();
}
const hello = { r: 'linkHello', router: 'router-9', boot: 'b' } as const;
const open = { r: 'open', conn: 1, connId: 'c', sessionId: '7K3M9QRT', remote: '::1', ownerOffset: 0, ownerEpoch: 0, ownerSeenAt: 0, hops: 0 } as const;

test('a router is told who the node is, whom it knows and what it owns', async () => {
  await say(hello);
  expect(got).toEqual([
    { r: 'linkWelcome', node: 'node-0', boot: 'boot1', shards: 1 },
    { r: 'members', nodes: [{ name: 'node-0', address: '127.0.0.1:1' }] },
    { r: 'owner', shard: 0, epoch: 1, offset: expect.any(Number) },
  ]);
});

test('L6: a node whose journal does not answer does not call itself the owner', async () => {
  const deaf = await World.open((inner) => ({
    append: (shard, records) => (world === deaf ? new Promise(() => undefined) : inner.append(shard, records)),
    read: (...range) => inner.read(...range), ends: (shards) => inner.ends(shards), trim: (shard, below) => inner.trim(shard, below), close: () => inner.close(),
  }));
  world = deaf;
  deaf.router.owners.clear();
  deaf.router.link(deaf.node.edge);
  await deaf.time.advance(1_000);
  expect(deaf.router.owners.size).toBe(0);
});

test('a clock is answered with the node\'s own', async () => {
  await say(hello, { r: 'clock', now: 5, mono: 77.5 });
  expect(got).toContainEqual({ r: 'beat', mono: world.time.mono(), echo: 77.5 });
});

test.each([
  ['a record before linkHello', () => say(open)],
  ['garbage', async () => handlers.onFrame(Buffer.from([9, 9, 9]))],
])('%s ends the link', async (_, act) => {
  await act();
  expect(closed).toBe(true);
});

test('records for a connection that is not open are ignored', async () => {
  await say(hello);
  const before = got.length;
  await say({ r: 'data', conn: 7, k: 1, recvAt: 0, flags: 0, bytes: Buffer.from('{}') }, { r: 'rtt', conn: 7, minMs: 1, samples: 1 }, { r: 'close', conn: 7, code: 1000 });
  expect(got).toHaveLength(before);
  expect(closed).toBe(false);
});

test('a bind that cannot be read makes the client connect again', async () => {
  await say(hello, { ...open, bind: Buffer.from('?'), s: 0, p: 0 });
  expect(got).toContainEqual({ r: 'close', conn: 1, code: 4000 });
});

test('a link that ends takes its connections along, and others stay', async () => {
  const boss = await host(world);
  await say(hello, open);
  expect(world.node.edge.presence.of('7K3M9QRT')?.sockets).toBe(2);
  handlers.onClose('gone');
  expect(world.node.edge.presence.of('7K3M9QRT')?.sockets).toBe(1);
  expect(world.node.edge.routers).toEqual(['router-0']);
  await join(world, 'Ada');
  expect(boss.closeCode).toBeNull();
});
