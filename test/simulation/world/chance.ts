/** Randomness of a run: everything follows from one seed, and each part draws from its own stream, so that one more draw here moves nothing there. */
import type { Random } from '@ringmaster/actors';

export class Chance implements Random {
  #state: number;

  constructor(readonly seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
    this.fraction();
  }

  /** A stream of its own for `part`. */
  fork(part: string): Chance {
    let hash = this.seed >>> 0;
    for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193) >>> 0;
    return new Chance(hash);
  }

  /** In [0, 1): mulberry32, which is small and the same everywhere. */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = Math.floor(this.fraction() * 256);
    return bytes;
  }

  hex(length: number): string {
    return Buffer.from(this.bytes(length)).toString('hex');
  }

  between(low: number, high: number): number {
    return low + this.fraction() * (high - low);
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** Mostly short, rarely long: `low` · (high / low) ^ fraction². */
  skewed(low: number, high: number): number {
    return low * (high / low) ** (this.fraction() ** 2);
  }

  odds(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.fraction() * from.length)];
    if (from.length === 0) throw new Error('nothing to pick from');
    return picked as T;
  }

  shuffled<T>(from: readonly T[]): T[] {
    const all = [...from];
    for (let i = all.length - 1; i > 0; i--) {
      const j = this.whole(0, i);
      [all[i], all[j]] = [all[j] as T, all[i] as T];
    }
    return all;
  }
}
