/**
 * Owns the verdict on one socket's unsent bytes: from `slowHintBytes` hints are dropped and only the latest is kept, at `slowCloseBytes`, or after `slowCloseMs`
 * above the first mark, the socket is closed (4002). Numbered messages are never dropped.
 */
import type { OutFrame } from './client-socket.js';

export interface SlowLimits {
  readonly slowHintBytes: number;
  readonly slowCloseBytes: number;
  readonly slowCloseMs: number;
}

export class SlowConsumer {
  readonly #limits: SlowLimits;
  #since: number | null = null;
  #held: OutFrame | null = null;

  constructor(limits: SlowLimits) {
    this.#limits = limits;
  }

  /** True: close it. */
  look(bufferedBytes: number, awake: number): boolean {
    if (bufferedBytes >= this.#limits.slowCloseBytes) return true;
    if (bufferedBytes < this.#limits.slowHintBytes) {
      this.#since = null;
      return false;
    }
    this.#since ??= awake;
    return awake - this.#since >= this.#limits.slowCloseMs;
  }

  /** As found by the last look. */
  get slow(): boolean {
    return this.#since !== null;
  }

  /** Keeps `hint` until the socket has drained; a newer one replaces it. True when one was replaced, which is lost. */
  hold(hint: OutFrame): boolean {
    const replaced = this.#held !== null;
    this.#held = hint;
    return replaced;
  }

  /** The kept hint, once. */
  release(): OutFrame | null {
    const held = this.#held;
    this.#held = null;
    return held;
  }
}
