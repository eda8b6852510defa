/**
 * The whole router without sockets, HTTP or any library that could open one: clients on one side, one link per node on the other, and what goes between them.
 * Owns the links and hands every record to the part that keeps its rule: routes.ts (K1, K3, K4, K6, T1, T3), delivery.ts and lane.ts (K2–K5, order),
 * clients.ts (K1, limits).
 */
import type { BroadcastRecord, NodeRecord } from '@ringmaster/protocol';
import { closeCodes, everybody } from '@ringmaster/protocol';
import type { Clock, LinkDialer, Membership, Random, Timers } from '@ringmaster/actors';
import { Admission, type Refusal } from './admission.js';
import { Audiences, type Audience } from './audiences.js';
import type { ClientHandlers, ClientSocket } from './client-socket.js';
import { outFrame } from './client-socket.js';
import { Clients } from './clients.js';
import type { Connection } from './connection.js';
import { newCounters, type RouterCounters } from './counters.js';
import { Delivery } from './delivery.js';
import { hintKind, reconnectHint, stalledHint, unstalledHint, type StallReason } from './hints.js';
import type { DirectRecord } from './lane.js';
import type { LinkSession } from './link-session.js';
import { NodeLink } from './node-link.js';
import type { RouterLimits } from './router-limits.js';
import { Routes, type Route } from './routes.js';
import { Stamps } from './stamps.js';
import { Wheel } from './wheel.js';

/** Where things belong, by hash alone. */
export interface Placement {
  /** Shard of a normalised session id, of `shards`. */
  shardOf(sessionId: string, shards: number): number;
  /** Who of `nodes` should own each shard. */
  placeShards(nodes: readonly string[], shards: number): readonly string[];
}

export interface RouterDeps {
  readonly name: string;
  /** Null: as the first node says. */
  readonly shards: number | null;
  readonly limits: RouterLimits;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly dialer: LinkDialer;
  readonly membership: Membership;
  readonly placement: Placement;
  /** Something that operators want to read about. */
  readonly note: (event: string, about: Readonly<Record<string, unknown>>) => void;
}

export class Router {
  readonly counters: RouterCounters = newCounters();
  readonly #deps: RouterDeps;
  readonly #boot: string;
  readonly #stamps: Stamps;
  readonly #admission: Admission;
  readonly #audiences: Audiences;
  readonly #routes: Routes;
  readonly #clients: Clients;
  readonly #wheel: Wheel<Connection>;
  readonly #links = new Map<string, NodeLink>();
  readonly #dirty = new Set<Audience>();
  /** Names of the nodes whose link is up, sorted, and the owner by the ring over them for each shard; null: to be made again. */
  #reachable: readonly string[] | null = null;
  #ring: readonly string[] | null = null;
  #shards: number | null;
  #nextConn = 1;
  #draining = false;
  #unsubscribe: () => void = () => undefined;

