/**
 * One epoch of ownership of one shard, from the end of its recovery until it is fenced, released or halted; then it is thrown away,
 * and nothing of it is used again (L4: dropped state means a new claim). Owns its entities, their deadlines, the outbox and the
 * session clock. Each rule has its keeper: outbox L4–L6, gate T3, outages T2, clock T1, snapshots and remains S1, replayFrom S2, passivation S4.
 */
import type { Entity } from '../entity/entity.js';
import type { Passivation } from '../entity/passivation.js';
import type { Roster } from '../entity/roster.js';
import type { Halt } from '../halt.js';
import { Appender, type Numbered } from '../log/appender.js';
import { encodeRecord, type MarkRecord } from '../log/record.js';
import type { AnyEnvelope } from '../opaque.js';
import type { DropReason } from '../region/envelope.js';
import { giveBack } from '../region/give-back.js';
import type { Runtime } from '../region/runtime.js';
import type { LoadPorts } from '../snapshot/load.js';
import { Remains } from '../snapshot/remains.js';
import { ReplayFromKeeper } from '../snapshot/replay-from.js';
import { Snapshots } from '../snapshot/snapshots.js';
import { Fifo } from '../time/fifo.js';
import type { Life } from '../time/life.js';
import type { Retry } from '../time/retry.js';
import { Wakeup } from '../time/wakeup.js';
import { CloseGate } from './close-gate.js';
import { Deadlines } from './deadlines.js';
import { Entities } from './entities.js';
import type { LastHeard } from './last-heard.js';
import { Outages } from './outages.js';
import { Outbox } from './outbox.js';
import type { Recovered } from './recovery.js';
import { SessionClock } from './session-clock.js';
import { Supervision } from './supervision.js';
import { Turns } from './turns.js';

export interface ActiveShardSetting {
  readonly runtime: Runtime;
  readonly id: number;
  readonly recovered: Recovered;
  readonly life: Life;
  readonly retry: Retry;
  readonly passivation: Passivation;
  /** By the routers: session time of the last owner − this process's monotonic time, ms; −Infinity: unknown. */
  readonly lastOffset: number;
  readonly lastHeard: LastHeard;
  /** Called once, when a later owner was found: its name and boot. */
  fenced(owner: string): void;
  halted(halt: Halt): void;
}

export class ActiveShard {
  queued = false;
  readonly runtime: Runtime;
  readonly id: number;
  readonly epoch: number;
  readonly life: Life;
  readonly retry: Retry;
  readonly passivation: Passivation;
  readonly clock: SessionClock;
  readonly gate: CloseGate;
  readonly outbox: Outbox;
  readonly outages: Outages;
  readonly entities = new Entities(this);
  readonly deadlines = new Deadlines(this);
  readonly supervision = new Supervision(this);
  readonly snapshots = new Snapshots(this);
  readonly remains: Remains;
  readonly roster: Roster;
  readonly hot: Map<string, Entity>;
  /** Number of the last record of earlier owners. */
  readonly recoveredN: number;
  /** Whether others have been told of the ownership. */
  announced = false;
  private readonly appender: Appender;
  private readonly turns = new Turns(this);
  private readonly replayFrom: ReplayFromKeeper;
  private readonly readyEntities = new Fifo<Entity>();
  private readonly wakeup: Wakeup;
  private lastAt: number;
  private releasing = false;

