/**
 * A node's shards and all that they share. Owns the list of shards, the beat, and what the ring wants of this node; who owns a shard
 * is decided by the log alone. O1: every shard that the ring gives this node has an owner. O3: planned moves, a bounded number at a
 * time. L7: one look at the ends of all owned shards with every beat.
 */
import { HotList } from '../entity/hot-list.js';
import { Mailbox } from '../entity/mailbox.js';
import { Passivation } from '../entity/passivation.js';
import { defaultLimits, type Limits } from '../limits.js';
import type { Behavior } from '../behavior.js';
import { placeShards } from '../placement/ring.js';
import { shardOf } from '../placement/shard-of.js';
import type { Clock, Random, Timers } from '../ports/clock.js';
import type { Journal } from '../ports/journal.js';
import type { Membership, Peers, ProbeAnswer, ShardReport } from '../ports/membership.js';
import type { SnapshotStore } from '../ports/snapshot-store.js';
import type { ActiveShard } from '../shard/active-shard.js';
import { EdgeClocks } from '../shard/close-gate.js';
import { Shard } from '../shard/shard.js';
import { Permits } from '../time/permits.js';
import { Vigil } from '../time/vigil.js';
import type { Envelope } from './envelope.js';
import { HandOffs } from './hand-offs.js';
import type { RegionObserver } from './observer.js';
import { ownerAnswers } from './probe.js';
import type { Ownership, RegionPort } from './region-port.js';
import type { Runtime } from './runtime.js';
import { Scheduler } from './scheduler.js';

export interface RegionOptions<Command, Event, State, Output, Reply> {
  readonly nodeName: string;
  /** Tells this process from others of the same name. */
  readonly boot: string;
  /** How many shards the cluster was made with. */
  readonly shards: number;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly membership: Membership;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly behavior: Behavior<Command, Event, State, Output, Reply>;
  readonly observer: RegionObserver<Output>;
  readonly limits?: Partial<Limits>;
  /** S5: whether the log of `shard` below `below` may be forgotten. Absent: nothing is ever forgotten. */
  readonly mayTrim?: (shard: number, below: number) => boolean | Promise<boolean>;
}

/** The runtime of one node. Claims nothing before `start`. */
export interface Region<Command, Reply> extends RegionPort<Command, Reply> {
  start(): void;
  /** What this node answers to another's probe (O2). */
  probeAnswer(shard: number, epoch: number): ProbeAnswer;
  /** O3: hands one shard over to `to`. Resolves when it is not owned here any more; with false when `to` could not recover it now, and it stays here. */
  move(shard: number, to: string): Promise<boolean>;
  /** O3: reads the shard's log while it has an owner, claims it when it has none, and keeps it until the ring changes. Resolves when that is settled. @throws when it could not be recovered here now */
  take(shard: number): Promise<void>;
  /** Claims nothing any more and hands every shard over. Resolves when none is owned. */
  drain(): Promise<void>;
  /** Stops at once: commands that wait are given back, nothing more is written. */
  stop(): void;
  stats(): RegionStats;
  /** The shards that this node has to do with. */
  reports(): readonly ShardReport[];
}

export interface RegionStats {
  readonly owned: number;
  readonly halted: number;
  /** Of which this node is finding out who owns them, or which it has claimed and is recovering. */
  readonly unsettled: number;
  readonly hot: number;
  /** Entities known to the owned shards, hot and passive. */
  readonly entities: number;
  readonly mailboxed: number;
  /** Shards that the ring gives this node, and of which it has not yet been clear who owns them. */
  readonly unclear: number;
}

export function createRegion<Command, Event, State, Output, Reply>(options: RegionOptions<Command, Event, State, Output, Reply>): Region<Command, Reply> {
  return new NodeRegion(options as unknown as RegionOptions<unknown, unknown, unknown, unknown, unknown>);
}

