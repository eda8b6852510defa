import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { Game } from './harness/game.js';
import { Client, closeClients } from './harness/player.js';
import { Product } from './harness/product.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

const closeCode = async (client: Client): Promise<number> => (await client.closed()).code;

describe('before hello', () => {
  it.each([
    ['no JSON', 'hello?', 100],
    ['an array', '[]', 100],
    ['null', 'null', 100],
    ['no id', '{"t":"hello","d":{}}', 100],
    ['another command', '{"t":"answer.submit","id":1,"d":{"answerId":"x","qid":"q1","value":"a"}}', 103],
    ['sync', '{"t":"sync","id":1,"d":{"t0":1}}', 103],
  ])('%s: an error and 4500', async (_, text, code) => {
    const game = await Game.of(product);
    const client = await game.connect();
    if (code === 103) client.sendText(text, { id: 1, t: 'sync' });
    else client.sendText(text);
    expect((await client.sees('err')).d.code).toBe(code);
    expect(await closeCode(client)).toBe(4500);
  });

  it('a binary frame: 100 and 4500', async () => {
    const client = await (await Game.of(product)).connect();
    client.sendText(Buffer.from('{"t":"hello","id":1,"d":{"role":"spectator"}}'));
    expect((await client.sees('err')).d.code).toBe(100);
    expect(await closeCode(client)).toBe(4500);
  });

  it('nothing for 3 s: 4501', async () => {
    const client = await (await Game.of(product)).connect();
    const since = performance.now();
    expect(await closeCode(client)).toBe(4501);
    expect(performance.now() - since).toBeGreaterThan(2_500);
  });

  it('a malformed hello: 102, and another one on the same socket is heard', async () => {
    const client = await (await Game.of(product)).connect();
    expect((await client.hello({ role: 'king' as 'host' })).d['code']).toBe(102);
    expect((await client.hello({ role: 'player', nickname: 'Cy', joinId: 'x'.repeat(65) })).d['code']).toBe(102);
    expect((await client.hello({ role: 'player', nickname: 'Cy', joinId: 'cy' })).t).toBe('welcome');
    expect((await client.hello({ role: 'player', nickname: 'Cy', joinId: 'cy' })).d['code']).toBe(102);
    expect(client.isOpen).toBe(true);
  });
});

describe('after welcome', () => {
  it('what is malformed is refused by its own code, and the connection stays', async () => {
    const game = await Game.of(product);
    const cases: readonly [string, number][] = [
      ['', 100], ['{', 100], ['"text"', 100], ['[1]', 100], ['{"id":5}', 100], ['{"t":7,"id":5}', 100],
      ['{"t":"sync","id":-1,"d":{"t0":1}}', 100], ['{"t":"sync","id":1.5,"d":{"t0":1}}', 100], ['{"t":"sync","id":4294967296,"d":{"t0":1}}', 100], ['{"t":"sync","id":"1","d":{"t0":1}}', 100],
      ['{"t":"no.such","id":900}', 101], ['{"t":"__proto__","id":901}', 101], ['{"t":"toString","id":902}', 101],
      ['{"t":"sync","id":903,"d":[]}', 102], ['{"t":"sync","id":904,"d":null}', 102], ['{"t":"answer.submit","id":905,"d":"x"}', 102], ['{"t":"sync","id":906,"d":{"t0":"1"}}', 102],
    ];
    for (const [text, code] of cases) {
      const client = await game.join('Cy', 'cy');
      const id = /"t":"[^"]+","id":(9\d\d)/.exec(text)?.[1];
      if (id !== undefined) client.sendText(text, { id: Number(id), t: 'sync' });
      else if (/"id":5/.test(text)) client.sendText(text, { id: 5, t: 'sync' });
      else client.sendText(text);
      expect([text, (await client.sees('err')).d.code]).toEqual([text, code]);
      expect(await client.ok('sync', { t0: 1 })).toMatchObject({ t0: 1 });
    }
  });

  it('a frame over 4 KiB closes with 1009, and one of 4 KiB does not', async () => {
    const { ada } = await Game.of(product);
    const frame = (bytes: number) => `{"t":"sync","id":77,"d":{"t0":1,"x":"${'x'.repeat(bytes - 40)}"}}`;
    expect(Buffer.byteLength(frame(4_096))).toBe(4_096);
    ada.sendText(frame(4_096), { id: 77, t: 'sync' });
    expect((await ada.reply(77)).t).toBe('ok');
    ada.sendText(frame(4_097), 'never');
    expect(await closeCode(ada)).toBe(1009);
  });

  it('JSON as deep as 4 KiB allow is refused, and nothing breaks', async () => {
    const { ada } = await Game.of(product);
    ada.sendText(`{"t":"sync","id":77,"d":${'['.repeat(2_000)}${']'.repeat(2_000)}}`, { id: 77, t: 'sync' });
    expect((await ada.reply(77)).d['code']).toBe(102);
    ada.sendText('['.repeat(4_096));
    expect((await ada.sees('err', (frame) => frame.re === undefined)).d.code).toBe(100);
  });

  it('a binary frame: 100, then 4500', async () => {
    const { ada } = await Game.of(product);
    ada.sendText(Buffer.from('{"t":"sync","id":1,"d":{"t0":1}}'));
    expect((await ada.sees('err')).d.code).toBe(100);
    expect(await closeCode(ada)).toBe(4500);
  });

  it('the 20th refusal within a minute closes with 4500', async () => {
    const game = await Game.of(product, { timing: { startMs: 0, readMs: 0 } });
    const host = await game.hostSocket();
    for (let refusal = 1; refusal <= 20; refusal += 1) {
      expect(host.isOpen).toBe(true);
      host.sendText('nonsense');
      await host.sees('err');
    }
    expect(await closeCode(host)).toBe(4500);
  });

  it('too many frames: 110, and after 20 of these 4005', async () => {
    const { ada } = await Game.of(product);
    let refused = 0;
    while (refused < 20) if ((await ada.reply(ada.send('sync', { t0: 0 }))).t === 'err') refused += 1;
    expect(ada.got('ok').length).toBeGreaterThanOrEqual(10);
    expect(ada.got('err').map(({ d }) => d.code)).toEqual(Array.from({ length: 20 }, () => 110));
    expect(ada.got('err')[0]?.d).toMatchObject({ name: 'RATE_LIMITED', retry: true });
    while (ada.isOpen) await ada.reply(ada.send('sync', { t0: 0 })).catch(() => undefined);
    expect(await closeCode(ada)).toBe(4005);
    expect((await ada.resume()).playerId).toBe(ada.playerId);
  });

  it('a flood that waits for nothing: 4005 at once; the others do not notice', async () => {
    const { ada, bob } = await Game.of(product);
    for (let frame = 0; frame < 1_000; frame += 1) ada.send('sync', { t0: frame });
    expect(await closeCode(ada)).toBe(4005);
    expect(await bob.ok('sync', { t0: 1 })).toMatchObject({ t0: 1 });
    expect((await ada.resume()).playerId).toBe(ada.playerId);
  });

  it('10 frames at once are no flood', async () => {
    const { ada } = await Game.of(product);
    const ids = Array.from({ length: 10 }, (_, t0) => ada.send('sync', { t0 }));
    expect((await Promise.all(ids.map((id) => ada.reply(id)))).map(({ t }) => t)).toEqual(ids.map(() => 'ok'));
  });
});

