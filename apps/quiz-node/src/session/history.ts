/**
 * Owns the latest messages of one session, so that a short absence is bridged by what was missed (protocol.md, "delta") and a new owner fills what a router
 * had not written (K4). Not journaled: it is made again by replaying, and what it does not hold is answered with a snapshot. Never gives a part.
 */
import { defaultLimits } from '@ringmaster/protocol';
import type { PrivateBatch, SharedFrame } from './frames.js';

/** Private messages kept per player that got one alone, and batches that went to many. */
const PRIVATE_KEPT = 2;

const NO_FRAMES: SharedFrame[] = [];
const NO_BATCHES: readonly PrivateBatch[] = [];

export interface MissedFrame {
  readonly s?: number;
  readonly p?: number;
  readonly bytes: Uint8Array;
}

interface Ordered extends MissedFrame {
  readonly order: number;
}

export interface Span {
  /** The position that the client has. */
  readonly from: { readonly s: number; readonly p: number };
  /** The present position. */
  readonly to: { readonly s: number; readonly p: number };
}

export class History {
  // Made when they are needed: most sessions in memory have said nothing for long.
  #shared: SharedFrame[] = NO_FRAMES;
  #batches: readonly PrivateBatch[] = NO_BATCHES;
  #single: Map<string, readonly PrivateBatch[]> | null = null;

  addShared(frame: SharedFrame): void {
    if (this.#shared === NO_FRAMES) this.#shared = [];
    this.#shared.push(frame);
    // Cut rarely, so that adding stays cheap.
    if (this.#shared.length >= 2 * defaultLimits.deltaSharedMax) this.#shared = this.#shared.slice(-defaultLimits.deltaSharedMax);
  }

  addPrivate(batch: PrivateBatch): void {
    const { items } = batch;
    if (items.length > 1) {
      this.#batches = [...this.#batches.slice(1 - PRIVATE_KEPT), batch];
      return;
    }
    const playerId = items[0]?.playerId;
    if (playerId === undefined) return;
    this.#single ??= new Map();
    this.#single.set(playerId, [...(this.#single.get(playerId) ?? []).slice(1 - PRIVATE_KEPT), batch]);
  }

  /** What a client at `from` missed, in the order in which it was said; null when not all of it is at hand. */
  missed({ from, to }: Span, playerId: string | undefined): readonly MissedFrame[] | null {
    const shared = this.#missedShared(from.s, to.s);
    if (shared === null) return null;
    const own = playerId === undefined ? [] : this.#missedPrivate(playerId, from.p, to.p);
    if (own === null) return null;
    return [...shared, ...own].sort((a, b) => a.order - b.order).map(({ order: _, ...frame }) => frame);
  }

  #missedShared(from: number, to: number): Ordered[] | null {
    const count = to - from;
    if (count < 0 || count > defaultLimits.deltaSharedMax) return null;
    if (count === 0) return [];
    const frames = this.#shared.slice(-count);
    // Dense from `from + 1` to `to`: a history that began later, or another count, is no ground for a delta.
    if (frames.length !== count || frames[0]?.s !== from + 1 || frames.at(-1)?.s !== to) return null;
    return frames.map(({ s, order, bytes }) => ({ s, order, bytes }));
  }

  #missedPrivate(playerId: string, from: number, to: number): Ordered[] | null {
    if (to < from) return null;
    const found: Ordered[] = [];
    for (const batch of [...this.#batches, ...(this.#single?.get(playerId) ?? [])]) {
      const item = batch.of(playerId);
      if (item !== undefined && item.p > from && item.p <= to) found.push({ p: item.p, order: batch.order, bytes: batch.bytes(item) });
    }
    if (found.length !== to - from) return null;
    return found.sort((a, b) => (a.p ?? 0) - (b.p ?? 0));
  }
}
