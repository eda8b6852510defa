import { afterEach, describe, expect, it } from '@jest/globals';
import { Door } from './door.js';

let door: Door;
afterEach(() => door.close());

const PLAY = '/v1/play/7K3M-9QRT';

/** The status of a refused upgrade. */
async function refused(...args: Parameters<Door['dial']>): Promise<{ status: number | null; retryAfter: unknown; type: unknown }> {
  const caller = door.dial(...args);
  await door.until(() => caller.status !== null || caller.opened);
  return { status: caller.status, retryAfter: caller.headers['retry-after'], type: caller.headers['content-type'] };
}

describe('the door', () => {
  it.each(['/v1/play/7K3M9QRT', '/v1/play/7k3m-9qrt', '/v1/play/7K3M%209QRT', '/v1/play/7k3m9qrt?from=qr'])('reads the session id of %s', async (path) => {
    door = await Door.open();
    const caller = door.dial(path);
    await door.until(() => caller.opened);
    expect(door.guests).toMatchObject([{ sessionId: '7K3M9QRT', remote: '127.0.0.1' }]);
    expect(caller.socket.protocol).toBe('quiz.v1.json');
    expect(caller.socket.extensions).toBe('');
  });

  it('takes a client that names no subprotocol', async () => {
    door = await Door.open();
    const caller = door.dial(PLAY, {}, []);
    await door.until(() => caller.opened);
    expect(caller.socket.protocol).toBe('');
  });

  it('finds its subprotocol among others', async () => {
    door = await Door.open();
    const caller = door.dial(PLAY, {}, ['other', 'quiz.v1.json']);
    await door.until(() => caller.opened);
    expect(caller.socket.protocol).toBe('quiz.v1.json');
  });

  it('refuses an unknown subprotocol with 400', async () => {
    door = await Door.open();
    expect(await refused(PLAY, {}, ['quiz.v9'])).toMatchObject({ status: 400, type: 'application/problem+json' });
    expect(door.asked).toEqual([]);
  });

  it.each(['/', '/v1/play', '/v1/play/', '/v1/play/7K3M9QRT/more', '/v2/play/7K3M9QRT'])('answers 404 at %s', async (path) => {
    door = await Door.open();
    expect(await refused(path)).toMatchObject({ status: 404 });
  });

  it('lets in pages of its own origin and of the list, and no others', async () => {
    door = await Door.open({ allowedOrigins: ['https://quiz.example'] });
    for (const origin of [`http://127.0.0.1:${door.port}`, `https://127.0.0.1:${door.port}`, 'https://quiz.example']) {
      const caller = door.dial(PLAY, { origin });
      await door.until(() => caller.opened);
    }
    for (const origin of ['https://quiz.example.evil', 'http://quiz.example', 'null', `ftp://127.0.0.1:${door.port}`]) {
      expect(await refused(PLAY, { origin })).toMatchObject({ status: 403 });
    }
  });

  it('lets in all pages when told so', async () => {
    door = await Door.open({ allowedOrigins: null });
    const caller = door.dial(PLAY, { origin: 'https://anywhere.example' });
    await door.until(() => caller.opened);
  });

  it('refuses for overload with 503 and a time to wait', async () => {
    door = await Door.open();
    door.refusal = { reason: 'overload', retryAfterS: 7 };
    expect(await refused(PLAY)).toEqual({ status: 503, retryAfter: '7', type: 'application/problem+json' });
    door.refusal = { reason: 'address', retryAfterS: 1 };
    expect(await refused(PLAY)).toMatchObject({ status: 503, retryAfter: '1' });
    expect(door.guests).toEqual([]);
  });

  it('believes as many proxies as it is told, and no more', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7, 192.0.2.1' };
    for (const [trustedProxies, remote] of [[0, '127.0.0.1'], [1, '192.0.2.1'], [2, '198.51.100.7'], [9, '203.0.113.9']] as const) {
      door = await Door.open({ trustedProxies });
      const caller = door.dial(PLAY, { headers });
      await door.until(() => caller.opened);
      expect(door.guests).toMatchObject([{ remote }]);
      await door.close();
    }
    door = await Door.open({ trustedProxies: 1 });
    const caller = door.dial(PLAY, { headers: { 'x-forwarded-for': 'not an address' } });
    await door.until(() => caller.opened);
    expect(door.guests).toMatchObject([{ remote: '127.0.0.1' }]);
  });

  it('survives a client that goes away in the middle', async () => {
    door = await Door.open();
    const { socket, ended } = door.raw(`GET ${PLAY} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`);
    socket.resetAndDestroy();
    await door.until(ended);
    const caller = door.dial(PLAY);
    await door.until(() => caller.opened);
  });
});

describe('a session id that cannot exist', () => {
  it.each(['/v1/play/short', '/v1/play/UUUUUUUU', '/v1/play/%E0%A4%A'])('%s is answered like a session that does not exist', async (path) => {
    door = await Door.open();
    const caller = door.dial(path);
    await door.until(() => caller.opened);
    caller.socket.send('{"t":"hello","id":5,"d":{}}');
    await door.until(() => caller.closed !== null);
    expect(caller.closed).toBe(4508);
    expect(caller.got.map((text) => JSON.parse(text) as unknown)).toMatchObject([{ t: 'err', re: 5, d: { code: 210, name: 'SESSION_NOT_FOUND', retry: false } }]);
    expect(door.guests).toEqual([]);
  });

  it('without a readable id there is no re', async () => {
    door = await Door.open();
    const caller = door.dial('/v1/play/nope');
    await door.until(() => caller.opened);
    caller.socket.send('{{{');
    await door.until(() => caller.closed !== null);
    expect(caller.got.map((text) => Object.keys(JSON.parse(text) as object))).toEqual([['t', 'd']]);
  });

  it('without a frame it is closed in time', async () => {
    door = await Door.open({}, { helloWithinMs: 1 });
    const caller = door.dial('/v1/play/nope');
    await door.until(() => caller.closed !== null);
    expect(caller.closed).toBe(4501);
  });
});
