/**
 * O3: planned moves of shards, a bounded number at a time. Owns which are under way, and the wait until a new ring has stood long enough to act on it.
 * A move costs as little as it can: it waits, not for ever, for a phase in which nobody loses time; the node that is to have the shard has read its log before
 * the shard is let go, and is told when it is.
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
  /** Has `node` see to the shard. */
  take(node: string, shard: number): Promise<void>;
  /** Lets go of the shard, and tells the routers of `hint`. Resolves when it is not owned here any more. */
  release(shard: number, hint: string): Promise<void>;
}

export class HandOffs {
  private readonly permits: Permits;
  private readonly wakeup: Wakeup;
  private candidates: readonly number[] = [];
  private stopped = false;

  constructor(private readonly ports: HandOffPorts) {
    const { clock, timers, limits } = ports;
    this.permits = new Permits(limits.handOffsMax);
    this.wakeup = new Wakeup(clock, timers, () => void this.all(this.candidates.filter((shard) => ports.target(shard) !== '')));
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

  /** Hands all of `shards` over to whom the ring gives them. */
  async all(shards: readonly number[]): Promise<void> {
    await Promise.all(shards.map((shard) => this.move(shard, this.ports.target(shard))));
  }

  /** Hands one shard over; `to` is empty where nobody is known who could have it. */
  async move(shard: number, to: string): Promise<void> {
    const { limits } = this.ports;
    await this.quiet(shard);
    await this.permits.within(async () => {
      if (to !== '') await this.within(limits.takeTimeoutMs, this.ports.take(to, shard));
      await this.ports.release(shard, to);
      // It is asked by routers with connections, and looks around by itself; but this is sooner.
      if (to !== '') await this.within(limits.takeTimeoutMs, this.ports.take(to, shard));
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

  /** Whoever does not answer does not hold the move up. */
  private async within(ms: number, work: Promise<void>): Promise<void> {
    await Promise.race([work.catch(() => undefined), this.pause(ms)]);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.ports.timers.after(ms, resolve));
  }
}
