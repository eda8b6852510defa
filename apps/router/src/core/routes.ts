/**
 * Owns, for every shard, which node is taken for its owner, and where each connection of the shard is open. Does not own links (node-link.ts) nor what owners
 * send (delivery.ts).
 * K1: kept frames are sent again, in order, to each next owner. K3: all connections of a shard use the link of its owner. K4: `open` reports what was written.
 * K6: notOwner and moving count only from where the connection is open. T1: a frame's arrival is converted once, for the owner that it is first handed to.
 * T3: `attached` follows all opens and kept frames of the shard on that link.
 */
import type { NotOwnerRecord } from '@ringmaster/protocol';
import type { Timers } from '@ringmaster/actors';
import type { Connection } from './connection.js';
import type { RouterCounters } from './counters.js';
import type { StallReason } from './hints.js';
import type { KeptFrame } from './kept-frames.js';
import type { LinkSession, Told } from './link-session.js';
import { attachedRecord, beforeTakeover, lastBefore, latest, offsetFor, openRecord, past, sessionTime, type LastOwner } from './open-record.js';

export interface RouteLimits {
  readonly hopsMax: number;
  readonly hopBackOffMinMs: number;
  readonly hopBackOffMaxMs: number;
  /** A shard without an owner for so long tells its clients. */
  readonly stallHintMs: number;
  /** A gap that is not filled for so long opens again. */
  readonly fillWithinMs: number;
}

export interface RouteDeps {
  readonly timers: Timers;
  readonly mono: () => number;
  readonly fraction: () => number;
  readonly counters: RouterCounters;
  readonly limits: RouteLimits;
  /** The link to a node, if connections can be opened on it. */
  readonly linkTo: (node: string) => LinkSession | null;
  /** Who should own the shard, by the ring over the nodes that can be reached; null when there are none. */
  readonly byRing: (shard: number) => LinkSession | null;
  readonly stalled: (route: Route, reason: StallReason | null) => void;
}

export interface Route {
  readonly shard: number;
  readonly connections: Set<Connection>;
  /** As told last, and kept beyond its link: its clock says what the time is. */
  owner: LastOwner | null;
  /** The owner has told so on a link that is up, and has not denied it since. */
  served: boolean;
  /** Named by a node that is not the owner. */
  hint: string;
  moving: boolean;
  backOffMs: number;
  cancelRetry: (() => void) | null;
  cancelStall: (() => void) | null;
  stallShown: boolean;
}

export class Routes {
  readonly #deps: RouteDeps;
  readonly #routes = new Map<number, Route>();

  constructor(deps: RouteDeps) {
    this.#deps = deps;
  }

  get(shard: number): Route {
    let route = this.#routes.get(shard);
    if (route === undefined) {
      route = { shard, connections: new Set(), owner: null, served: false, hint: '', moving: false, backOffMs: 0, cancelRetry: null, cancelStall: null, stallShown: false };
      this.#routes.set(shard, route);
    }
    return route;
  }

  all(): Iterable<Route> {
    return this.#routes.values();
  }

  add(connection: Connection): void {
    const route = this.get(connection.id.shard);
    route.connections.add(connection);
    this.#place(route, connection);
    if (!route.served) this.#unserved(route, this.#deps.mono());
  }

  remove(connection: Connection): void {
    this.#detach(connection);
    const route = this.get(connection.id.shard);
    route.connections.delete(connection);
    if (route.connections.size > 0) return;
    this.#clearStall(route);
    this.#endBackOff(route);
  }

  /** Hands a frame that has just been read to the owner, or leaves it kept until there is one. */
  hand(connection: Connection, frame: KeptFrame): void {
    if (connection.flowing) this.#send(connection, frame);
  }

  /** `owner` came, or is known of a link that has just become ready. */
  told(session: LinkSession, shard: number, { epoch, offset }: Told): void {
    const route = this.get(shard);
    const known = route.owner;
    // A lower epoch is an owner that does not know yet that it was replaced; it is asked only when nobody else can be.
    if (known !== null && epoch < known.epoch && route.served) return;
    const same = known !== null && known.epoch === epoch;
    const before = same ? known.before : lastBefore(known, epoch);
    const now = this.#deps.mono();
    // T1: whoever has just taken over may not have heard yet what the time was by the one before; it will have to go on from there, and never goes back.
    const floor = same ? known.offset : before === null ? -Infinity : offsetFor(session, before, now);
    route.owner = { session, epoch, offset: Math.max(offset, floor), toldOffset: offset, before, since: same ? known.since : now };
    const fresh = !route.served || known?.session !== session || known.epoch !== epoch;
    if (!fresh) return;
    route.served = true;
    route.hint = '';
    route.moving = false;
    route.backOffMs = 0;
    this.#endBackOff(route);
    for (const connection of route.connections) {
      const here = connection.at === session && (connection.openEpoch === 0 || connection.openEpoch === epoch);
      if (!here) this.open(connection, session);
      else this.#flow(connection, epoch);
    }
    session.toAttach.add(shard);
    this.#clearStall(route);
  }

  /** Sends what a frame of records made due. */
  frameEnd(session: LinkSession): void {
    if (session.toAttach.size === 0) return;
    const now = this.#deps.mono();
    const owners = [...session.toAttach].map((shard) => ({ shard, owner: this.get(shard).owner }));
    session.toAttach.clear();
    session.send(attachedRecord(session, owners.filter(({ owner }) => owner?.session === session), now));
  }

