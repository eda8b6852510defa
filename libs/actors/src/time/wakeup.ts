import type { Clock, Timers } from '../ports/clock.js';

/** One timer for many wishes: wakes at the earliest time asked for, at the latest; it may wake for nothing. */
export class Wakeup {
  private armedFor = Infinity;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly fn: () => void,
  ) {}

  /** Asks to be woken at `mono` ms of the monotonic clock. Who still waits for a later time asks again when woken. */
  at(mono: number): void {
    if (mono >= this.armedFor) return;
    this.cancel?.();
    this.armedFor = mono;
    // Rounded up to a microsecond, so that a wait lost in rounding still lets time pass.
    const ms = Math.ceil(Math.max(0, mono - this.clock.mono()) * 1_000) / 1_000;
    this.cancel = this.timers.after(ms, () => {
      this.stop();
      this.fn();
    });
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.armedFor = Infinity;
  }
}
