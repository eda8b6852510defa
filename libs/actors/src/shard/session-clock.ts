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
    /** Session time that it must not fall below now, ms. */
    floor: number,
    /** Offset that it must not fall below, ms. */
    offsetFloor: number,
  ) {
    this.offset = Math.max(Math.max(clock.wall(), floor) - clock.mono(), offsetFloor); // T1 never below
  }

  /** Whole ms. */
  now(): number {
    return Math.floor(this.clock.mono() + this.offset);
  }

  /** The monotonic time at which `now` will have reached `at`, ms. */
  monoAt(at: number): number {
    return Math.ceil(at) - this.offset;
  }

  /** Makes `offset` at least what is given. @returns by how much the clock was moved, ms; 0: not at all. */
  raise(offset: number): number {
    const by = Math.max(0, offset - this.offset);
    this.offset += by;
    return by;
  }
}