class NodeRegion implements Region<unknown, unknown> {
  private readonly runtime: Runtime;
  private readonly passivation: Passivation;
  private readonly shards: readonly Shard[];
  private readonly handOffs: HandOffs;
  /** Which node the ring gives each shard, for the membership's present version. */
  private placement: readonly string[] = [];
  private phase: 'new' | 'running' | 'draining' | 'stopped' = 'new';
  /** Shards that were given to this node by order; a new ring decides about them again. */
  private readonly taken = new Set<number>();
  private readonly endings: (() => void)[] = [];
  private cancelBeat: () => void = () => undefined;

  constructor(private readonly options: RegionOptions<unknown, unknown, unknown, unknown, unknown>) {
    const limits: Limits = { ...defaultLimits, ...options.limits };
    const { clock, timers, membership, nodeName } = options;
    const budget = { used: 0, max: limits.mailboxNodeMax, maxEach: limits.mailboxMax };
    this.runtime = {
      ...options,
      self: { name: nodeName, owner: `${nodeName}/${options.boot}` },
      limits,
      budget,
      storage: { full: false },
      scheduler: new Scheduler(timers, limits.sliceTurnsMax),
      hotList: new HotList(),
      edges: new EdgeClocks(),
      vigil: new Vigil(clock, timers, limits, (ms) => this.hung(ms)),
      recoveries: new Permits(limits.recoveriesMax),
      loads: new Permits(limits.loadsMax),
      snapshotting: new Permits(limits.snapshotsMax),
      // Also one that the membership misses: it may only be Redis that it cannot reach, and its players answer.
      routers: () => [...new Set([...membership.view().routers, ...this.runtime.edges.routers])],
      newMailbox: () => new Mailbox(budget),
      mayTrim: options.mayTrim ?? (() => false),
    };
    this.passivation = new Passivation(this.runtime, ({ shard }) => this.shards[shard]?.active);
    this.shards = Array.from({ length: options.shards }, (_, id) => this.newShard(id));
    this.handOffs = new HandOffs({
      clock, timers, limits,
      target: (shard) => (this.phase === 'running' && this.taken.has(shard) ? '' : this.ringHint(shard)),
      isQuiet: (shard) => this.shard(shard).active?.quiet ?? true,
      take: (node, shard) => options.peers.take(node, shard),
      release: (shard, hint) => this.shard(shard).release(hint),
    });
    this.place();
  }

  start(): void {
    if (this.phase !== 'new') return;
    this.phase = 'running';
    this.endings.push(this.options.membership.onChange(() => this.placed()));
    this.placed();
    this.runtime.vigil.start();
    this.beat();
  }

  shardOf(entityId: string): number {
    return shardOf(entityId, this.shards.length);
  }

  tell(envelope: Envelope<unknown, unknown>): void {
    this.shard(this.shardOf(envelope.entityId)).tell(envelope);
  }

  ownership(shard: number): Ownership {
    return this.shard(shard).ownership();
  }

  sessionTime(shard: number): number {
    const { clock } = this.runtime;
    return this.shard(shard).active?.clock.now() ?? Math.floor(clock.wall());
  }

  ownedShards(): readonly number[] {
    return this.owned().map(({ id }) => id);
  }

  reportTime(shard: number, offset: number): void {
    this.shard(shard).reportTime(offset);
  }

  reportLastOwner(shard: number, epoch: number, seenAt: number): void {
    this.shard(shard).lastHeard.report(epoch, seenAt);
  }

  edgeAttached(router: string, shard: number, epoch: number): void {
    this.shard(shard).active?.attached(router, epoch);
  }

  edgeClock(router: string, mono: number): void {
    this.runtime.edges.show(router, mono);
    this.edgesMoved();
  }

  edgeGone(router: string): void {
    this.runtime.edges.gone(router);
  }

  touch(entityId: string): void {
    this.shard(this.shardOf(entityId)).active?.entities.touch(entityId);
  }

  probeAnswer(shard: number, epoch: number): ProbeAnswer {
    return this.shards[shard]?.probeAnswer(epoch) ?? 'no';
  }

  async move(shard: number, to: string): Promise<boolean> {
    const moved = await this.handOffs.move(shard, to);
    if (moved) this.taken.delete(shard);
    return moved;
  }

