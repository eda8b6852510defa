import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ProbeAnswer } from '@ringmaster/actors';
import { answerProbes, HttpPeers, PROBE_PATH } from '@ringmaster/actors/adapters/http/peers';

const SECRET = 'secret-of-this-cluster';
let server: Server;
let address: string;
let asked: [number, number][];
let reply: () => ProbeAnswer;
const all: HttpPeers[] = [];

beforeEach(async () => {
  asked = [];
  reply = () => 'owns';
  const handler = answerProbes({
    secret: SECRET,
    answer: (shard, epoch) => {
      asked.push([shard, epoch]);
      return reply();
    },
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

test.each(['', '?shard=1', '?shard=-1&epoch=1', '?shard=1&epoch=x', '?shard=1e9&epoch=1', '?shard=1&epoch=1111111111111111'])('a question without sense: %p', async (query) => {
  const response = await fetch(`http://${address}${PROBE_PATH}${query}`, { headers: { authorization: `Bearer ${SECRET}` } });
  expect(response.status).toBe(400);
  expect(asked).toEqual([]);
});
