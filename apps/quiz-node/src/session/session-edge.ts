/**
 * Puts the session layer together: what an entity is, what the region tells its surroundings, and the links to routers. Owns the links; everything that
 * touches the outside is a port, so the same code runs in the simulation.
 * K6: whoever loses a shard tells every connection of it. K3: a newer link of a router replaces the older.
 */
import type { Behavior, Clock, LinkConnection, LinkHandlers, Membership, Random, Records, RegionObserver, RegionPort, Timers } from '@ringmaster/actors';
import { defaultLimits, type Limits } from '@ringmaster/protocol';
import { newSessionCounters } from './counters.js';
import { Decks } from './decks.js';
import type { Event } from './domain.js';
import { FanOut } from './fan-out.js';
import { KnownMembers } from './known-members.js';
import { LinkDesk } from './link-desk.js';
import { Presence } from './presence.js';
import { ReplyDesk } from './reply-desk.js';
import { RouterLink, type RouterLinkLimits } from './router-link.js';
import { sessionBehavior } from './session-behavior.js';
import type { SessionCommand, SessionReply } from './session-command.js';
import { SessionDesk } from './session-desk.js';
import type { SessionEntity } from './session-entity.js';
import type { SessionOutput } from './session-output.js';
import { ShardGate } from './shard-gate.js';
import { ShardTally, type ShardTimes } from './shard-tally.js';
import { SessionQueries } from './session-queries.js';

export interface SessionEdgeDeps {
  readonly node: string;
  readonly boot: string;
  readonly shards: number;
  /** Of which routers are told as well: they may not hear it themselves. */
  readonly membership: Membership;
  readonly records: Records;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly limits?: Limits;
  readonly linkLimits?: RouterLinkLimits;
  /** An answer was acknowledged, so long after it came over the link, ms. */
  readonly answered?: (ms: number) => void;
  readonly shardTimes?: ShardTimes;
  /** Something that operators want to read about. */
  readonly note: (event: string, about: Readonly<Record<string, unknown>>) => void;
}

type Region = RegionPort<SessionCommand, SessionReply>;

const PLAYER_ID_BYTES = 12;

export class SessionEdge implements RegionObserver<SessionOutput> {
  readonly behavior: Behavior<SessionCommand, Event, SessionEntity, SessionOutput, SessionReply>;
  readonly counters = newSessionCounters();
  readonly presence: Presence;
  readonly decks: Decks;
  readonly desk: SessionDesk;
  readonly tally: ShardTally;
  readonly #deps: SessionEdgeDeps;
  readonly #replies: ReplyDesk;
  readonly #fanOut: FanOut;
  readonly #links = new Set<LinkDesk>();
  readonly #gate: ShardGate;
  readonly #members: KnownMembers;
  #region: Region | null = null;

