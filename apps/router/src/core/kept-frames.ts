/**
 * Owns the frames of one client connection from their arrival until their reply is written.
 * K1: a frame is kept, with its first arrival time, until it is done; at most so many and so large. K2: a `k` is done once.
 */

export interface KeptFrame {
  /** Number in its connection, from 1, dense. */
  readonly k: number;
  /** Arrival in monotonic ms of this router. */
  readonly stamp: number;
  /** Arrival in session time, set when the frame is first handed to an owner and never again (T1). */
  recvAt: number | null;
  /** Bits of `dataFlag`. */
  readonly flags: number;
  readonly bytes: Uint8Array;
}

export interface KeptLimits {
  readonly keptFramesMax: number;
  readonly keptBytesMax: number;
}

export class KeptFrames {
  readonly #limits: KeptLimits;
  #frames: KeptFrame[] = [];
  #bytes = 0;
  #lastK = 0;
  #doneK = 0;

  constructor(limits: KeptLimits) {
    this.#limits = limits;
  }

  /** Copies and numbers a frame; null when the connection has too much under way. */
  keep(bytes: Uint8Array, stamp: number, flags: number): KeptFrame | null {
    if (this.#frames.length >= this.#limits.keptFramesMax || this.#bytes + bytes.length > this.#limits.keptBytesMax) return null;
    // Copied, and not by `slice`, which a Buffer overrides: a view would keep the socket's whole read buffer alive for as long as an owner is away.
    const frame: KeptFrame = { k: ++this.#lastK, stamp, recvAt: null, flags, bytes: new Uint8Array(bytes) };
    this.#frames.push(frame);
    this.#bytes += frame.bytes.length;
    return frame;
  }

  /**
   * A reply to `k` arrived. False: it is not to be written, because `k` is done already or was never sent. Replies come in the order of `k`, so all up to it
   * are done.
   */
  settle(k: number): boolean {
    if (k <= this.#doneK || k > this.#lastK) return false;
    this.#doneK = k;
    while (this.#frames[0] !== undefined && this.#frames[0].k <= k) this.#bytes -= this.#frames.shift()?.bytes.length ?? 0;
    return true;
  }

  /** Whether a reply to `k` would leave an earlier frame without one: only a node with a fault sends that. */
  skips(k: number): boolean {
    return k > this.#doneK + 1 && k <= this.#lastK;
  }

  get frames(): readonly KeptFrame[] {
    return this.#frames;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.#frames.length === 0;
  }

  /** How many frames have been numbered so far. */
  get lastK(): number {
    return this.#lastK;
  }

  drop(): void {
    this.#frames = [];
    this.#bytes = 0;
  }
}