  constructor(deps: RouterDeps) {
    const { clock, timers, random, limits } = deps;
    const fraction = (): number => random.fraction();
    this.#deps = deps;
    this.#shards = deps.shards;
    this.#boot = Buffer.from(random.bytes(9)).toString('base64url');
    this.#stamps = new Stamps(clock, timers, limits);
    this.#admission = new Admission(limits, clock.mono());
    this.#wheel = new Wheel(clock, timers, (connection) => this.#clients.look(connection));
    this.#routes = new Routes({
      timers,
      limits,
      fraction,
      mono: () => clock.mono(),
      counters: this.counters,
      linkTo: (node) => this.#links.get(node)?.ready ?? null,
      byRing: (shard) => this.#byRing(shard),
      stalled: (route, reason) => this.#stalled(route, reason),
    });
    const delivery = new Delivery(this.counters, () => this.#stamps.awake(), {
      bound: (connection, record) => this.#clients.bound(connection, record),
      gap: (connection) => this.#routes.gap(connection),
      settled: (connection) => this.#clients.settled(connection),
      closed: (connection, code) => this.#clients.close(connection, code),
      slow: (connection, over) => this.#clients.slow(connection, over),
    });
    this.#audiences = new Audiences({ writer: delivery, soon: (fn) => timers.soon(fn), chunkSockets: limits.chunkSockets });
    this.#clients = new Clients({
      clock,
      limits,
      fraction,
      stamps: this.#stamps,
      counters: this.counters,
      admission: this.#admission,
      audiences: this.#audiences,
      routes: this.#routes,
      wheel: this.#wheel,
      send: (connection, frames) => delivery.send(connection, frames),
    });
  }

  start(): void {
    this.#stamps.start();
    this.#wheel.start();
    this.#unsubscribe = this.#deps.membership.onChange(() => this.#dialMembers());
    this.#dialMembers();
  }

  /** Ends links and timers. Sockets that are still open are terminated. */
  stop(): void {
    this.#unsubscribe();
    for (const link of this.#links.values()) link.stop();
    this.#wheel.stop();
    this.#stamps.stop();
    for (const { socket } of this.#clients.all()) socket?.terminate();
  }

  /** Clients can be served: some node can be reached. */
  get ready(): boolean {
    return !this.#draining && this.#shards !== null && this.#reachableNodes().length > 0;
  }

  /** Whether a client at this address may connect now. Null: it may, and `accept` follows. */
  admit(remote: string): Refusal | null {
    const refusal = this.#overloaded() ? ({ reason: 'overload', retryAfterS: 2 } as const) : this.#admission.ask(remote, this.#deps.clock.mono());
    if (refusal?.reason === 'address') this.counters.refusedAddress++;
    if (refusal?.reason === 'overload') this.counters.refusedOverload++;
    return refusal;
  }

  /** A client's socket for a normalised session id. Throws Error before the number of shards is known: `admit` refuses then. */
  accept(sessionId: string, socket: ClientSocket, remote: string): ClientHandlers {
    if (this.#shards === null) throw new Error('the number of shards is not known yet');
    const conn = this.#nextConn++;
    const shard = this.#deps.placement.shardOf(sessionId, this.#shards);
    return this.#clients.accept({ conn, connId: `${this.#boot}.${conn.toString(36)}`, sessionId, shard, remote }, socket);
  }

  /** The node to which REST calls about this session go, or null when none can be reached. */
  nodeOfSession(sessionId: string): string | null {
    return this.#shards === null ? null : this.nodeOfShard(this.#deps.placement.shardOf(sessionId, this.#shards));
  }

  nodeOfShard(shard: number): string | null {
    if (this.#shards === null || shard >= this.#shards) return null;
    const { served, owner } = this.#routes.get(shard);
    return served && owner !== null ? owner.session.node : (this.#byRing(shard)?.node ?? null);
  }

  /** Names of the nodes whose link is up, sorted. */
  nodes(): readonly string[] {
    return this.#reachableNodes();
  }

  /** What there is now, for metrics. */
  get gauges(): { readonly sockets: number; readonly gone: number; readonly unauthenticated: number; readonly sessions: number; readonly links: number; readonly stalls: number } {
    const { open, gone } = this.#clients.counts;
    return { sockets: open, gone, unauthenticated: this.#admission.unauthenticated, sessions: this.#audiences.size, links: this.#reachableNodes().length, stalls: this.#stamps.stalls };
  }

  /**
   * Tells every client to come back through another router, and closes them (4001) spread over up to `drainSpreadMs`. `done` is called when no socket is left and all
   * frames are done; the caller sets the limit to its patience.
   */
  drain(done: () => void): void {
    if (this.#draining) return;
    this.#draining = true;
    const { timers, limits } = this.#deps;
    const leaving = [...this.#clients.all()].filter(({ socket }) => socket !== null);
    const farewell = reconnectHint('drain', limits.reconnectMinMs, limits.reconnectMaxMs);
    for (const { socket, bound } of leaving) if (bound) socket?.send([farewell]);
    const spreadMs = Math.min(limits.drainSpreadMs, leaving.length * limits.drainPerSocketMs);
    const steps = Math.max(1, Math.min(leaving.length, Math.floor(spreadMs / limits.clockEveryMs)));
    for (let step = 0; step < steps; step++) {
      const part = leaving.slice(Math.floor((leaving.length * step) / steps), Math.floor((leaving.length * (step + 1)) / steps));
      timers.after(((step + 1) * spreadMs) / steps, () => {
        for (const connection of part) this.#clients.close(connection, closeCodes.DRAIN.code);
      });
    }
    const look = (): void => {
      const { open, gone } = this.#clients.counts;
      if (open + gone === 0) done();
      else timers.after(limits.clockEveryMs, look);
    };
    timers.after(spreadMs, look);
  }

  #overloaded(): boolean {
    if (this.#draining || this.#shards === null) return true;
    for (const link of this.#links.values()) if ((link.ready?.bufferedBytes() ?? 0) > this.#deps.limits.linkShedBytes) return true;
    return false;
  }

  #dialMembers(): void {
    const members = new Set(this.#deps.membership.view().nodes.map(({ name }) => name));
    // A node that is no member any more keeps its link for as long as that holds: membership is a hint.
    for (const [name, link] of this.#links) link.wanted = members.has(name);
    for (const name of members) {
      let link = this.#links.get(name);
      if (link === undefined) {
        const { name: router, dialer, clock, timers, random, limits } = this.#deps;
        link = new NodeLink(name, { router, boot: this.#boot, dialer, clock, timers, random, stamps: this.#stamps, limits }, {
          welcome: (node, shards) => this.#welcome(node, shards),
          ready: (session) => this.#linkReady(session),
          record: (session, record) => this.#record(session, record),
          frameEnd: (session) => this.#frameEnd(session),
          lost: (session, reason) => this.#linkLost(session, reason),
          failed: (node, reason, tries) => this.#dialFailed(node, reason, tries),
        });
        this.#links.set(name, link);
      }
      link.dial();
    }
  }

  #welcome(node: string, shards: number): string | null {
    this.#shards ??= shards;
    if (this.#shards === shards) return null;
    this.#deps.note('shards mismatch', { node, shards, expected: this.#shards });
    return `node has ${shards} shards, this router ${this.#shards}`;
  }

  #linkReady(session: LinkSession): void {
    this.counters.linksUp++;
    this.#reachable = this.#ring = null;
    this.#deps.note('link up', { node: session.node, boot: session.boot });
    this.#routes.linkReady(session);
  }

  #linkLost(session: LinkSession, reason: string): void {
    this.counters.linksLost++;
    this.#reachable = this.#ring = null;
    this.#deps.note('link lost', { node: session.node, reason });
    this.#routes.linkLost(session);
  }

  #dialFailed(node: string, reason: string, tries: number): void {
    this.counters.dialsFailed++;
    // 1, 2, 4, 8 …: a node that stays away does not fill the log.
    if ((tries & (tries - 1)) === 0) this.#deps.note('dial failed', { node, reason, tries });
  }

  #record(session: LinkSession, record: Exclude<NodeRecord, { r: 'linkWelcome' | 'beat' }>): void {
    switch (record.r) {
      case 'owner':
        return this.#routes.told(session, record.shard, record);
      case 'moving':
        return this.#routes.moving(session, record.shard);
      case 'notOwner': {
        const connection = this.#clients.get(record.conn);
        if (connection === undefined) return;
        // What the node said before it lost the shard still counts.
        this.#audiences.get(connection.id.sessionId)?.lane.run();
        return this.#routes.notOwner(session, connection, record);
      }
      case 'broadcast':
        return this.#broadcast(session, record);
      case 'each':
        for (const item of record.items) this.#direct(session, item);
        return;
      case 'data':
      case 'bind':
      case 'close':
        return this.#direct(session, record);
    }
  }

  #direct(session: LinkSession, record: DirectRecord): void {
    const connection = this.#clients.get(record.conn);
    const audience = connection && this.#audiences.get(connection.id.sessionId);
    if (connection === undefined || audience === undefined) {
      this.counters.recordsIgnored++;
      return;
    }
    audience.lane.direct(connection, session, record);
    this.#dirty.add(audience);
  }

  #broadcast(session: LinkSession, { sessionId, audience: roles, s, bytes }: BroadcastRecord): void {
    const audience = this.#audiences.get(sessionId);
    if (audience === undefined) return;
    this.counters.broadcasts++;
    audience.lane.share({ from: session, audience: roles, s, frame: outFrame(bytes), kind: s === undefined ? hintKind(bytes) : null, givenUp: false });
    this.#dirty.add(audience);
  }

  #frameEnd(session: LinkSession): void {
    for (const audience of this.#dirty) audience.lane.run();
    this.#dirty.clear();
    this.#routes.frameEnd(session);
  }

  #stalled(route: Route, reason: StallReason | null): void {
    const at = this.#routes.time(route.shard);
    const frame = reason === null ? unstalledHint(at) : stalledHint(at, reason);
    for (const sessionId of new Set([...route.connections].map(({ id }) => id.sessionId))) {
      const audience = this.#audiences.get(sessionId);
      audience?.lane.share({ from: null, audience: everybody, s: undefined, frame, kind: 'stall', givenUp: false });
      audience?.lane.run();
    }
  }

  #reachableNodes(): readonly string[] {
    return (this.#reachable ??= [...this.#links.values()].filter((link) => link.ready !== null).map(({ node }) => node).sort());
  }

  #byRing(shard: number): LinkSession | null {
    if (this.#shards === null) return null;
    this.#ring ??= this.#deps.placement.placeShards(this.#reachableNodes(), this.#shards);
    return this.#links.get(this.#ring[shard] ?? '')?.ready ?? null;
  }
}
