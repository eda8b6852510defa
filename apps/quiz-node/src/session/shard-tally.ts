/** What becomes of this node's shards, counted for those who look after the cluster. Owns no shard and decides nothing: the region says what happens. */
import type { Clock } from '@ringmaster/actors';
import type { SessionCounters } from './counters.js';

export interface ShardTimes {
  /** This node got a shard: from asking who owns it until its log was read, ms. */
  readonly recovered?: (ms: number) => void;
  /** A planned move: from its beginning until the shard was let go, ms. */
  readonly handedOver?: (ms: number) => void;
}

export class ShardTally {
  readonly #epochs = new Map<number, number>();
  /** Monotonic times at which moves began, ms. */
  readonly #moving = new Map<number, number>();
  readonly #stalled = new Set<number>();

  constructor(
    private readonly counters: SessionCounters,
    private readonly clock: Clock,
    private readonly times: ShardTimes,
  ) {}

  /** Shards whose journal does not answer. */
  get stalledShards(): number {
    return this.#stalled.size;
  }

  /** Also said when only the clock of an epoch was raised. */
  owned(shard: number, epoch: number): void {
    if (this.#epochs.get(shard) !== epoch) this.counters.shardsClaimed++;
    this.#epochs.set(shard, epoch);
  }

  moving(shard: number): void {
    this.#moving.set(shard, this.clock.mono());
  }

  lost(shard: number): void {
    const began = this.#moving.get(shard);
    if (began !== undefined) {
      this.counters.shardsHandedOver++;
      this.times.handedOver?.(this.clock.mono() - began);
    } else if (this.#epochs.has(shard)) this.counters.shardsLost++;
    this.#moving.delete(shard);
    this.#epochs.delete(shard);
    this.#stalled.delete(shard);
  }

  stalled(shard: number, stalled: boolean): void {
    if (stalled) this.#stalled.add(shard);
    else this.#stalled.delete(shard);
  }

  recovered(ms: number): void {
    this.times.recovered?.(ms);
  }
}
