/** A broker that takes connections and says nothing: nobody waits for it longer than was asked for, and nothing is left behind. */
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clients, TestTopic } from './topics.js';

let server: Server;
let port: number;
const open = new Set<Socket>();
let emptied = (): void => undefined;

beforeEach(async () => {
  server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined).resume();
    socket.on('close', () => {
      open.delete(socket);
      if (open.size === 0) emptied();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe.each(clients)('$name', (client) => {
  test('opening ends as a time-out, and its connections are closed', async () => {
    const topic = new TestTopic([`127.0.0.1:${port}`], 4, client);
    const closed = new Promise<void>((resolve) => (emptied = resolve));
    const short = { connectTimeoutMs: 100, requestTimeoutMs: 100, replicationTimeoutMs: 50 };
    await expect(topic.open(short)).rejects.toMatchObject({ name: 'JournalError', kind: 'unknown', code: 'JOURNAL_TIMEOUT' });
    await closed;
  });
});
