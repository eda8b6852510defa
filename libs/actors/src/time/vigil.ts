/**
 * Notices that this process stood still: paused from outside, or busy for long. Owns a timer that proves again and again that the event loop turns; a long gap
 * between two proofs is a hang. Others may look earlier, so that nothing is decided by the clock before the hang is known.
 */
import type { Clock, Timers } from '../ports/clock.js';

export interface VigilLimits {
  readonly vigilEveryMs: number;
  /** A gap between two proofs above this is a hang. */
  readonly hangMs: number;
}

export class Vigil {
  private aliveAt: number;
  private cancel: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly timers: Timers,
    private readonly limits: VigilLimits,
    /** The process stood still, and was last seen alive `ms` ago. */
    private readonly hung: (ms: number) => void,
  ) {
    this.aliveAt = clock.mono();
  }

  start(): void {
    this.look();
    this.cancel = this.timers.after(this.limits.vigilEveryMs, () => this.start());
  }

  stop(): void {
    this.cancel();
  }

  look(): void {
    const now = this.clock.mono();
    const ms = now - this.aliveAt;
    this.aliveAt = now;
    if (ms > this.limits.hangMs) this.hung(ms);
  }
}