  constructor(private readonly setting: ActiveShardSetting) {
    const { runtime, id, recovered, life, retry, lastOffset } = setting;
    const { log } = recovered;
    this.runtime = runtime;
    this.id = id;
    this.life = life;
    this.retry = retry;
    this.passivation = setting.passivation;
    this.epoch = log.rule.epoch;
    this.recoveredN = log.rule.n;
    this.roster = recovered.roster;
    this.hot = recovered.hot;
    this.lastAt = recovered.lastAt;
    this.clock = new SessionClock(runtime.clock, recovered.lastAt, lastOffset);
    this.gate = new CloseGate(this.epoch, this.clock, runtime.edges, () => runtime.routers(), runtime.limits.closeWaitMs);
    this.outages = new Outages(this, setting.lastHeard);
    const mark = { offset: log.position, n: log.rule.n, epoch: this.epoch, owner: log.rule.owner, at: recovered.lastAt, bytes: recovered.bytes };
    this.remains = new Remains(this, recovered.tombstones, recovered.replayFrom.n);
    this.replayFrom = new ReplayFromKeeper(this, recovered.replayFrom, mark);
    this.appender = new Appender(runtime.journal, log, retry, life);
    this.outbox = new Outbox(this.appender, this.hooks(), runtime.limits, log.rule.n);
    this.wakeup = new Wakeup(runtime.clock, runtime.timers, () => this.tick());
    life.onEnd(() => this.wakeup.stop());
  }

  /** Begins to serve what was recovered. The ownership is announced behind the gate like everything else. */
  start(): void {
    this.entities.adopt();
    this.announce();
    this.remains.start();
    this.tick();
  }

  /** Whether the journal has no room for this shard's batch: what exists goes on as it can, nothing new begins. */
  get storageFull(): boolean {
    return this.appender.failing === 'JOURNAL_FULL';
  }

  /** Offsets behind the last accepted record, and from which a successor would replay. */
  get offsets(): { readonly end: number; readonly replayFrom: number } {
    return this.replayFrom.offsets;
  }

  /** Whether nobody would lose time if nothing of the shard could be reached now. */
  get quiet(): boolean {
    const now = this.clock.now();
    const { behavior } = this.runtime;
    for (const entity of this.hot.values()) {
      if (entity.phase === 'running' && this.supervision.ask(entity, () => behavior.outageCommand(entity.state, { from: now, to: now })) !== null) return false;
    }
    return true;
  }

  get loadPorts(): LoadPorts {
    const { snapshots, behavior, limits } = this.runtime;
    return { snapshots, behavior, retry: this.retry, loadTriesMax: limits.loadTriesMax };
  }

  /** @returns why it cannot be taken, or undefined. */
  tell(envelope: AnyEnvelope): { reason: DropReason; hint: string } | undefined {
    if ((this.storageFull || this.runtime.storage.full) && !this.hot.has(envelope.entityId) && !this.roster.has(envelope.entityId)) return { reason: 'storageFull', hint: '' };
    const entity = this.entities.summon(envelope.entityId);
    if (entity.phase === 'quarantined') return { reason: 'quarantined', hint: entity.quarantine };
    if (!entity.mailbox.push(envelope)) return { reason: 'mailboxFull', hint: '' };
    this.entities.use(entity);
    this.ready(entity);
    return undefined;
  }

  /** Puts an entity into the queue for its next turns. */
  ready(entity: Entity): void {
    if (!entity.ready) {
      entity.ready = true;
      this.readyEntities.push(entity);
    }
    this.wake();
  }

  wake(): void {
    if (!this.life.over) this.runtime.scheduler.wake(this);
  }

  run(turnsMax: number): number {
    let taken = 0;
    for (let rounds = this.readyEntities.length; rounds > 0 && taken < turnsMax && !this.stopped; rounds--) {
      const entity = this.readyEntities.shift();
      if (!entity) break;
      entity.ready = false;
      const max = Math.min(turnsMax - taken, this.runtime.limits.entityTurnsMax);
      const took = this.turns.run(entity, max);
      taken += took;
      if (took < max && !this.outbox.full) continue;
      entity.ready = true;
      this.readyEntities.push(entity);
    }
    if (this.readyEntities.length > 0 && !this.outbox.full && !this.stopped) this.wake(); // back-pressure: a full batch wakes us when it is taken
    return taken;
  }

