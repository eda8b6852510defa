import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ProbeAnswer } from '@ringmaster/actors';
import { answerPeers, HttpPeers, PEERS_PATH } from '@ringmaster/actors/adapters/http/peers';

const SECRET = 'secret-of-this-cluster';
let server: Server;
let address: string;
let asked: [number, number][];
let taken: number[];
let reply: () => ProbeAnswer;
const all: HttpPeers[] = [];

beforeEach(async () => {
  asked = [];
  taken = [];
  reply = () => 'owns';
  const handler = answerPeers({
    secret: SECRET,
    probe: (shard, epoch) => {
      asked.push([shard, epoch]);
      return reply();
    },
    take: async (shard) => {
      if (shard > 255) throw new RangeError(`there is no shard ${shard}`);
      taken.push(shard);
    },
    shards: () => [{ shard: 3, state: 'active', epoch: 2, n: 9, end: 12, replayFrom: 4, hot: 1, entities: 5 }],
  });
  server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await Promise.all(all.splice(0).map((each) => each.close()));
  server.closeAllConnections();
  server.close();
});

function peers(options: { secret?: string; timeoutMs?: number } = { secret: SECRET }): HttpPeers {
  const made = new HttpPeers({ addressOf: (node) => (node === 'node-1' ? address : undefined), ...options });
  all.push(made);
  return made;
}

test.each<ProbeAnswer>(['owns', 'claiming', 'no'])('the answer %s comes back, for the shard and epoch that were asked', async (answer) => {
  reply = () => answer;
  expect(await peers().probe('node-1', 17, 4)).toBe(answer);
  expect(asked).toEqual([[17, 4]]);
});

test('a shard is taken when the other node says that it is', async () => {
  await peers().take('node-1', 17);
  expect(taken).toEqual([17]);
  await expect(peers().take('node-1', 256)).rejects.toThrow('there is no shard 256');
});

test('what it says of its shards', async () => {
  expect(await peers().shards('node-1')).toEqual([{ shard: 3, state: 'active', epoch: 2, n: 9, end: 12, replayFrom: 4, hot: 1, entities: 5 }]);
});

test('whoever does not show the secret is not answered', async () => {
  await expect(peers({}).probe('node-1', 1, 1)).rejects.toThrow('401');
  await expect(peers({ secret: `${SECRET}!` }).probe('node-1', 1, 1)).rejects.toThrow('401');
  expect(asked).toEqual([]);
});

test('a node that is not known, not there, or does not answer in time', async () => {
  await expect(peers().probe('node-2', 1, 1)).rejects.toThrow('no node node-2 is known');
  const hanging = createServer(() => undefined);
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  const silent = new HttpPeers({ addressOf: () => `127.0.0.1:${(hanging.address() as AddressInfo).port}`, timeoutMs: 50 });
  all.push(silent);
  await expect(silent.probe('x', 1, 1)).rejects.toThrow();
  hanging.closeAllConnections();
  await new Promise((resolve) => hanging.close(resolve));
  await expect(silent.probe('x', 1, 1)).rejects.toThrow();
});

test.each(['probe', 'probe?shard=1', 'probe?shard=-1&epoch=1', 'probe?shard=1&epoch=x', 'probe?shard=1e9&epoch=1', 'probe?shard=1&epoch=1111111111111111', 'take?shard=1', 'other'])('a question without sense: GET %s', async (what) => {
  const response = await fetch(`http://${address}${PEERS_PATH}/${what}`, { headers: { authorization: `Bearer ${SECRET}` } });
  expect(response.status).toBe(400);
  expect([...asked, ...taken]).toEqual([]);
});
