/**
 * Gives turns to shards, in the order in which they became ready, and polls for I/O between bounded slices.
 * Owns the queue of ready shards. After each slice the shards that had turns start their appends: one batch per shard.
 */
import type { Timers } from '../ports/clock.js';
import { Fifo } from '../time/fifo.js';

export interface Schedulable {
  /** Whether it stands in the queue; kept by the scheduler. */
  queued: boolean;
  /** Takes up to `turnsMax` turns. @returns how many it took. */
  run(turnsMax: number): number;
  flush(): void;
}

export class Scheduler {
  private readonly ready = new Fifo<Schedulable>();
  private armed = false;

  constructor(
    private readonly timers: Timers,
    private readonly sliceTurnsMax: number,
  ) {}

  wake(shard: Schedulable): void {
    if (!shard.queued) {
      shard.queued = true;
      this.ready.push(shard);
    }
    this.arm();
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    this.timers.soon(() => this.slice());
  }

  private slice(): void {
    this.armed = false;
    const served = new Set<Schedulable>();
    let left = this.sliceTurnsMax;
    for (let rounds = this.ready.length; rounds > 0 && left > 0; rounds--) {
      const shard = this.ready.shift();
      if (!shard) break;
      shard.queued = false;
      served.add(shard);
      left -= shard.run(left);
    }
    for (const shard of served) shard.flush();
    if (this.ready.length > 0) this.arm();
  }
}