  flush(): void {
    if (this.life.over) return;
    this.outbox.flush();
    this.rearm();
  }

  /** Session time of a turn that begins now, ms; never falls (T1). */
  turnTime(): number {
    return (this.lastAt = Math.max(this.lastAt, this.clock.now()));
  }

  /** The store has a snapshot of `entity` up to `n`. */
  covered(entity: Entity, n: number): void {
    this.roster.setCovered(entity.id, n);
    this.replayFrom.covered(entity);
  }

  /** A router has said that all its opens and kept frames for `epoch` have been handed over (T3). */
  attached(router: string, epoch: number): void {
    if (this.gate.attach(router, epoch)) this.outages.settle();
  }

  /** The offset of the last owner's clock, ms, as a router knows it (T1). */
  reportTime(offset: number): void {
    const by = this.clock.raise(offset);
    if (by > 0) {
      this.outages.raised(by);
      this.announce();
      this.tick();
    }
  }

  /** A router has shown its clock, or is gone. */
  edgeShown(): void {
    if (this.deadlines.waiting) this.tick();
  }

  /** Looks at all that depends on time. */
  tick(): void {
    if (this.stopped) return;
    this.runtime.vigil.look();
    this.outages.tick();
    this.deadlines.tick();
    this.rearm();
  }

  /** Once in a while: snapshots that are overdue, `replayFrom`, trim. */
  beat(): void {
    for (const entity of this.replayFrom.overdue()) this.snapshots.want(entity);
    this.replayFrom.tick();
  }

  /** O3: takes no more turns, appends `released` behind everything gathered, and calls `done` when it is accepted. */
  release(done: () => void): void {
    if (this.releasing) return;
    this.releasing = true;
    const moving = (): void => {
      this.runtime.observer.moving(this.id);
      this.outbox.put(this.mark('released', this.outbox.lastN + 1), { release: done, drop: () => undefined });
      this.wake();
    };
    this.outbox.hold({ release: moving, drop: () => undefined });
    this.wake();
  }

  /** Ends this epoch: everything that waits is given back. */
  end(reason: DropReason, hint: string): void {
    this.life.end();
    this.outbox.dropAll(reason, hint);
    for (const entity of this.hot.values()) {
      for (const envelope of entity.mailbox.drain()) giveBack(this.runtime.observer, this.id, envelope, reason, hint);
      entity.phase = 'gone';
      this.runtime.hotList.remove(entity);
    }
    this.hot.clear();
  }

  private get stopped(): boolean {
    return this.life.over || this.releasing;
  }

  private hooks(): ConstructorParameters<typeof Outbox>[1] {
    return {
      fence: (n) => this.mark('fence', n),
      asking: (started) => this.outages.asking(started),
      accepted: (records, offsets) => this.accepted(records, offsets),
      fenced: (owner) => this.setting.fenced(owner),
      halted: (halt) => this.setting.halted(halt),
      failed: (error) => this.runtime.observer.faulted?.(this.id, '', error, false),
    };
  }

  private accepted(records: readonly Numbered[], offsets: readonly number[]): void {
    this.replayFrom.accepted(records, offsets);
    if (this.readyEntities.length > 0) this.wake(); // turns may have waited for room in the batch
  }

  private mark(kind: MarkRecord['kind'], n: number): Numbered {
    const record: MarkRecord = { kind, epoch: this.epoch, n, at: this.turnTime() };
    return { record, bytes: encodeRecord(record), entityId: '' };
  }

  private announce(): void {
    const release = (): void => {
      this.announced = true;
      this.runtime.observer.owned(this.id, this.epoch, this.clock.offset);
    };
    this.outbox.hold({ release, drop: () => undefined });
    this.wake();
  }

  private rearm(): void {
    const at = Math.min(this.clock.monoAt(this.deadlines.wakeAt), this.outages.wakeAt);
    if (at < Infinity) this.wakeup.at(at);
  }
}
