/** Time, timers and randomness of the machine. */
import { randomBytes } from 'node:crypto';
import type { Clock, Random, Timers } from '../../ports/clock.js';

export const systemClock: Clock = {
  mono: () => performance.now(),
  wall: () => Date.now(),
};

export interface SystemTimersOptions {
  /** Timers keep the process alive. Off, it may end while some are pending. */
  readonly keepAlive: boolean;
}

/** Node's longest timer, ms; a longer one would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export function systemTimers({ keepAlive }: SystemTimersOptions): Timers {
  return {
    after: (ms, fn) => {
      const due = performance.now() + ms;
      let timer: NodeJS.Timeout | undefined;
      // Node cuts fractions off and counts from the start of the loop's round: it may fire early, which the port forbids.
      const arm = (): void => {
        const left = due - performance.now();
        if (left <= 0 && timer !== undefined) {
          fn();
          return;
        }
        timer = setTimeout(arm, Math.min(Math.max(0, Math.ceil(left)), TIMER_MS_MAX));
        if (!keepAlive) timer.unref();
      };
      arm();
      return () => {
        clearTimeout(timer);
      };
    },
    // Node polls for I/O between two rounds of immediates.
    soon: (fn) => {
      setImmediate(fn);
    },
  };
}

export const systemRandom: Random = {
  bytes: (length) => randomBytes(length),
  // The 53 bits that a double holds.
  fraction: () => Number(randomBytes(8).readBigUInt64BE() >> 11n) / 2 ** 53,
};
