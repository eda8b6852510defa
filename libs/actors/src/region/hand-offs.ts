/**
 * O3: planned moves of shards, a bounded number at a time. Owns which are under way, and the wait until a new ring has stood long enough to act on it.
 * A move costs as little as it can: it waits, not for ever, for a phase in which nobody loses time; the node that is to have the shard has read its log before
 * the shard is let go, and is told when it is. A node that could not recover the shard now, because the store is away or it does not answer, does not get it:
 * its players would wait, and here they do not. Only a node that ends lets go all the same.
 */
import type { Limits } from '../limits.js';
import type { Clock, Timers } from '../ports/clock.js';
import { Permits } from '../time/permits.js';
import { Wakeup } from '../time/wakeup.js';

/** How often it is looked whether a shard is quiet, ms. */
const QUIET_LOOK_MS = 50;

export interface HandOffPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly limits: Limits;
  /** The node to which the ring gives the shard; empty when that is this one, or this node keeps it. */
  target(shard: number): string;
  /** Whether nobody would lose time now. */
  isQuiet(shard: number): boolean;
  /** Has `node` see to the shard. Rejects where it could not recover it now. */
  take(node: string, shard: number): Promise<void>;
  /** Lets go of the shard, and tells the routers of `hint`. Resolves when it is not owned here any more. */
  release(shard: number, hint: string): Promise<void>;
}

export class HandOffs {
  private readonly permits: Permits;
  private readonly wakeup: Wakeup;
  /** Shards that the ring gives to others, and of which that is not settled yet. */
  private readonly underWay = new Set<number>();
  private candidates: readonly number[] = [];
  private stopped = false;

  constructor(private readonly ports: HandOffPorts) {
    const { clock, timers, limits } = ports;
    this.permits = new Permits(limits.handOffsMax);
    this.wakeup = new Wakeup(clock, timers, () => void this.rebalance());
  }

  /** Moves what the ring gives to others, once it has stood for `rebalanceAfterMs`. */
  ringChanged(owned: readonly number[]): void {
    this.wakeup.stop();
    this.consider(owned);
  }

  /** With every beat: shards may have come here for a while that belong elsewhere. */
  consider(owned: readonly number[]): void {
    const { clock, limits, target } = this.ports;
    this.candidates = owned;
    if (owned.some((shard) => target(shard) !== '')) this.wakeup.at(clock.mono() + limits.rebalanceAfterMs);
  }

  /** This node ends: lets go of all of `shards`, to whom the ring gives them where that node can take them, and else to whoever comes. */
  async all(shards: readonly number[]): Promise<void> {
    await Promise.all(shards.map((shard) => this.handOver(shard, this.ports.target(shard), true)));
  }

  /** Hands one shard over. @returns false when `to` could not recover it now, or does not say so in time: it stays here. */
  move(shard: number, to: string): Promise<boolean> {
    return this.handOver(shard, to, false);
  }

  /** What did not get away is tried again when the ring has stood for as long again. */
  private async rebalance(): Promise<void> {
    const { target } = this.ports;
    const due = this.candidates.filter((shard) => target(shard) !== '' && !this.underWay.has(shard));
    await Promise.all(due.map(async (shard) => {
      this.underWay.add(shard);
      await this.move(shard, target(shard)).finally(() => this.underWay.delete(shard));
    }));
  }

  private async handOver(shard: number, to: string, anyway: boolean): Promise<boolean> {
    await this.quiet(shard);
    return this.permits.within(async () => {
      if (to !== '' && !(await this.taken(shard, to)) && !anyway) return false;
      await this.ports.release(shard, to);
      // It is asked by routers with connections, and looks around by itself; but this is sooner.
      if (to !== '') await this.taken(shard, to);
      return true;
    });
  }

  stop(): void {
    this.stopped = true;
    this.wakeup.stop();
  }

  private async quiet(shard: number): Promise<void> {
    const { clock, limits, isQuiet } = this.ports;
    const until = clock.mono() + limits.quietWaitMs;
    while (!this.stopped && !isQuiet(shard) && clock.mono() < until) await this.pause(QUIET_LOOK_MS);
  }

  /** Whether `to` has seen to the shard. Whoever does not answer does not hold up what else is to be moved. */
  private taken(shard: number, to: string): Promise<boolean> {
    const { limits, take } = this.ports;
    return Promise.race([take(to, shard).then(() => true, () => false), this.pause(limits.takeTimeoutMs).then(() => false)]);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.ports.timers.after(ms, resolve));
  }
}
