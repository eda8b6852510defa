import { utf8 } from '../utf8.js';

/** Bytes at the end of a buffer that grows. What was taken is handed out without a copy and never written again. */
const CHUNK_BYTES = 64 * 1024;

export class ByteWriter {
  #buffer = new Uint8Array(0);
  #view = new DataView(this.#buffer.buffer);
  #start = 0;
  #end = 0;

  get byteLength(): number {
    return this.#end - this.#start;
  }

  /** Forgets what was written after `byteLength` was this. */
  truncate(byteLength: number): void {
    this.#end = this.#start + byteLength;
  }

  /** All that was written since the last take. The view stays valid: later bytes go behind it or into another buffer. */
  take(): Uint8Array {
    const taken = this.#buffer.subarray(this.#start, this.#end);
    this.#start = this.#end;
    // A buffer that one large frame made is not kept alive by small ones.
    if (this.#buffer.length > CHUNK_BYTES) this.#replace(new Uint8Array(0));
    return taken;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#end++] = value;
  }

  /** 7 bits a byte, low first. Throws RangeError unless it is a safe integer ≥ 0. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no safe integer ≥ 0`);
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#end++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#end++] = rest;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#end, value, true);
    this.#end += 8;
  }

  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#end);
    this.#end += value.length;
  }

  text(value: string): void {
    this.bytes(utf8(value));
  }

  #reserve(count: number): void {
    if (this.#end + count <= this.#buffer.length) return;
    const held = this.#buffer.subarray(this.#start, this.#end);
    const needed = held.length + count;
    const next = new Uint8Array(needed <= CHUNK_BYTES / 2 ? CHUNK_BYTES : needed * 2);
    next.set(held);
    this.#replace(next);
    this.#end = held.length;
  }

  #replace(buffer: Uint8Array<ArrayBuffer>): void {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer);
    this.#start = 0;
    this.#end = 0;
  }
}
