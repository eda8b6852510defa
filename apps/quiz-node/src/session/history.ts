/**
 * Owns the latest messages of one session, so that a short absence is bridged by what was missed (protocol.md, "delta") and a new owner fills what a router
 * had not written (K4). Not journaled: it is made again by replaying, and what it does not hold is answered with a snapshot. Never gives a part.
 * Bounded in number, and in bytes (`historyBytesMax`).
 */
import { defaultLimits, type Limits } from '@ringmaster/protocol';
import type { PrivateBatch, SharedFrame } from './frames.js';

/** Private messages kept per player that got one alone, and batches that went to many. */
const PRIVATE_KEPT = 2;

const NO_FRAMES: Kept<SharedFrame>[] = [];
const NO_BATCHES: Kept<PrivateBatch>[] = [];
const orderOf = ([first]: readonly Kept<{ readonly order: number }>[]): number => first?.message.order ?? Infinity;

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

export type HistoryLimits = Pick<Limits, 'deltaSharedMax' | 'historyBytesMax'>;

/** With its weight, bytes, as it was when it was added. */
interface Kept<Message> {
  readonly message: Message;
  readonly weight: number;
}

export class History {
  // Made when they are needed: most sessions in memory have said nothing for long.
  #shared: Kept<SharedFrame>[] = NO_FRAMES;
  #batches: Kept<PrivateBatch>[] = NO_BATCHES;
  /** The player who was told something last comes last. */
  #single: Map<string, Kept<PrivateBatch>[]> | null = null;
  #bytes = 0;

  constructor(private readonly limits: HistoryLimits = defaultLimits) {}

  /** Of all that is kept, about. */
  get bytes(): number {
    return this.#bytes;
  }

  addShared(frame: SharedFrame): void {
    if (this.#shared === NO_FRAMES) this.#shared = [];
    this.#add(this.#shared, frame, this.limits.deltaSharedMax);
  }

  addPrivate(batch: PrivateBatch): void {
    const { items } = batch;
    if (items.length > 1) {
      if (this.#batches === NO_BATCHES) this.#batches = [];
      this.#add(this.#batches, batch, PRIVATE_KEPT);
      return;
    }
    const playerId = items[0]?.playerId;
    if (playerId === undefined) return;
    this.#single ??= new Map();
    const own = this.#single.get(playerId) ?? [];
    this.#single.delete(playerId);
    this.#single.set(playerId, own);
    this.#add(own, batch, PRIVATE_KEPT);
  }

  #add<Message extends { readonly weight: number }>(list: Kept<Message>[], message: Message, countMax: number): void {
    const { weight } = message;
    list.push({ message, weight });
    this.#bytes += weight;
    if (list.length > countMax) this.#drop(list);
    while (this.#bytes > this.limits.historyBytesMax) this.#dropOldest();
  }

  #drop(list: Kept<unknown>[]): void {
    this.#bytes -= list.shift()?.weight ?? 0;
  }

  /** What was said first goes first, whoever it was said to. */
  #dropOldest(): void {
    const [playerId, own] = this.#single?.entries().next().value ?? [];
    const [first] = [this.#shared, this.#batches, own ?? []].filter((list) => list.length > 0).sort((a, b) => orderOf(a) - orderOf(b));
    if (first !== undefined) this.#drop(first);
    else this.#bytes = 0;
    if (own?.length === 0 && playerId !== undefined) this.#single?.delete(playerId);
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
    if (count < 0 || count > this.limits.deltaSharedMax) return null;
    if (count === 0) return [];
    const frames = this.#shared.slice(-count);
    // Dense from `from + 1` to `to`: a history that began later, or another count, is no ground for a delta.
    if (frames.length !== count || frames[0]?.message.s !== from + 1 || frames.at(-1)?.message.s !== to) return null;
    return frames.map(({ message: { s, order, bytes } }) => ({ s, order, bytes }));
  }

  #missedPrivate(playerId: string, from: number, to: number): Ordered[] | null {
    if (to < from) return null;
    const found: Ordered[] = [];
    for (const { message: batch } of [...this.#batches, ...(this.#single?.get(playerId) ?? [])]) {
      const item = batch.of(playerId);
      if (item !== undefined && item.p > from && item.p <= to) found.push({ p: item.p, order: batch.order, bytes: batch.bytes(item) });
    }
    if (found.length !== to - from) return null;
    return found.sort((a, b) => (a.p ?? 0) - (b.p ?? 0));
  }
}
