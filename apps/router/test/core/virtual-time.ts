/** A clock and timers that move only when told to. Things due at one time happen in the order in which they were asked for. */
import type { Clock, Random, Timers } from '@ringmaster/actors';

interface Entry {
  readonly at: number;
  readonly fn: () => void;
}

export class VirtualTime implements Clock, Timers {
  #now = 1_000;
  #entries: Entry[] = [];
  #soon: (() => void)[] = [];

  mono(): number {
    return this.#now;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const entry = { at: this.#now + ms, fn };
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  soon(fn: () => void): void {
    this.#soon.push(fn);
  }

  /** One turn of the loop after a poll: what was asked for soon before it. */
  poll(): void {
    const due = this.#soon;
    this.#soon = [];
    for (const fn of due) fn();
  }

  /** Polls until nothing is asked for soon. */
  settle(): void {
    while (this.#soon.length > 0) this.poll();
  }

  /** Lets `ms` go by, with every timer at its time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    this.settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.at);
      this.#fire(next);
      this.settle();
    }
    this.#now = end;
  }

  /** The process stands still for `ms`: time goes by, nothing runs. */
  freeze(ms: number): void {
    this.#now += ms;
  }

  /** Runs the timers that are due, as a loop does first after it stood still; polls nothing. */
  fireDue(): void {
    for (const entry of this.#entries.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at)) if (this.#entries.includes(entry)) this.#fire(entry);
  }

  #next(end: number): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#entries) if (entry.at <= end && (first === undefined || entry.at < first.at)) first = entry;
    return first;
  }

  #fire(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
    entry.fn();
  }
}

/** Numbers that look random and never change. */
export class CountingRandom implements Random {
  #state = 1;

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => Math.floor(this.fraction() * 256));
  }

  fraction(): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state / 2_147_483_647;
  }
}
