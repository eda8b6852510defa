/**
 * Owns the decks in memory: frozen, one object per content, shared by all sessions that play it. A deck is an immutable record under its SHA-256, written
 * before the first event that names it, so whoever reads the event finds the deck.
 */
import { JournalError, type Clock, type Records } from '@ringmaster/actors';
import type { Deck } from '../quiz/definition.js';

export interface DecksOptions {
  readonly records: Records;
  readonly clock: Clock;
  /** Kept in memory beyond those in use. Soft: what was looked at within `keepMs` stays. */
  readonly max?: number;
  readonly keepMs?: number;
}

interface Kept {
  readonly deck: Deck;
  usedAt: number;
}

/** A deck that an event or snapshot names is not there: a broken promise, which halts the shard by name (I9). */
const missing = (sha256: string): JournalError => new JournalError('permanent', 'DECK_MISSING', `deck ${sha256} is not stored`);

const DECKS_MAX = 2_000;
/** Longer than any time between fetching a deck and evolving with it. */
const KEEP_MS = 60_000;

export class Decks {
  readonly #options: DecksOptions;
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>();
  readonly #fetching = new Map<string, Promise<void>>();

  constructor(options: DecksOptions) {
    this.#options = options;
  }

  /** The deck, if it is at hand. */
  peek(sha256: string): Deck | undefined {
    const kept = this.#kept.get(sha256);
    if (kept !== undefined) this.#touch(sha256, kept);
    return kept?.deck;
  }

  /** For the domain's fold, which cannot wait. @throws JournalError DECK_MISSING if `prepare` was not called before */
  get(sha256: string): Deck {
    const deck = this.peek(sha256);
    if (deck === undefined) throw missing(sha256);
    return deck;
  }

  /** Brings decks into memory. @returns undefined when all are there. @throws JournalError DECK_MISSING, asynchronously */
  prepare(sha256s: Iterable<string>): Promise<void> | undefined {
    const wanted = new Set<string>();
    for (const sha256 of sha256s) if (this.peek(sha256) === undefined) wanted.add(sha256);
    if (wanted.size === 0) return undefined;
    return Promise.all([...wanted].map((sha256) => this.#fetch(sha256))).then(() => undefined);
  }

  /** Writes the deck, unless it was written before, and keeps it. @returns the object that all its sessions share. */
  async put(deck: Deck): Promise<Deck> {
    const known = this.peek(deck.sha256);
    if (known !== undefined) return known;
    await this.#options.records.put(key(deck.sha256), Buffer.from(JSON.stringify(deck)), { expected: 0 });
    return this.#keep(deck);
  }

  get size(): number {
    return this.#kept.size;
  }

  #fetch(sha256: string): Promise<void> {
    const under = this.#fetching.get(sha256);
    if (under !== undefined) return under;
    const fetched = this.#read(sha256).finally(() => this.#fetching.delete(sha256));
    this.#fetching.set(sha256, fetched);
    return fetched;
  }

  async #read(sha256: string): Promise<void> {
    const stored = await this.#options.records.get(key(sha256));
    if (stored === undefined) throw missing(sha256);
    this.#keep(JSON.parse(Buffer.from(stored.value).toString('utf8')) as Deck);
  }

  #keep(deck: Deck): Deck {
    const known = this.#kept.get(deck.sha256);
    if (known !== undefined) return known.deck;
    const frozen = deepFreeze(deck);
    this.#kept.set(deck.sha256, { deck: frozen, usedAt: this.#options.clock.mono() });
    this.#evict();
    return frozen;
  }

  #touch(sha256: string, kept: Kept): void {
    kept.usedAt = this.#options.clock.mono();
    this.#kept.delete(sha256);
    this.#kept.set(sha256, kept);
  }

  #evict(): void {
    const { max = DECKS_MAX, keepMs = KEEP_MS, clock } = this.#options;
    const before = clock.mono() - keepMs;
    for (const [sha256, { usedAt }] of this.#kept) {
      if (this.#kept.size <= max || usedAt > before) return;
      this.#kept.delete(sha256);
    }
  }
}

const key = (sha256: string): string => `deck/${sha256}`;

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
