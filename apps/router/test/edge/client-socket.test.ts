import { afterEach, describe, expect, it } from '@jest/globals';
import { outFrame } from '../../src/core/client-socket.js';
import { textFrame } from '../../src/edge/text-frame.js';
import { Door, type Caller, type Guest } from './door.js';

let door: Door;
afterEach(() => door.close());

async function meet(): Promise<{ caller: Caller; guest: Guest }> {
  door = await Door.open();
  const caller = door.dial('/v1/play/7K3M9QRT');
  await door.until(() => caller.opened && door.guests.length > 0);
  const [guest] = door.guests;
  if (guest === undefined) throw new Error('nobody came');
  return { caller, guest };
}

const frame = (text: string) => outFrame(new TextEncoder().encode(text));

/** A masked client frame, by hand. */
function clientFrame(opcode: number, payload: Buffer, { final = true } = {}): Buffer {
  const length = payload.length < 126 ? Buffer.from([0x80 | payload.length]) : Buffer.from([0x80 | 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([Buffer.from([(final ? 0x80 : 0) | opcode]), length, Buffer.alloc(4), payload]);
}

async function rawClient(): Promise<ReturnType<Door['raw']>> {
  door = await Door.open();
  const client = door.raw(
    'GET /v1/play/7K3M9QRT HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await door.until(() => client.text().includes('\r\n\r\n') && door.guests.length > 0);
  return client;
}

describe('what the client gets', () => {
  it.each([0, 1, 125, 126, 127, 4_000, 65_535, 65_536, 70_000])('a message of %d bytes', async (length) => {
    const { caller, guest } = await meet();
    const text = 'ä'.repeat(length / 2).padEnd(length - Math.floor(length / 2), 'x').slice(0, length);
    guest.socket.send([frame(text)]);
    await door.until(() => caller.got.length === 1);
    expect(caller.got).toEqual([text]);
  });

  it('many messages of one write, in order, small and large', async () => {
    const { caller, guest } = await meet();
    const small = ['one', 'two', 'three'];
    const large = ['x'.repeat(10_000), 'y'.repeat(100_000), 'z'];
    guest.socket.send(small.map(frame));
    guest.socket.send(large.map(frame));
    await door.until(() => caller.got.length === 6);
    expect(caller.got).toEqual([...small, ...large]);
  });

  it('one frame, made once, goes to many sockets', async () => {
    const { caller, guest } = await meet();
    const other = door.dial('/v1/play/7K3M9QRT');
    await door.until(() => door.guests.length === 2);
    const shared = frame('for all');
    guest.socket.send([shared]);
    const { wire } = shared;
    door.guests[1]?.socket.send([shared]);
    expect(shared.wire).toBe(wire);
    expect(wire).toEqual(textFrame(shared.bytes));
    await door.until(() => caller.got.length === 1 && other.got.length === 1);
    expect([...caller.got, ...other.got]).toEqual(['for all', 'for all']);
  });

  it('pings, and what was sent before the close frame but nothing after it', async () => {
    const { caller, guest } = await meet();
    guest.socket.ping();
    await door.until(() => guest.pongs === 1);
    guest.socket.send([frame('last')]);
    guest.socket.close(4505, 'kicked by the host');
    guest.socket.send([frame('too late')]);
    guest.socket.ping();
    await door.until(() => caller.closed !== null && guest.closed !== null);
    expect(caller.got).toEqual(['last']);
    expect([caller.closed, guest.closed]).toEqual([4505, 4505]);
  });

  it('counts what has not left the process', async () => {
    const { caller, guest } = await meet();
    caller.socket.pause();
    for (let i = 0; i < 200; i++) guest.socket.send([frame('x'.repeat(60_000))]);
    expect(guest.socket.bufferedBytes()).toBeGreaterThan(256 * 1024);
    guest.socket.terminate();
    await door.until(() => guest.closed !== null);
    expect(guest.closed).toBe(1006);
  });
});

describe('what the client may send', () => {
  it('text up to 4 KiB, and 1009 beyond', async () => {
    const { caller, guest } = await meet();
    caller.socket.send('x'.repeat(4_096));
    await door.until(() => guest.messages.length === 1);
    caller.socket.send('x'.repeat(4_097));
    await door.until(() => caller.closed !== null && guest.closed !== null);
    expect(caller.closed).toBe(1009);
    expect(guest.messages.map(({ text }) => text.length)).toEqual([4_096]);
  });

  it('binary frames arrive as such: the core has them refused', async () => {
    const { caller, guest } = await meet();
    caller.socket.send(Buffer.from('{"t":"hello"}'), { binary: true });
    await door.until(() => guest.messages.length === 1);
    expect(guest.messages).toEqual([{ text: '{"t":"hello"}', isBinary: true }]);
  });

  it('two fragments of a message, and no third', async () => {
    const { socket, ended } = await rawClient();
    socket.write(Buffer.concat([clientFrame(1, Buffer.from('ab'), { final: false }), clientFrame(0, Buffer.from('cd'))]));
    await door.until(() => door.guests[0]?.messages.length === 1);
    expect(door.guests[0]?.messages).toEqual([{ text: 'abcd', isBinary: false }]);
    const part = Buffer.from('x');
    socket.write(Buffer.concat([clientFrame(1, part, { final: false }), clientFrame(0, part, { final: false }), clientFrame(0, part)]));
    await door.until(() => door.guests[0]?.closed !== null);
    expect(door.guests[0]?.messages).toHaveLength(1);
    socket.destroy();
    await door.until(ended);
  });

  it('fragments that are too large together are 1009 too', async () => {
    const { socket, text } = await rawClient();
    const half = Buffer.alloc(3_000, 'x');
    socket.write(Buffer.concat([clientFrame(1, half, { final: false }), clientFrame(0, half)]));
    await door.until(() => text().includes('\x88\x02\x03\xf1'));
    expect(door.guests[0]?.messages).toEqual([]);
  });

  it.each([
    ['invalid UTF-8', clientFrame(1, Buffer.from([0xc3, 0x28])), 1007],
    ['a reserved opcode', clientFrame(3, Buffer.from('x')), 1002],
    ['an unmasked frame', Buffer.from([0x81, 0x01, 0x78]), 1002],
    ['a compressed frame', Buffer.concat([Buffer.from([0xc1, 0x81]), Buffer.alloc(4), Buffer.from('x')]), 1002],
  ])('%s closes the socket', async (_, bytes, code) => {
    const { socket, text } = await rawClient();
    socket.write(bytes);
    await door.until(() => text().includes(`\x88\x02${String.fromCharCode(code >> 8)}${String.fromCharCode(code & 255)}`));
    expect(door.guests[0]?.messages).toEqual([]);
  });
});