  constructor(deps: SessionEdgeDeps) {
    this.#deps = deps;
    const { clock, timers, records, limits = defaultLimits } = deps;
    const { counters } = this;
    const region = (): Region => this.region;
    const sessionTime = (shard: number): number => this.region.sessionTime(shard);
    this.#gate = new ShardGate(region);
    this.#members = new KnownMembers(deps.membership, (record) => {
      for (const { link } of this.#links) if (link.router !== '') link.send(record);
    });
    this.tally = new ShardTally(counters, clock, deps.shardTimes ?? {});
    this.decks = new Decks({ records, clock });
    this.presence = new Presence({ clock, timers, goneMs: limits.goneMs, emptied: (sessionId) => this.#emptied(sessionId) });
    this.desk = new SessionDesk(region, this.decks);
    this.#replies = new ReplyDesk({
      counters,
      clock,
      timers,
      limits,
      exactTime: (shard) => this.#exactTime(shard),
      presence: this.presence,
      answered: deps.answered ?? (() => undefined),
      arrived: ({ sessionId }, asking) => this.#fanOut.arrived(sessionId, asking),
    });
    this.#fanOut = new FanOut({ counters, timers, limits, sessionTime, presence: this.presence, replies: this.#replies, queries: new SessionQueries(region) });
    let generation = 0;
    this.behavior = sessionBehavior({ limits, decks: this.decks, attendance: this.presence, nextGeneration: () => ++generation });
  }

  /** The region is made of `behavior` and this observer, so it can only be given afterwards; before anything else is called. */
  attach(region: Region): void {
    this.#region = region;
  }

  get region(): Region {
    if (this.#region === null) throw new Error('the session edge has no region yet');
    return this.#region;
  }

  /** Links that are up, by router name. */
  get routers(): readonly string[] {
    return [...this.#links].map(({ link }) => link.router).filter((router) => router !== '');
  }

  /** A router has connected. */
  accept(connection: LinkConnection): LinkHandlers {
    const { clock, timers, random, linkLimits } = this.#deps;
    const desk = new LinkDesk(new RouterLink(connection, timers, linkLimits), {
      counters: this.counters,
      region: () => this.region,
      presence: this.presence,
      replies: this.#replies,
      mono: () => clock.mono(),
      freshPlayerId: () => Buffer.from(random.bytes(PLAYER_ID_BYTES)).toString('base64url'),
      greeted: (greeted) => this.#greeted(greeted),
      closed: (closed, reason) => this.#closed(closed, reason),
    });
    this.#links.add(desk);
    return desk;
  }

  /** Sends what is gathered and ends all links: the last step of a drain. */
  close(): void {
    this.#members.close();
    for (const desk of [...this.#links]) {
      desk.link.flush();
      desk.end('node stops');
    }
  }

  released(sessionId: string, outputs: readonly SessionOutput[], meta: Parameters<RegionObserver<SessionOutput>['released']>[2]): void {
    this.#fanOut.released(sessionId, outputs);
    this.desk.released(sessionId, outputs, meta);
  }

  owned(shard: number, epoch: number, offset: number): void {
    this.tally.owned(shard, epoch);
    this.presence.owned(shard, epoch, offset);
    this.desk.stalled(shard, false);
    for (const { link } of this.#links) if (link.router !== '') link.send({ r: 'owner', shard, epoch, offset });
  }

  lost(shard: number, hint: string): void {
    this.tally.lost(shard);
    this.desk.stalled(shard, false);
    for (const audience of [...this.presence.inShard(shard)]) for (const open of [...audience.opens]) this.#replies.notOwner(open, hint);
  }

  moving(shard: number): void {
    this.tally.moving(shard);
    for (const { link } of this.#links) if (link.router !== '') link.send({ r: 'moving', shard });
  }

  stalled(shard: number, stalled: boolean): void {
    this.tally.stalled(shard, stalled);
    this.#fanOut.stalled(shard, stalled);
    this.desk.stalled(shard, stalled);
  }

  recovered(_shard: number, ms: number): void {
    this.tally.recovered(ms);
  }

  hung(ms: number): void {
    this.counters.hangs++;
    this.#deps.note('stood still', { ms: Math.round(ms) });
  }

  halted(shard: number, code: string, message: string): void {
    this.#deps.note('shard halted', { shard, code, message });
  }

  faulted(shard: number, sessionId: string, error: unknown, quarantined: boolean): void {
    this.counters.turnsFaulted++;
    if (quarantined) this.counters.quarantined++;
    this.#deps.note('turn faulted', { shard, sessionId, quarantined, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }

  #greeted(desk: LinkDesk): void {
    const { node, boot, shards } = this.#deps;
    const { link } = desk;
    for (const other of [...this.#links]) if (other !== desk && other.link.router === link.router) other.end('a newer link of this router');
    link.send({ r: 'linkWelcome', node, boot, shards });
    link.send(this.#members.record);
    // L6: a node that was paused may have been replaced, and must not call itself the owner before it knows better.
    for (const shard of this.region.ownedShards()) this.#gate.passed(shard, () => this.#tellOwner(desk, shard));
    this.#deps.note('link up', { router: link.router });
  }

  #exactTime(shard: number): number {
    const ownership = this.region.ownership(shard);
    return ownership.kind === 'active' ? this.#deps.clock.mono() + ownership.offset : this.region.sessionTime(shard);
  }

  #tellOwner({ link }: LinkDesk, shard: number): void {
    const ownership = this.region.ownership(shard);
    if (ownership.kind === 'active') link.send({ r: 'owner', shard, epoch: ownership.epoch, offset: ownership.offset });
  }

  #closed(desk: LinkDesk, reason: string): void {
    if (!this.#links.delete(desk)) return;
    const { router } = desk.link;
    if (router === '') return;
    this.region.edgeGone(router);
    this.#deps.note('link lost', { router, reason });
  }

  #emptied(sessionId: string): void {
    this.#fanOut.ended(sessionId);
    this.region.touch(sessionId);
  }
}
