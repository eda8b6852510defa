/** The wire form of a text message from a server: one unmasked frame (RFC 6455, section 5.2). */
const TEXT_FINAL = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** Bytes of the header before a payload of that length. */
export function headerBytes(length: number): number {
  if (length < LENGTH_16) return 2;
  return length < 65_536 ? 4 : 10;
}

/** Writes one frame into `target` at `at`. @returns where it ends. */
export function writeTextFrame(target: Buffer, at: number, payload: Uint8Array): number {
  const { length } = payload;
  target[at] = TEXT_FINAL;
  if (length < LENGTH_16) target[at + 1] = length;
  else if (length < 65_536) {
    target[at + 1] = LENGTH_16;
    target.writeUInt16BE(length, at + 2);
  } else {
    target[at + 1] = LENGTH_64;
    target.writeUInt32BE(Math.floor(length / 2 ** 32), at + 2);
    target.writeUInt32BE(length % 2 ** 32, at + 6);
  }
  const start = at + headerBytes(length);
  target.set(payload, start);
  return start + length;
}

export function textFrame(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(headerBytes(payload.length) + payload.length);
  writeTextFrame(frame, 0, payload);
  return frame;
}

/** Several messages one after another, as one buffer. */
export function textFrames(payloads: readonly Uint8Array[]): Buffer {
  const total = payloads.reduce((sum, { length }) => sum + headerBytes(length) + length, 0);
  const frames = Buffer.allocUnsafe(total);
  payloads.reduce((at, payload) => writeTextFrame(frames, at, payload), 0);
  return frames;
}