describe('the socket itself', () => {
  it('speaks quiz.v1.json, or is not asked', async () => {
    const { id } = await Game.of(product);
    const upgrade = (protocols: string[], headers: Record<string, string> = {}) =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(`${product.url.replace('http', 'ws')}/v1/play/${id}`, protocols, { headers });
        socket.once('open', () => (resolve(101), socket.terminate()));
        socket.once('unexpected-response', (_, response) => (resolve(response.statusCode ?? 0), socket.terminate()));
        socket.on('error', () => undefined);
      });
    expect(await upgrade(['quiz.v1.json'])).toBe(101);
    expect(await upgrade([])).toBe(101);
    expect(await upgrade(['chat'])).toBe(400);
    expect(await upgrade(['quiz.v1.json'], { origin: 'https://evil.example' })).toBe(403);
    expect(await upgrade(['quiz.v1.json'], { origin: product.url })).toBe(101);
  });

  it.each([
    ['invalid UTF-8 in a text frame', [frame(0x81, Buffer.from([0xff, 0xfe]))], 1007],
    ['a frame that is not masked', [Buffer.from([0x81, 0x02, 0x7b, 0x7d])], 1002],
    ['a reserved opcode', [frame(0x83, Buffer.from('{}'))], 1002],
    ['a reserved bit', [frame(0xc1, Buffer.from('{}'))], 1002],
    ['a message in three fragments', [frame(0x01, Buffer.from('{"t":')), frame(0x00, Buffer.from('"sync",')), frame(0x80, Buffer.from('"id":1}'))], 1008],
    ['a length of 2^40', [Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])], 1009],
  ])('%s closes it', async (_, frames, code) => {
    const { id, bob } = await Game.of(product);
    expect(await rawClose(id, frames)).toBe(code);
    expect(await bob.ok('sync', { t0: 1 })).toMatchObject({ t0: 1 });
  });

  it('takes a hello in two fragments', async () => {
    const { id } = await Game.of(product);
    const text = '{"t":"hello","id":1,"d":{"role":"spectator"}}';
    const frames = [frame(0x01, Buffer.from(text.slice(0, 20))), frame(0x80, Buffer.from(text.slice(20)))];
    expect(await rawReply(id, frames)).toContain('"t":"welcome"');
  });
});

/** A client's frame by RFC 6455, section 5.2, masked with zeros. */
function frame(first: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** Upgrades by hand and sends the bytes. `done` gets what comes after the upgrade, until it returns something. */
function raw<T>(sessionId: string, frames: readonly Buffer[], done: (bytes: Buffer) => T | undefined): Promise<T> {
  const { hostname, port } = new URL(product.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let got = Buffer.alloc(0);
    let upgraded = false;
    socket.write(`GET /v1/play/${sessionId} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      const end = got.indexOf('\r\n\r\n');
      if (!upgraded && end < 0) return;
      if (!upgraded) {
        upgraded = true;
        got = got.subarray(end + 4);
        for (const bytes of frames) socket.write(bytes);
      }
      const result = done(got);
      if (result === undefined) return;
      resolve(result);
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`closed after ${got.toString('latin1')}`)));
  });
}

const rawClose = (id: string, frames: readonly Buffer[]): Promise<number> =>
  raw(id, frames, (bytes) => {
    const at = bytes.lastIndexOf(0x88);
    return at >= 0 && bytes.length >= at + 4 ? bytes.readUInt16BE(at + 2) : undefined;
  });
const rawReply = (id: string, frames: readonly Buffer[]): Promise<string> => raw(id, frames, (bytes) => (bytes.length > 20 ? bytes.toString('latin1') : undefined));
