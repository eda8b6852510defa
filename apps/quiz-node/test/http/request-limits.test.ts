import { afterEach, expect, test } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { limitRequests } from '../../src/http/request-limits.js';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const relaxed = { headersTimeoutMs: 60_000, requestTimeoutMs: 60_000, headerBytesMax: 1_024 };

/** What a client gets that sends `text` and no more, until the server closes. */
async function answerTo(text: string, limits: typeof relaxed): Promise<string> {
  server = createServer((request, response) => request.resume().on('end', () => response.end('served')));
  limitRequests(server, limits);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1', () => client.write(text));
  let got = '';
  client.on('data', (chunk: Buffer) => (got += chunk.toString()));
  await new Promise((resolve) => client.once('close', resolve));
  return got.split('\r\n', 1)[0] ?? '';
}

const begun = 'POST / HTTP/1.1\r\nHost: x\r\n';

test('headers that do not end in time', async () => {
  expect(await answerTo(begun, { ...relaxed, headersTimeoutMs: 50 })).toBe('HTTP/1.1 408 Request Timeout');
});

test('a body that does not end in time', async () => {
  expect(await answerTo(`${begun}Content-Length: 9\r\n\r\nhalf`, { ...relaxed, headersTimeoutMs: 50, requestTimeoutMs: 60 })).toBe('HTTP/1.1 408 Request Timeout');
});

test('headers that are too large, and those that are just not', async () => {
  const large = (bytes: number): string => `${begun}X-Large: ${'x'.repeat(bytes)}\r\nConnection: close\r\n\r\n`;
  expect(await answerTo(large(1_024), relaxed)).toBe('HTTP/1.1 431 Request Header Fields Too Large');
  server.close();
  expect(await answerTo(large(800), relaxed)).toBe('HTTP/1.1 200 OK');
});
