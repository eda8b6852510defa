/**
 * The whole router without sockets, HTTP or any library that could open one: clients on one side, one link per node on the other, and what goes between them.
 * Hands every record to the part that keeps its rule: routes.ts (K1, K3, K4, K6, T1, T3), delivery.ts and lane.ts (K2–K5, order), clients.ts (K1, limits);
 * node-links.ts has the links.
 */
import type { BroadcastRecord } from '@ringmaster/protocol';
import { closeCodes, everybody } from '@ringmaster/protocol';
import type { Clock, LinkDialer, Random, Timers } from '@ringmaster/actors';
import { Admission, type Refusal } from './admission.js';
import { Audiences, type Audience } from './audiences.js';
import type { ClientHandlers, ClientSocket } from './client-socket.js';
import { outFrame } from './client-socket.js';
import { Clients } from './clients.js';
import type { Connection } from './connection.js';
import { newCounters, type RouterCounters } from './counters.js';
import { Delivery } from './delivery.js';
import { hintKind, reconnectHint, stalledHint, unstalledHint, type StallReason } from './hints.js';
import type { OwnMembership } from './known-nodes.js';
import type { DirectRecord } from './lane.js';
import type { LinkSession } from './link-session.js';
import type { LinkRecord } from './node-link.js';
import { NodeLinks } from './node-links.js';
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
  readonly membership: OwnMembership;
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
  readonly #links: NodeLinks;
  readonly #dirty = new Set<Audience>();
  #shards: number | null;
  #nextConn = 1;
  #draining = false;

  constructor(deps: RouterDeps) {
    const { name: router, clock, timers, random, limits, dialer, membership, placement } = deps;
    const fraction = (): number => random.fraction();
    this.#deps = deps;
    this.#shards = deps.shards;
    this.#boot = Buffer.from(random.bytes(9)).toString('base64url');
    this.#stamps = new Stamps(clock, timers, limits);
    this.#admission = new Admission(limits, clock.mono());
    this.#wheel = new Wheel(clock, timers, (connection) => this.#clients.look(connection));
    this.#links = new NodeLinks(
      { router, boot: this.#boot, dialer, clock, timers, random, stamps: this.#stamps, limits, membership, placeShards: (nodes, shards) => placement.placeShards(nodes, shards) },
      {
        welcome: (node, shards) => this.#welcome(node, shards),
        ready: (session) => this.#linkReady(session),
        record: (session, record) => this.#record(session, record),
        frameEnd: (session) => this.#frameEnd(session),
        lost: (session, reason) => this.#linkLost(session, reason),
        failed: (session, reason, tries) => this.#dialFailed(session, reason, tries),
      },
    );
    this.#routes = new Routes({
      timers,
      limits,
      fraction,
      mono: () => clock.mono(),
      counters: this.counters,
      linkTo: (node) => this.#links.ready(node),
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
    this.#links.start();
  }

  /** Ends links and timers. Sockets that are still open are terminated. */
  stop(): void {
    this.#links.stop();
    this.#wheel.stop();
    this.#stamps.stop();
    for (const { socket } of this.#clients.all()) socket?.terminate();
  }

  /** Clients can be served: some node can be reached. */
  get ready(): boolean {
    return !this.#draining && this.#shards !== null && this.nodes().length > 0;
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
    return this.#links.names();
  }

  /** `host:port` at which the node's link is up, or is dialled next; undefined for a node that nobody knows. */
  addressOf(node: string): string | undefined {
    return this.#links.addressOf(node);
  }

  /** What there is now, for metrics. */
  get gauges(): { readonly sockets: number; readonly gone: number; readonly unauthenticated: number; readonly sessions: number; readonly links: number; readonly stalls: number } {
    const { open, gone } = this.#clients.counts;
    return { sockets: open, gone, unauthenticated: this.#admission.unauthenticated, sessions: this.#audiences.size, links: this.nodes().length, stalls: this.#stamps.stalls };
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
    return this.#draining || this.#shards === null || this.#links.isAnyBehind(this.#deps.limits.linkShedBytes);
  }

  #welcome(node: string, shards: number): string | null {
    this.#shards ??= shards;
    if (this.#shards === shards) return null;
    this.#deps.note('shards mismatch', { node, shards, expected: this.#shards });
    return `node has ${shards} shards, this router ${this.#shards}`;
  }

  #linkReady(session: LinkSession): void {
    this.counters.linksUp++;
    this.#deps.note('link up', { node: session.node, boot: session.boot, address: session.address });
    this.#routes.linkReady(session);
  }

  #linkLost(session: LinkSession, reason: string): void {
    this.counters.linksLost++;
    this.#deps.note('link lost', { node: session.node, reason });
    this.#routes.linkLost(session);
  }

  #dialFailed({ node, address }: LinkSession, reason: string, tries: number): void {
    this.counters.dialsFailed++;
    // 1, 2, 4, 8 …: a node that stays away does not fill the log.
    if ((tries & (tries - 1)) === 0) this.#deps.note('dial failed', { node, address, reason, tries });
  }

  #record(session: LinkSession, record: LinkRecord): void {
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

  #byRing(shard: number): LinkSession | null {
    return this.#shards === null ? null : this.#links.byRing(shard, this.#shards);
  }
}
