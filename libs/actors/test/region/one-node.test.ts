import { expect, test } from '@jest/globals';
import { Cluster } from '../fakes/cluster.js';

test('given one node, when commands are told, then each is answered after its record is in the log', async () => {
  const cluster = new Cluster();
  const node = await cluster.start('a');
  expect(await node.ask('x', { type: 'add', by: 2 })).toMatchObject({ reply: { total: 2, n: 2 } });
  expect(await node.ask('x', { type: 'add', by: 3 })).toMatchObject({ reply: { total: 5, n: 3 } });
  expect(await node.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 5 } });
  expect(cluster.log().map(({ kind, n }) => [kind, n])).toEqual([['claim', undefined], ['fence', 1], ['turn', 2], ['turn', 3], ['fence', 4]]);
  expect(node.said).toEqual(['owned 0@1', 'reply x 2', 'out x added 2', 'reply x 5', 'out x added 5', 'reply x 5']);
});

test('given a node that was killed, when it starts again, then the state is what its log says, in a new epoch', async () => {
  const cluster = new Cluster();
  const node = await cluster.start('a');
  await node.ask('x', { type: 'add', by: 2 });
  cluster.kill('a');
  const again = await cluster.start('a');
  expect(await again.ask('x', { type: 'get' })).toMatchObject({ reply: { total: 2 } });
  expect(again.said[0]).toBe('owned 0@2');
});
