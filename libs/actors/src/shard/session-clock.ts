/**
 * T1, session time: the wall clock read once at the claim, then monotonic; never below the last journaled time, and never below
 * what the last owner's clock would show. Owns the offset from this process's monotonic clock, which only rises.
 */
import type { Clock } from '../ports/clock.js';

export class SessionClock {
  /** Session time = this process's mono + `offset`, ms. */
  offset: number;

  constructor(
    private readonly clock: Clock,
    /** Session times that this clock must not fall below now, ms. */
    floors: readonly number[],
  ) {
    const mono = clock.mono();
    this.offset = Math.max(clock.wall(), ...floors) - mono; // T1 never below
  }

  /** Whole ms. */
  now(): number {
    return Math.floor(this.clock.mono() + this.offset);
  }

  /** The monotonic time at which `now` will have reached `at`, ms. */
  monoAt(at: number): number {
    return Math.ceil(at) - this.offset;
  }

  /** Makes `now` at least `floor`. @returns whether the clock was moved. */
  raise(floor: number): boolean {
    const offset = floor - this.clock.mono();
    if (offset <= this.offset) return false;
    this.offset = offset;
    return true;
  }
}
