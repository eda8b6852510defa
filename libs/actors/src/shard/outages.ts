/**
 * T2: stretches in which the sessions of a shard could not be reached: the journal stalled, this process hung, the owner before was gone.
 * Owns whether the journal is stalled and whether the takeover is settled: while either keeps time from running, no deadline fires.
 * Afterwards the first turn of each entity that asks for it accounts for the outage, before anything else.
 */
import type { Outage } from '../behavior.js';
import type { Entity } from '../entity/entity.js';
import type { ActiveShard } from './active-shard.js';
import type { LastHeard } from './last-heard.js';

/** Below what two estimates of one clock differ by anyway. */
const RAISE_MS_MIN = 20;
/** Stretches of one epoch that are remembered. */
const PAST_MAX = 16;

export class Outages {
  stalled = false;
  /** Session time at which the takeover was settled, ms; Infinity: not yet. */
  takeoverUntil: number;
  /** Session time and monotonic time since when the journal owes an answer, ms; Infinity: it does not. */
  private askedAt = Infinity;
  private askedMono = Infinity;
  private readonly settleBy: number;
  /** Of this epoch, for entities that are brought into memory later: a deadline is armed without them. */
  private readonly past: Outage[] = [];

  constructor(
    private readonly shard: ActiveShard,
    private readonly lastHeard: LastHeard,
  ) {
    const { clock, limits } = shard.runtime;
    this.takeoverUntil = shard.recoveredN === 0 ? 0 : Infinity;
    this.settleBy = clock.mono() + limits.closeWaitMs;
  }

  get timeRuns(): boolean {
    return this.settled && !this.stalled;
  }

  /** Monotonic time at which `tick` has something to do, ms; Infinity: none. */
  get wakeAt(): number {
    const stallAt = this.stalled ? Infinity : this.askedMono + this.shard.runtime.limits.stallMs;
    return Math.min(stallAt, this.settled ? Infinity : this.settleBy);
  }

  tick(): void {
    const mono = this.shard.runtime.clock.mono();
    if (mono >= this.settleBy) this.settle();
    if (!this.stalled && mono >= this.askedMono + this.shard.runtime.limits.stallMs) {
      this.stalled = true;
      this.shard.runtime.observer.stalled(this.shard.id, true);
    }
  }

  /** The journal is asked for something that outputs wait for, or has answered. */
  asking(started: boolean): void {
    if (started) {
      this.askedAt = this.shard.clock.now();
      this.askedMono = this.shard.runtime.clock.mono();
      return;
    }
    this.askedMono = Infinity;
    if (!this.stalled) return;
    this.stalled = false;
    this.shard.runtime.observer.stalled(this.shard.id, false);
    this.interruptAll(this.askedAt);
    this.shard.tick();
  }

  /** This process stood still, and was last seen alive `ms` ago: what the routers took in meanwhile is judged after the time has been given back. */
  hung(ms: number): void {
    if (!this.stalled) this.interruptAll(Math.floor(this.shard.clock.now() - ms));
  }

  /** T1: the clock was moved on by `by` ms, to what the owner before has shown. That time nobody had: it is given back like an outage. */
  raised(by: number): void {
    if (by < RAISE_MS_MIN) return;
    const to = this.shard.clock.now();
    if (this.settled) this.takeoverUntil += by;
    const outage = { from: Math.floor(to - by), to };
    this.remember(outage);
    for (const entity of this.shard.hot.values()) {
      if (entity.takeoverUntil === undefined) this.interrupt(entity, outage);
      else entity.takeoverUntil += by;
    }
  }

  /** An entity of which this owner has written events is in memory again: what has happened since its last one is given back now. */
  loaded(entity: Entity): void {
    const last = this.shard.runtime.behavior.lastEvent(entity.state);
    for (const outage of this.past) if (last.at <= outage.from) this.interrupt(entity, outage);
  }

  /** The first router has attached to this epoch, or `closeWaitMs` have passed since the takeover. */
  settle(): void {
    if (this.settled) return;
    this.takeoverUntil = this.shard.clock.now();
    for (const entity of this.shard.hot.values()) if (entity.takeoverUntil !== undefined) this.shard.ready(entity);
    this.shard.tick();
  }

  /** For an entity that owes the takeover: whether it may have its next turn now. Puts the outage before it if there is one. */
  admits(entity: Entity): boolean {
    const { behavior } = this.shard.runtime;
    const to = Math.min(entity.takeoverUntil ?? Infinity, this.shard.clock.now());
    const last = behavior.lastEvent(entity.state);
    const outage = { from: Math.min(to, Math.max(last.at, this.lastHeard.at(last.epoch))), to };
    const asks = behavior.outageCommand(entity.state, outage) !== null;
    if (!this.settled) return !asks; // T2 its commands wait for the first router, or closeWaitMs
    entity.takeoverUntil = undefined;
    if (asks) owe(entity, outage);
    return true;
  }

  private get settled(): boolean {
    return this.takeoverUntil < Infinity;
  }

  private interruptAll(from: number): void {
    const outage = { from, to: this.shard.clock.now() };
    this.remember(outage);
    for (const entity of this.shard.hot.values()) this.interrupt(entity, outage);
  }

  private remember(outage: Outage): void {
    this.past.push(outage);
    if (this.past.length > PAST_MAX) this.past.shift();
  }

  private interrupt(entity: Entity, outage: Outage): void {
    const { behavior } = this.shard.runtime;
    const asks = (): boolean => behavior.outageCommand(entity.state, outage) !== null;
    if (entity.phase === 'running' && !this.shard.supervision.ask(entity, asks)) return;
    owe(entity, outage);
    this.shard.ready(entity);
  }
}

function owe(entity: Entity, outage: Outage): void {
  const { from, to } = entity.outage ?? outage;
  entity.outage = { from: Math.min(from, outage.from), to: Math.max(to, outage.to) };
}
