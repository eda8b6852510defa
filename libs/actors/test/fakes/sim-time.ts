/** A clock that moves only when told to, its timers, and numbers that are the same in every run. */
import type { Clock, Random, Timers } from '@ringmaster/actors';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly fn: () => void;
}

/** Rounds without time passing, above which something spins. */
const ROUNDS_MAX = 10_000;

export class SimTime implements Clock, Timers {
  private now = 1_000;
  private wallOffset = 1_700_000_000_000;
  private order = 0;
  private timers: Timer[] = [];
  private soons: (() => void)[] = [];

  mono(): number {
    return this.now;
  }

  wall(): number {
    return this.now + this.wallOffset;
  }

  /** Sets the wall clock, as an administrator would. */
  stepWall(ms: number): void {
    this.wallOffset += ms;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { due: this.now + ms, order: this.order++, fn };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  soon(fn: () => void): void {
    this.soons.push(fn);
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let rounds = 0; rounds === 0 || this.soons.length > 0; rounds++) {
      if (rounds > ROUNDS_MAX) throw new Error(`it goes round without end at ${this.now}: ${String(this.soons[0])}`);
      for (const fn of this.soons.splice(0)) fn();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Moves the clock, firing every timer at its time. */
  async advance(ms: number): Promise<void> {
    const until = this.now + ms;
    await this.settle();
    let stuck = 0;
    for (let timer = this.next(until); timer; timer = this.next(until)) {
      this.timers = this.timers.filter((other) => other !== timer);
      stuck = timer.due > this.now ? 0 : stuck + 1;
      if (stuck > ROUNDS_MAX) throw new Error(`timers fire without end at ${this.now}: ${String(timer.fn)}`);
      this.now = Math.max(this.now, timer.due);
      timer.fn();
      await this.settle();
    }
    this.now = until;
  }

  /** Time passes, and nothing runs: the process stands still. */
  freeze(ms: number): void {
    this.now += ms;
  }

  private next(until: number): Timer | undefined {
    return this.timers.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due || a.order - b.order)[0];
  }
}

/** Mulberry32: small, and the same everywhere. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { fraction: next, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256)) };
}
