/**
 * T2: stretches in which the sessions of a shard could not be reached. Owns whether the journal is stalled and whether the takeover
 * is settled: while either keeps time from running, no deadline fires. Afterwards the first turn of each entity that asks for it
 * accounts for the outage, before anything else.
 */
import type { Entity } from '../entity/entity.js';
import type { ActiveShard } from './active-shard.js';

export class Outages {
  stalled = false;
  private settled: boolean;
  private readonly settleBy: number;
  /** Session time and monotonic time of the start of the append in flight, ms; -1: none. */
  private flyingFrom = -1;
  private flyingMono = Infinity;

  /** `seenAt`: session time at which the routers last heard of the owner before, ms; 0: unknown. */
  constructor(
    private readonly shard: ActiveShard,
    public seenAt: number,
  ) {
    this.settled = shard.recoveredN === 0;
    this.settleBy = shard.runtime.clock.mono() + shard.runtime.limits.closeWaitMs;
  }

  get timeRuns(): boolean {
    return this.settled && !this.stalled;
  }

  /** Monotonic time at which `tick` has something to do, ms. */
  get wakeAt(): number {
    const stallAt = this.stalled ? Infinity : this.flyingMono + this.shard.runtime.limits.stallMs;
    return Math.min(stallAt, this.settled ? Infinity : this.settleBy);
  }

  tick(): void {
    const mono = this.shard.runtime.clock.mono();
    if (!this.settled && mono >= this.settleBy) this.settle();
    if (!this.stalled && mono >= this.flyingMono + this.shard.runtime.limits.stallMs) {
      this.stalled = true;
      this.shard.runtime.observer.stalled(this.shard.id, true);
    }
  }

  /** An append starts, or the one in flight was accepted. */
  flying(started: boolean): void {
    if (started) {
      this.flyingFrom = this.shard.clock.now();
      this.flyingMono = this.shard.runtime.clock.mono();
      return;
    }
    this.flyingMono = Infinity;
    if (!this.stalled) return;
    this.stalled = false;
    this.shard.runtime.observer.stalled(this.shard.id, false);
    for (const entity of this.shard.hot.values()) this.interrupt(entity, this.flyingFrom);
    this.shard.tick();
  }

  /** The first router has attached to this epoch, or `closeWaitMs` have passed since the takeover. */
  settle(): void {
    if (this.settled) return;
    this.settled = true;
    for (const entity of this.shard.hot.values()) if (entity.owesTakeover) this.shard.ready(entity);
    this.shard.tick();
  }

  /** For an entity that owes the takeover: whether it may have its next turn now. Puts the outage before it if there is one. */
  admits(entity: Entity): boolean {
    const from = Math.max(this.shard.runtime.behavior.lastEventAt(entity.state), this.seenAt);
    const asks = this.asks(entity, from);
    if (!this.settled) return !asks; // T2 its commands wait for the first router, or closeWaitMs
    entity.owesTakeover = false;
    if (asks) this.owe(entity, from);
    return true;
  }

  private interrupt(entity: Entity, from: number): void {
    if (entity.phase === 'running' && !this.shard.supervision.ask(entity, () => this.asks(entity, from))) return;
    this.owe(entity, from);
    this.shard.ready(entity);
  }

  private owe(entity: Entity, from: number): void {
    entity.outageFrom = entity.outageFrom < 0 ? from : Math.min(from, entity.outageFrom);
  }

  private asks(entity: Entity, from: number): boolean {
    const to = this.shard.clock.now();
    return this.shard.runtime.behavior.outageCommand(entity.state, { from: Math.min(from, to), to }) !== null;
  }
}