  notOwner(session: LinkSession, connection: Connection, { hint }: NotOwnerRecord): void {
    if (connection.at !== session) {
      this.#deps.counters.recordsIgnored++;
      return;
    }
    const route = this.get(connection.id.shard);
    this.#detach(connection);
    connection.hops++;
    this.#deps.counters.hops++;
    if (route.owner?.session === session) this.#lost(route, this.#deps.mono());
    if (hint !== session.node) route.hint = hint;
    if (connection.hops > this.#deps.limits.hopsMax) this.#backOff(route);
    this.#place(route, connection);
  }

  moving(session: LinkSession, shard: number): void {
    const route = this.get(shard);
    for (const connection of route.connections) {
      if (connection.at !== session) continue;
      route.moving = true;
      return;
    }
  }

  /** The link broke: what was open there is opened elsewhere, or waits. */
  linkLost(session: LinkSession): void {
    for (const route of this.#routes.values()) if (route.owner?.session === session) this.#lost(route, session.lastBeatAt);
    const homeless = [...session.connections];
    for (const connection of homeless) this.#detach(connection);
    for (const connection of homeless) this.#place(this.get(connection.id.shard), connection);
  }

  /** A link became ready: it may be what waiting connections need. */
  linkReady(session: LinkSession): void {
    for (const [shard, told] of session.told) this.told(session, shard, told);
    for (const route of this.#routes.values()) {
      if (route.hint === session.node) this.#endBackOff(route);
      this.#placeWaiting(route);
    }
  }

  /** Opens, or opens again, and sends the kept frames behind it. */
  open(connection: Connection, session: LinkSession): void {
    const { mono, counters } = this.#deps;
    const route = this.get(connection.id.shard);
    if (connection.at !== session) this.#detach(connection);
    connection.at = session;
    session.connections.add(connection);
    connection.openedAt = mono();
    connection.filling = true;
    connection.flowing = false;
    connection.openEpoch = 0;
    counters.opens++;
    const { owner } = route;
    const owns = route.served && owner?.session === session;
    session.send(openRecord(connection, session, owns ? beforeTakeover(owner, connection.openedAt) : latest(owner), connection.openedAt));
    if (owns) this.#flow(connection, owner.epoch);
  }

  /** K4: something before a message is missing. While the owner is still filling, that is expected. */
  gap(connection: Connection): void {
    if (connection.at === null) return;
    if (connection.filling && this.#deps.mono() - connection.openedAt < this.#deps.limits.fillWithinMs) return;
    this.#deps.counters.gaps++;
    this.open(connection, connection.at);
  }

  /** Session time of the shard now, ms; 0 when no owner was ever known. */
  time(shard: number): number {
    return sessionTime(this.get(shard).owner, this.#deps.mono());
  }

  #flow(connection: Connection, epoch: number): void {
    connection.openEpoch = epoch;
    if (connection.flowing) return;
    connection.flowing = true;
    for (const frame of connection.kept.frames) {
      if (frame.recvAt !== null) this.#deps.counters.framesSentAgain++;
      this.#send(connection, frame);
    }
  }

  #send(connection: Connection, frame: KeptFrame): void {
    const { owner } = this.get(connection.id.shard);
    const { at } = connection;
    if (at === null || owner === null) return;
    frame.recvAt ??= at.clock.toNode(frame.stamp) + owner.offset;
    at.send({ r: 'data', conn: connection.id.conn, k: frame.k, recvAt: frame.recvAt, flags: frame.flags, bytes: frame.bytes });
  }

  #detach(connection: Connection): void {
    connection.at?.connections.delete(connection);
    connection.at = null;
    connection.flowing = false;
    connection.openEpoch = 0;
  }

  /** Opens a connection that is open nowhere at the likeliest owner, or lets it wait. */
  #place(route: Route, connection: Connection): void {
    if (connection.at !== null || route.cancelRetry !== null) return;
    const session = this.#likeliest(route);
    if (session !== null) this.open(connection, session);
  }

  #likeliest(route: Route): LinkSession | null {
    if (route.served && route.owner !== null) return route.owner.session;
    const hinted = route.hint === '' ? null : this.#deps.linkTo(route.hint);
    return hinted ?? this.#deps.byRing(route.shard);
  }

  #placeWaiting(route: Route): void {
    for (const connection of route.connections) this.#place(route, connection);
  }

  /** The shard's connections wait before they hop on. */
  #backOff(route: Route): void {
    if (route.cancelRetry !== null) return;
    const { hopBackOffMinMs, hopBackOffMaxMs } = this.#deps.limits;
    this.#deps.counters.backOffs++;
    route.backOffMs = Math.min(hopBackOffMaxMs, Math.max(hopBackOffMinMs, route.backOffMs * 2));
    route.cancelRetry = this.#deps.timers.after(route.backOffMs * (0.5 + this.#deps.fraction() / 2), () => {
      route.cancelRetry = null;
      route.hint = '';
      for (const connection of route.connections) if (connection.at === null) connection.hops = 0;
      this.#placeWaiting(route);
    });
  }

  #endBackOff(route: Route): void {
    route.cancelRetry?.();
    route.cancelRetry = null;
  }

  #lost(route: Route, since: number): void {
    if (!route.served) return;
    route.served = false;
    if (route.owner !== null) route.owner = past(route.owner);
    this.#unserved(route, since);
  }

  #unserved(route: Route, since: number): void {
    if (route.cancelStall !== null || route.stallShown || route.connections.size === 0) return;
    const ms = Math.max(0, since + this.#deps.limits.stallHintMs - this.#deps.mono());
    route.cancelStall = this.#deps.timers.after(ms, () => {
      route.cancelStall = null;
      route.stallShown = true;
      this.#deps.stalled(route, route.moving ? 'moving' : 'owner');
    });
  }

  #clearStall(route: Route): void {
    route.cancelStall?.();
    route.cancelStall = null;
    if (!route.stallShown) return;
    route.stallShown = false;
    this.#deps.stalled(route, null);
  }
}
