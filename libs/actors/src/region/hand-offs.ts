/**
 * O3: planned moves of shards, a bounded number at a time. Owns which are under way, and the wait until a new ring has stood long
 * enough to act on it.
 */
import type { Limits } from '../limits.js';
import type { Clock, Timers } from '../ports/clock.js';
import { Permits } from '../time/permits.js';
import { Wakeup } from '../time/wakeup.js';

export class HandOffs {
  private readonly permits: Permits;
  private readonly wakeup: Wakeup;
  private candidates: readonly number[] = [];

  constructor(
    private readonly clock: Clock,
    timers: Timers,
    private readonly limits: Limits,
    /** Whether the ring gives the shard to another node. */
    private readonly leaves: (shard: number) => boolean,
    private readonly release: (shard: number) => Promise<void>,
  ) {
    this.permits = new Permits(limits.handOffsMax);
    this.wakeup = new Wakeup(clock, timers, () => void this.all(this.candidates.filter((shard) => this.leaves(shard))));
  }

  /** Moves what the ring gives to others, once it has stood for `rebalanceAfterMs`. */
  ringChanged(owned: readonly number[]): void {
    this.wakeup.stop();
    this.consider(owned);
  }

  /** With every beat: shards may have come here for a while that belong elsewhere. */
  consider(owned: readonly number[]): void {
    this.candidates = owned;
    if (owned.some((shard) => this.leaves(shard))) this.wakeup.at(this.clock.mono() + this.limits.rebalanceAfterMs);
  }

  /** Hands all of `shards` over. */
  async all(shards: readonly number[]): Promise<void> {
    await Promise.all(shards.map((shard) => this.permits.within(() => this.release(shard))));
  }

  stop(): void {
    this.wakeup.stop();
  }
}
