/** WebSocket frames as a client reads and writes them (RFC 6455, section 5.2), for a load generator: text, no extensions, no fragments. */

const FINAL = 0x80;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
export const opcode = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** The masking key is zero, so that making a frame costs nothing; a server unmasks it as any other. @throws RangeError above 64 KiB */
export function clientFrame(payload: Uint8Array | string, code: number = opcode.text): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const { length } = bytes;
  if (length > 0xffff) throw new RangeError(`a frame of ${length} bytes`);
  const head = length < LENGTH_16 ? 2 : 4;
  const frame = Buffer.alloc(head + 4 + length);
  frame[0] = FINAL | code;
  if (head === 2) frame[1] = MASKED | length;
  else {
    frame[1] = MASKED | LENGTH_16;
    frame.writeUInt16BE(length, 2);
  }
  frame.set(bytes, head + 4);
  return frame;
}

/** Cuts a server's byte stream into frames. Payloads are views into what was pushed: valid during the call. */
export class FrameReader {
  #rest: Buffer | null = null;

  constructor(private readonly on: (code: number, payload: Buffer) => void) {}

  /** @throws for a fragment or a masked frame. */
  push(chunk: Buffer): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 2) {
      const first = bytes[at]!;
      const second = bytes[at + 1]!;
      if ((first & FINAL) === 0 || (second & MASKED) !== 0) throw new Error('a fragment or a masked frame from the server');
      let length = second;
      let head = 2;
      if (length === LENGTH_16) {
        if (bytes.length - at < 4) break;
        length = bytes.readUInt16BE(at + 2);
        head = 4;
      } else if (length === LENGTH_64) {
        if (bytes.length - at < 10) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
        head = 10;
      }
      if (bytes.length - at < head + length) break;
      this.on(first & 0x0f, bytes.subarray(at + head, at + head + length));
      at += head + length;
    }
    this.#rest = at === bytes.length ? null : Buffer.from(bytes.subarray(at));
  }
}