  async take(shard: number): Promise<void> {
    const taken = this.shard(shard);
    if (this.phase !== 'running') throw new Error(`${this.options.nodeName} claims nothing now: it has not joined yet, or ends`);
    this.taken.add(shard);
    try {
      await taken.take();
    } finally {
      if (!taken.active) this.taken.delete(shard);
    }
  }

  async drain(): Promise<void> {
    if (this.phase === 'stopped') return;
    this.phase = 'draining';
    this.place();
    await this.handOffs.all(this.ownedShards());
    for (const shard of this.shards) if (!shard.active) shard.stop();
    await this.handOffs.all(this.ownedShards());
  }

  stop(): void {
    this.phase = 'stopped';
    this.cancelBeat();
    this.runtime.vigil.stop();
    this.handOffs.stop();
    for (const end of this.endings.splice(0)) end();
    for (const shard of this.shards) shard.stop();
  }

  stats(): RegionStats {
    const owned = this.owned();
    return {
      owned: owned.length,
      halted: this.shards.filter(({ phase }) => phase.kind === 'halted').length,
      unsettled: this.shards.filter(({ phase }) => 'life' in phase).length,
      hot: this.runtime.hotList.size,
      entities: owned.reduce((sum, { roster }) => sum + roster.size, 0),
      mailboxed: this.runtime.budget.used,
      unclear: this.shards.filter(({ id, clear }) => !clear && this.placement[id] === this.options.nodeName).length,
    };
  }

  reports(): readonly ShardReport[] {
    return this.shards.flatMap((shard) => shard.report() ?? []);
  }

  private newShard(id: number): Shard {
    const { peers } = this.options;
    return new Shard(id, this.runtime, {
      passivation: this.passivation,
      answers: (owner, shard, epoch, retry) => ownerAnswers(owner, shard, epoch, retry, { self: this.runtime.self, peers, limits: this.runtime.limits }),
      ringHint: (shard) => this.ringHint(shard),
      mayClaim: () => this.phase === 'running',
    });
  }

  private shard(id: number): Shard {
    const shard = this.shards[id];
    if (!shard) throw new RangeError(`there is no shard ${id}; the cluster was made with ${this.shards.length}`);
    return shard;
  }

  private owned(): ActiveShard[] {
    return this.shards.flatMap(({ active }) => (active ? [active] : []));
  }

  private beat(): void {
    this.cancelBeat = this.options.timers.after(this.runtime.limits.lookEveryMs, () => this.beat());
    this.attend();
    this.look().catch(() => undefined); // L7 the next look is a second away
    const owned = this.owned();
    this.runtime.storage.full = owned.some(({ storageFull }) => storageFull);
    for (const active of owned) active.beat();
    this.handOffs.consider(this.ownedShards());
    this.passivation.sweep();
  }

  /** L7: whether anybody has appended to a shard of this node. */
  private async look(): Promise<void> {
    const shards = this.ownedShards();
    if (shards.length === 0) return;
    const ends = await this.runtime.journal.ends(shards);
    for (const [shard, { end }] of ends) this.shards[shard]?.active?.outbox.look(end);
  }

  private placed(): void {
    this.taken.clear();
    this.place();
    this.attend();
    this.edgesMoved();
    this.handOffs.ringChanged(this.ownedShards());
  }

  private place(): void {
    const names = this.options.membership.view().nodes.map(({ name }) => name);
    const taking = this.phase === 'draining' ? names.filter((name) => name !== this.options.nodeName) : names;
    this.placement = placeShards(taking, this.options.shards);
  }

  /** O1 */
  private attend(): void {
    for (const shard of this.shards) if (this.placement[shard.id] === this.options.nodeName) shard.attend();
  }

  private edgesMoved(): void {
    for (const { active } of this.shards) active?.edgeShown();
  }

  private hung(ms: number): void {
    this.options.observer.hung?.(ms);
    for (const active of this.owned()) active.outages.hung(ms);
  }

  private ringHint(shard: number): string {
    const node = this.placement[shard] ?? '';
    return node === this.options.nodeName ? '' : node;
  }
}
