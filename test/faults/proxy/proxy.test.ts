import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Chance } from '../chance.js';
import { FaultyProxy, kafkaSpeaker } from './proxy.js';

/** Answers every message with itself, and remembers what it got. */
let echo: Server;
let got: string[];
let proxy: FaultyProxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  got = [];
  echo = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      got.push(bytes.toString());
      socket.write(bytes);
    });
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  const { port } = echo.address() as { port: number };
  proxy = new FaultyProxy({ upstream: () => port, chance: new Chance(1), speaker: (head) => /^(\w+):/.exec(head.toString())?.[1] });
  await proxy.listen();
});

afterEach(() => {
  proxy.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  echo.close();
});

async function dial(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function next(socket: Socket): Promise<string> {
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

/** A reset comes as an error, and then as the end. */
const gone = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));

describe('a proxy', () => {
  test('lets everything pass while nothing is said', async () => {
    const socket = await dial();
    socket.write('a: 1');
    expect(await next(socket)).toBe('a: 1');
  });

  test('loses the answer to what was done', async () => {
    const socket = await dial();
    proxy.set({ loseAnswer: 1 });
    socket.write('a: 1');
    await gone(socket);
    expect(got).toEqual(['a: 1']);
    expect(proxy.lost).toBe(1);
  });

  test('holds bytes back, and lets them go in order', async () => {
    const socket = await dial();
    socket.write('a: 1');
    await next(socket);
    proxy.set({ hold: 'toClient' });
    socket.write('two');
    while (got.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(socket.bytesRead).toBe(4);
    proxy.calm();
    expect(await next(socket)).toBe('two');
  });

  test('holds requests back: the server knows nothing of them', async () => {
    const [held, other] = [await dial(), await dial()];
    held.write('a: 1');
    other.write('b: 1');
    await Promise.all([next(held), next(other)]);
    proxy.set({ hold: 'toServer' }, 'a');
    held.write('a: 2');
    other.write('b: 2');
    await next(other);
    expect(got.slice(2)).toEqual(['b: 2']);
    proxy.calm('a');
    expect(await next(held)).toBe('a: 2');
  });

  test('is late', async () => {
    const socket = await dial();
    proxy.set({ delayMs: 60 });
    const began = performance.now();
    socket.write('a: 1');
    await next(socket);
    expect(performance.now() - began).toBeGreaterThanOrEqual(55);
  });

  test('refuses, and breaks what stands', async () => {
    const standing = await dial();
    proxy.set({ refuse: true });
    const refused = connect(proxy.port, '127.0.0.1');
    refused.on('error', () => undefined);
    await gone(refused);
    proxy.reset();
    await gone(standing);
  });

  test('has a weather of its own for one who says who it is', async () => {
    const [a, b] = [await dial(), await dial()];
    a.write('a: 1');
    b.write('b: 1');
    await Promise.all([next(a), next(b)]);
    proxy.set({ loseAnswer: 1 }, 'a');
    a.write('again');
    b.write('again');
    const [heard] = await Promise.all([next(b), gone(a)]);
    expect(heard).toBe('again');
  });
});

test('the name of a Kafka client is in the head of its requests', () => {
  const name = Buffer.from('node-1');
  const head = Buffer.alloc(14 + name.length);
  head.writeInt32BE(10 + name.length, 0);
  head.writeInt16BE(name.length, 12);
  name.copy(head, 14);
  expect(kafkaSpeaker(head)).toBe('node-1');
  expect(kafkaSpeaker(head.subarray(0, 16))).toBeUndefined();
});
