/**
 * Owns who is connected to one session through this node. A player counts as gone from the later of the disconnect and this node's claim.
 * K5: of a player's connections the one of the highest generation stays.
 */
import { isNewer, type Generation } from './bind-blob.js';
import type { OpenConnection } from './open-connection.js';
import type { RouterLink } from './router-link.js';
import type { Identity } from './seat.js';

interface Attendee {
  open: OpenConnection | null;
  /** Monotonic ms; counts while `open` is null. */
  goneAt: number;
}

export class Audience {
  /** Connections that are open here, welcomed or not. */
  sockets = 0;
  hosts = 0;
  playersConnected = 0;
  /** Connections with a role, by the link they came through: where broadcasts go. */
  readonly links = new Map<RouterLink, number>();
  readonly #attendees = new Map<string, Attendee>();
  readonly #opens = new Set<OpenConnection>();

  constructor(
    readonly sessionId: string,
    readonly shard: number,
  ) {}

  get opens(): Iterable<OpenConnection> {
    return this.#opens;
  }

  /** Whether somebody of this role is connected; who was welcomed by another owner, and is just being bound again, is. */
  has(role: 'host' | 'player'): boolean {
    if ((role === 'host' ? this.hosts : this.playersConnected) > 0) return true;
    for (const { bound, closing, seat } of this.#opens) if (bound === null && !closing && seat.identity?.role === role) return true;
    return false;
  }

  opened(open: OpenConnection): void {
    this.#opens.add(open);
    this.sockets = this.#opens.size;
  }

  /** The connection has a role. @returns the connection that has to go: an older one of the same player, or this one, or null. */
  bound(open: OpenConnection, identity: Identity, gen: Generation): OpenConnection | null {
    open.bound = identity;
    open.gen = gen;
    this.links.set(open.link, (this.links.get(open.link) ?? 0) + 1);
    if (identity.role === 'host') this.hosts++;
    const { playerId } = identity;
    if (playerId === undefined) return null;
    const attendee = this.#attendees.get(playerId);
    const older = attendee?.open ?? null;
    if (older !== null && isNewer(older.gen, gen)) return open;
    if (older === null) this.playersConnected++;
    this.#attendees.set(playerId, { open, goneAt: 0 });
    return older;
  }

  /** The connection gets nothing more. `now`: monotonic ms. */
  left(open: OpenConnection, now: number): void {
    const identity = open.bound;
    if (identity === null) return;
    open.bound = null;
    const count = (this.links.get(open.link) ?? 1) - 1;
    if (count > 0) this.links.set(open.link, count);
    else this.links.delete(open.link);
    if (identity.role === 'host') this.hosts--;
    const attendee = identity.playerId === undefined ? undefined : this.#attendees.get(identity.playerId);
    if (attendee?.open !== open) return;
    attendee.open = null;
    attendee.goneAt = now;
    this.playersConnected--;
  }

  /** The connection is not open here any more. */
  removed(open: OpenConnection, now: number): void {
    this.left(open, now);
    this.#opens.delete(open);
    this.sockets = this.#opens.size;
  }

  /**
   * The session's clock was too low by `byMs` since this epoch began (T1): what was said since then by routers that did not know the owner before was stamped by it.
   */
  movedOn(epoch: number, byMs: number): void {
    for (const open of this.#opens) if (open.gen.epoch === epoch) open.gen = { ...open.gen, at: open.gen.at + byMs };
  }

  openOf(playerId: string): OpenConnection | null {
    return this.#attendees.get(playerId)?.open ?? null;
  }

  isConnected(playerId: string): boolean {
    return this.openOf(playerId) !== null;
  }

  /** Since when a player is gone, monotonic ms; null while connected. `claimedAt`: for one who was never seen here. */
  goneSince(playerId: string, claimedAt: number): number | null {
    const attendee = this.#attendees.get(playerId);
    if (attendee === undefined) return claimedAt;
    return attendee.open === null ? Math.max(attendee.goneAt, claimedAt) : null;
  }

  /** Somebody was here so recently that it matters when. */
  hasGoneAfter(mono: number): boolean {
    for (const { open, goneAt } of this.#attendees.values()) if (open === null && goneAt > mono) return true;
    return false;
  }
}
