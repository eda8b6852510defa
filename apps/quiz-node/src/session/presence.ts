/**
 * Owns the audiences of all sessions on this node, and what the sessions' turns may ask about them: who is connected, and who has been gone for long. Never
 * journaled; a new owner begins with nobody, and counts absence from its claim.
 */
import type { Clock, Timers } from '@ringmaster/actors';
import { Audience } from './audience.js';
import type { OpenConnection } from './open-connection.js';

export interface PresenceDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  /** A player gone for so long does not hold up an early close, ms. */
  readonly goneMs: number;
  /** The last socket of a session is gone. */
  readonly emptied: (sessionId: string) => void;
}

/** What a turn may ask. */
export interface Attendance {
  /** Nobody's socket is open: the session may be put away. */
  mayLeaveMemory(sessionId: string): boolean;
  hostPresent(sessionId: string): boolean;
  /** A host or player is connected. */
  present(sessionId: string): boolean;
  isConnected(sessionId: string, playerId: string): boolean;
  /** Gone for more than 10 s. */
  isGone(sessionId: string, playerId: string): boolean;
}

export class Presence implements Attendance {
  readonly #audiences = new Map<string, Audience>();
  readonly #byShard = new Map<number, Set<Audience>>();
  /** When this node became owner, monotonic ms, and the offset of the session clock as it was told last. */
  readonly #claimedAt = new Map<number, { readonly epoch: number; readonly at: number; readonly offset: number }>();

  constructor(private readonly deps: PresenceDeps) {}

  of(sessionId: string): Audience | undefined {
    return this.#audiences.get(sessionId);
  }

  inShard(shard: number): Iterable<Audience> {
    return this.#byShard.get(shard) ?? [];
  }

  get sessions(): number {
    return this.#audiences.size;
  }

  /** Said at the beginning of an epoch, and whenever the session clock has moved on in it; session time = monotonic time + `offset`. */
  owned(shard: number, epoch: number, offset: number): void {
    const known = this.#claimedAt.get(shard);
    if (known?.epoch !== epoch) return void this.#claimedAt.set(shard, { epoch, at: this.deps.clock.mono(), offset });
    if (offset <= known.offset) return;
    this.#claimedAt.set(shard, { ...known, offset });
    for (const audience of this.inShard(shard)) audience.movedOn(epoch, offset - known.offset);
  }

  opened(open: OpenConnection): Audience {
    const audience = this.#audiences.get(open.sessionId) ?? this.#make(open);
    audience.opened(open);
    return audience;
  }

  removed(open: OpenConnection): void {
    const audience = this.#audiences.get(open.sessionId);
    if (audience === undefined) return;
    audience.removed(open, this.deps.clock.mono());
    if (audience.sockets > 0) return;
    this.#forget(audience);
    this.deps.emptied(audience.sessionId);
  }

  /** Who is connected to a session, for those who look after the cluster. */
  connections(sessionId: string): { readonly sockets: number; readonly hosts: number; readonly players: number } {
    const audience = this.of(sessionId);
    return { sockets: audience?.sockets ?? 0, hosts: audience?.hosts ?? 0, players: audience?.playersConnected ?? 0 };
  }

  mayLeaveMemory(sessionId: string): boolean {
    return (this.of(sessionId)?.sockets ?? 0) === 0;
  }

  hostPresent(sessionId: string): boolean {
    return this.of(sessionId)?.has('host') ?? false;
  }

  present(sessionId: string): boolean {
    const audience = this.of(sessionId);
    return audience !== undefined && (audience.has('host') || audience.has('player'));
  }

  isConnected(sessionId: string, playerId: string): boolean {
    return this.of(sessionId)?.isConnected(playerId) ?? false;
  }

  isGone(sessionId: string, playerId: string): boolean {
    const audience = this.of(sessionId);
    if (audience === undefined) return false;
    const since = audience.goneSince(playerId, this.#claimedAt.get(audience.shard)?.at ?? this.deps.clock.mono());
    return since !== null && this.deps.clock.mono() - since > this.deps.goneMs;
  }

  #make(open: OpenConnection): Audience {
    const audience = new Audience(open.sessionId, open.shard);
    this.#audiences.set(open.sessionId, audience);
    const shard = this.#byShard.get(open.shard);
    if (shard === undefined) this.#byShard.set(open.shard, new Set([audience]));
    else shard.add(audience);
    return audience;
  }

  /** An empty audience is kept while it still matters when somebody went. */
  #forget(audience: Audience): void {
    if (audience.sockets > 0 || this.#audiences.get(audience.sessionId) !== audience) return;
    if (audience.hasGoneAfter(this.deps.clock.mono() - this.deps.goneMs)) {
      this.deps.timers.after(this.deps.goneMs + 1, () => this.#forget(audience));
      return;
    }
    this.#audiences.delete(audience.sessionId);
    const shard = this.#byShard.get(audience.shard);
    shard?.delete(audience);
    if (shard?.size === 0) this.#byShard.delete(audience.shard);
  }
}
