/** Seeded random numbers (mulberry32, Tommy Ettinger), so that a schedule of faults can be had again. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** Another stream of numbers, which does not depend on how many of these were drawn. */
  static of(seed: number, name: string): Chance {
    let mixed = seed | 0;
    for (const char of name) mixed = Math.imul(mixed ^ (char.codePointAt(0) ?? 0), 0x01000193);
    return new Chance(mixed);
  }

  /** In [0, 1). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  odds(probability: number): boolean {
    return this.fraction() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.fraction();
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }

  /** @returns undefined for an empty list */
  one<T>(values: readonly T[]): T | undefined {
    return values[Math.floor(this.fraction() * values.length)];
  }

  /** @throws RangeError for an empty list */
  pick<T>(values: readonly T[]): T {
    const value = this.one(values);
    if (value === undefined) throw new RangeError('nothing to pick from');
    return value;
  }
}
