/**
 * Owns the arrival time of frames and the knowledge of whether this process has stalled. Does not own any conversion to session time (link-clock.ts).
 * T1: a frame is stamped in the router's monotonic clock when it is read.
 * T3: a router that stalled stamps its first poll with the time when the stall began: what is read then may have lain in the kernel since. `stamp()` is also
 * the clock that links show, so no later stamp is below a clock that was shown.
 */
import type { Clock, Timers } from '@ringmaster/actors';

export interface StallLimits {
  /** How often the loop proves that it turns. */
  readonly stallTickMs: number;
  /** A gap between two proofs that is a stall. Must exceed `stallTickMs`. */
  readonly stallMs: number;
}

export class Stamps {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #limits: StallLimits;
  /** When the loop last turned. Only timers and finished polls move it: within one long poll the sockets read last have waited since its start. */
  #alive: number;
  #last: number;
  #stalledAt: number | null = null;
  #stalledMsTotal = 0;
  #stalls = 0;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, timers: Timers, limits: StallLimits) {
    this.#clock = clock;
    this.#timers = timers;
    this.#limits = limits;
    this.#alive = clock.mono();
    this.#last = this.#alive;
  }

  start(): void {
    this.#alive = this.#clock.mono();
    this.#tick();
  }

  stop(): void {
    this.#cancel();
  }

  /** Arrival time, in monotonic ms of this process, of a frame that is read now. Never decreases. */
  stamp(): number {
    return this.#stalledAt ?? this.#look();
  }

  /** Whether what is read now may have arrived long ago. */
  stalled(): boolean {
    this.stamp();
    return this.#stalledAt !== null;
  }

  /** Monotonic ms without the time in which this process stood still: for everything that must not punish others for our stall. */
  awake(): number {
    return this.stamp() - this.#stalledMsTotal;
  }

  get stalls(): number {
    return this.#stalls;
  }

  #look(): number {
    const now = this.#clock.mono();
    if (now - this.#alive <= this.#limits.stallMs) return (this.#last = now);
    this.#stalledAt = Math.max(this.#alive, this.#last);
    this.#stalls++;
    // Two polls: the one under way may have begun with an older list of readable sockets.
    this.#timers.soon(() => this.#timers.soon(() => this.#over()));
    return this.#stalledAt;
  }

  #over(): void {
    const now = this.#clock.mono();
    this.#stalledMsTotal += now - (this.#stalledAt ?? now);
    this.#stalledAt = null;
    this.#alive = now;
  }

  #tick(): void {
    this.#cancel = this.#timers.after(this.#limits.stallTickMs, () => {
      const now = this.stamp();
      if (this.#stalledAt === null) this.#alive = now;
      this.#tick();
    });
  }
}
