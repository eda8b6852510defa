import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Peers, ShardReport } from '@ringmaster/actors';
import { noPeers } from '@ringmaster/actors/adapters/static/membership';
import { startNode, type TestNode } from './node.js';

let node: TestNode;
let words: Record<string, readonly ShardReport[]>;
let moved: [number, string][];
let takes = true;

const members = ['gone', 'node-0', 'node-1'].map((name) => ({ name, boot: `boot-${name}`, address: `${name}:1` }));
const peers: Peers = { ...noPeers, shards: async (name) => words[name] ?? Promise.reject(new Error('no answer')) };

beforeAll(async () => {
  words = { 'node-1': [{ shard: 3, state: 'active', epoch: 9, n: 40, end: 70, replayFrom: 50, hot: 1, entities: 2 }] };
  moved = [];
  node = await startNode({
    rest: {
      cluster: {
        membership: { view: () => ({ version: 7, nodes: members, routers: ['router-0'] }) },
        peers,
        shards: 4,
        placement: () => ['node-0', 'node-1', 'node-1', 'gone'],
        reports: () => [{ shard: 0, state: 'active', epoch: 2, n: 5, end: 9, replayFrom: 9, hot: 0, entities: 0 }, { shard: 1, state: 'halted', halt: 'JOURNAL_GAP' }, { shard: 3, state: 'active', epoch: 4 }],
        move: async (shard, to) => takes && moved.push([shard, to]) > 0,
      },
    },
  });
});
afterAll(() => node.stop());

test('nodes: who is there, whether it answers, what it owns and what the ring gives it', async () => {
  const { status, json } = await node.ask('GET', '/v1/admin/nodes');
  expect(status).toBe(200);
  expect(json).toMatchObject({
    answeredBy: 'node-0', version: 7, routers: ['router-0'],
    nodes: [
      { name: 'gone', boot: 'boot-gone', address: 'gone:1', reachable: false, owned: 0, byRing: 1 },
      { name: 'node-0', reachable: true, owned: 2, halted: 1, byRing: 1 },
      { name: 'node-1', reachable: true, owned: 1, halted: 0, byRing: 2 },
    ],
  });
});

test('shards: the owner of the highest epoch, how far it is, and who did not answer', async () => {
  const { json } = await node.ask('GET', '/v1/admin/shards');
  expect(json).toEqual({
    answeredBy: 'node-0',
    unreachable: ['gone'],
    shards: [
      { shard: 0, state: 'active', owner: 'node-0', byRing: 'node-0', epoch: 2, n: 5, end: 9, replayFrom: 9, lag: 0, hot: 0, entities: 0 },
      { shard: 1, state: 'halted', owner: 'node-0', byRing: 'node-1', halt: 'JOURNAL_GAP' },
      { shard: 2, state: 'unowned', owner: null, byRing: 'node-1' },
      { shard: 3, state: 'active', owner: 'node-1', byRing: 'gone', epoch: 9, n: 40, end: 70, replayFrom: 50, lag: 20, hot: 1, entities: 2 },
    ],
  });
});

test('move: one shard, to a node that is there', async () => {
  expect(await node.ask('POST', '/v1/admin/shards/2:move', { body: { to: 'node-1' } })).toMatchObject({ status: 200, json: { shard: 2, from: 'node-0', to: 'node-1' } });
  expect(moved).toEqual([[2, 'node-1']]);
  expect((await node.ask('POST', '/v1/admin/shards/2:move', { body: { to: 'node-0' } })).status).toBe(409);
  expect((await node.ask('POST', '/v1/admin/shards/2:move', { body: { to: 'nobody' } })).status).toBe(422);
  expect((await node.ask('POST', '/v1/admin/shards/4:move', { body: { to: 'node-1' } })).status).toBe(404);
  expect((await node.ask('POST', '/v1/admin/shards/x:move', { body: { to: 'node-1' } })).status).toBe(404);
  expect(moved).toHaveLength(1);
});

test('move: a node that cannot take the shard now does not get it, which is said', async () => {
  takes = false;
  const refused = await node.ask('POST', '/v1/admin/shards/2:move', { body: { to: 'node-1' } });
  expect(refused).toMatchObject({ status: 503, json: { code: 503, detail: 'node-1 cannot take the shard now; it stays where it is' } });
  expect(refused.headers.get('retry-after')).toBe('1');
});

test('drain: this node begins; another is named, one that nobody knows is not found', async () => {
  expect(await node.ask('POST', '/v1/admin/nodes/node-0:drain')).toMatchObject({ status: 202, json: { node: 'node-0' } });
  expect(node.drains).toHaveLength(1);
  const other = await node.ask('POST', '/v1/admin/nodes/node-1:drain');
  expect(other.status).toBe(503);
  expect(other.headers.get('x-ringmaster-owner')).toBe('node-1');
  expect((await node.ask('POST', '/v1/admin/nodes/nobody:drain')).status).toBe(404);
  expect(node.drains).toHaveLength(1);
});
