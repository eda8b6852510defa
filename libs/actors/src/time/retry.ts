import { haltOf } from '../halt.js';
import type { Random, Timers } from '../ports/clock.js';
import { Ended, type Life } from './life.js';

/** Bounded exponential back-off with jitter, for calls whose failure says nothing about their outcome. */
export class Retry {
  constructor(
    private readonly timers: Timers,
    private readonly random: Random,
    private readonly life: Life,
    private readonly limits: { readonly retryMsMin: number; readonly retryMsMax: number },
  ) {}

  /** Waits before attempt `attempt + 1`: between half and all of min(retryMsMax, retryMsMin · 2^attempt). @throws Ended */
  pause(attempt: number): Promise<void> {
    const ceiling = Math.min(this.limits.retryMsMax, this.limits.retryMsMin * 2 ** Math.min(attempt, 20));
    return this.sleep(ceiling * (0.5 + this.random.fraction() / 2));
  }

  /** @throws Ended when the life ends first. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.life.over) return reject(new Ended());
      const forget = this.life.onEnd(() => {
        cancel();
        reject(new Ended());
      });
      const cancel = this.timers.after(ms, () => {
        forget();
        resolve();
      });
    });
  }

  /** Lets I/O be polled before the next stretch of a long work. @throws Ended */
  async breathe(): Promise<void> {
    await new Promise<void>((resolve) => this.timers.soon(resolve));
    this.life.check();
  }

  /** Calls `attempt` until it succeeds. @throws Halt for an error that will not pass; Ended */
  async until<T>(attempt: () => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        const value = await attempt();
        this.life.check();
        return value;
      } catch (error) {
        this.life.check();
        const halt = haltOf(error);
        if (halt) throw halt;
      }
      await this.pause(failures);
    }
  }
}
