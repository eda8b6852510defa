import { describe, expect, test } from '@jest/globals';
import { clientFrame, FrameReader, opcode } from '../wire/frames.js';

function serverFrame(text: string): Buffer {
  const frame = clientFrame(text);
  const head = frame.length - 4 - Buffer.byteLength(text);
  const unmasked = Buffer.concat([frame.subarray(0, head), frame.subarray(head + 4)]);
  unmasked[1]! &= 0x7f;
  return unmasked;
}

describe('frames', () => {
  test('a client frame is masked, with a length of one or three bytes', () => {
    expect([...clientFrame('hi')]).toEqual([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
    expect([...clientFrame('x'.repeat(300)).subarray(0, 4)]).toEqual([0x81, 0xfe, 1, 44]);
    expect(clientFrame('', opcode.pong)[0]).toBe(0x8a);
    expect(() => clientFrame(Buffer.alloc(70_000))).toThrow(RangeError);
  });

  test.each([1, 2, 3, 7, 1_000])('frames come out as they went in, in chunks of %i bytes', (size) => {
    const texts = ['', 'a', 'x'.repeat(125), 'y'.repeat(126), 'ü'.repeat(400)];
    const bytes = Buffer.concat(texts.map(serverFrame));
    const found: string[] = [];
    const reader = new FrameReader((code, payload) => found.push(`${code}${payload.toString()}`));
    for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
    expect(found).toEqual(texts.map((text) => `1${text}`));
  });

  test('refuses what a load generator should never see', () => {
    const reader = new FrameReader(() => undefined);
    expect(() => reader.push(Buffer.from([0x01, 0x01, 0x61]))).toThrow('fragment');
    expect(() => new FrameReader(() => undefined).push(clientFrame('x'))).toThrow('masked');
  });
});
