/**
 * A store that holds any number of sessions of five players without keeping them: pointers and chunks are made when they are read, from one template per deck.
 * So what a node adds to the memory of this process is its own.
 */
import { crc32 } from 'node:zlib';
import type { Journal, JournalPage, JournalRecord, LogRange, Records, ReplayFrom, SnapshotPointer, SnapshotStore, StoredRecord } from '@ringmaster/actors';
import type { Deck } from '../../apps/quiz-node/src/quiz/definition.js';
import { snapshot } from '../../apps/quiz-node/src/quiz/snapshot-codec.js';
import { deckOf, DomainSession } from '../scoring/session.js';

const PLAYERS = 5;
const QUESTIONS = 5;
/** Where every log stands: behind what the snapshots contain. */
const POSITION = 10;
const SNAPSHOT_N = 5;
const DAY_MS = 86_400_000;
const PAGE = 1_000;
const HEAD_KEY = 'h:5.1.0:0';

export interface StoredSessionsOptions {
  readonly sessions: number;
  readonly decks: number;
  readonly shards: number;
  readonly shardOf: (sessionId: string) => number;
  readonly now: number;
}

/** A session id by number: eight characters, as all are. */
export const sessionIdOf = (index: number): string => `S${index.toString().padStart(7, '0')}`;

export class StoredSessions {
  readonly #decks: readonly Deck[];
  readonly #heads: readonly Uint8Array[];
  /** Numbers of sessions, shard by shard, and where each shard begins. */
  readonly #order: Uint32Array;
  readonly #from: Uint32Array;

  constructor(private readonly options: StoredSessionsOptions) {
    const { sessions, decks, shards, shardOf } = options;
    this.#decks = Array.from({ length: decks }, (_, i) => deckOf(QUESTIONS, `Deck ${i}`));
    this.#heads = this.#decks.map((deck) => headOf(deck, options.now));
    this.#from = new Uint32Array(shards + 1);
    const shardBy = Uint16Array.from({ length: sessions }, (_, index) => shardOf(sessionIdOf(index)));
    for (const shard of shardBy) this.#from[shard + 1]! += 1;
    for (let shard = 0; shard < shards; shard += 1) this.#from[shard + 1]! += this.#from[shard]!;
    const next = this.#from.slice();
    this.#order = new Uint32Array(sessions);
    shardBy.forEach((shard, index) => (this.#order[next[shard]!++] = index));
  }

  #pointer(entityId: string): SnapshotPointer {
    const bytes = this.#headOf(entityId);
    return { entityId, n: SNAPSHOT_N, deadline: this.options.now + DAY_MS, chunks: [{ key: HEAD_KEY, bytes: bytes.byteLength, crc: crc32(bytes) }] };
  }

  #headOf(entityId: string): Uint8Array {
    return this.#heads[Number(entityId.slice(1)) % this.#heads.length]!;
  }

  async *#pointers(shard: number): AsyncGenerator<readonly SnapshotPointer[]> {
    const to = this.#from[shard + 1]!;
    for (let at = this.#from[shard]!; at < to; at += PAGE) yield Array.from(this.#order.subarray(at, Math.min(to, at + PAGE)), (index) => this.#pointer(sessionIdOf(index)));
  }

  readonly snapshots: SnapshotStore = {
    putChunk: async () => undefined,
    getChunk: async (_shard, entityId) => this.#headOf(entityId),
    deleteChunks: async () => undefined,
    putPointer: async () => true,
    getPointer: async (_shard, entityId) => this.#pointer(entityId),
    pointers: (shard) => this.#pointers(shard),
    chunkKeys: async () => [],
    deletePointer: async () => true,
    getReplayFrom: async (): Promise<ReplayFrom> => ({ offset: POSITION, n: POSITION, epoch: 1, owner: 'before/boot', at: this.options.now }),
    putReplayFrom: async () => true,
  };

  /** Decks by their hash; nothing else is asked for. */
  readonly records: Records = {
    get: async (key): Promise<StoredRecord | undefined> => {
      const deck = this.#decks.find(({ sha256 }) => key.endsWith(sha256));
      return deck === undefined ? undefined : { value: Buffer.from(JSON.stringify(deck)), version: 1 };
    },
    put: async () => 1,
    delete: async () => true,
    list: async () => ({ items: [] }),
  };
}

function headOf(deck: Deck, now: number): Uint8Array {
  const session = new DomainSession(deck, {}, now);
  session.join(PLAYERS);
  return snapshot(session.state).head;
}

interface Log {
  start: number;
  records: JournalRecord[];
}

/** Enough for an owner to read its own claim. */
const KEPT = 8;

/** Logs that begin where the snapshots end, and forget all but their last records, so that they take no memory to speak of. */
export class ForgetfulLogs implements Journal {
  /** Turns among the records: events of sessions. */
  turns = 0;
  readonly #logs = new Map<number, Log>();

  async append(shard: number, records: readonly Uint8Array[]): Promise<number> {
    const log = this.#log(shard);
    const offset = log.start + log.records.length;
    records.forEach((bytes, i) => {
      if ((JSON.parse(Buffer.from(bytes).toString()) as { kind: string }).kind === 'turn') this.turns += 1;
      log.records.push({ offset: offset + i, bytes });
    });
    const over = Math.max(0, log.records.length - KEPT);
    log.records.splice(0, over);
    log.start += over;
    return offset;
  }

  async read(shard: number, from: number): Promise<JournalPage> {
    const { start, records } = this.#log(shard);
    return { records: records.filter(({ offset }) => offset >= from), ...range({ start, records }) };
  }

  async ends(shards: readonly number[]): Promise<ReadonlyMap<number, LogRange>> {
    return new Map(shards.map((shard) => [shard, range(this.#log(shard))]));
  }

  async trim(): Promise<void> {
    // It forgets by itself.
  }

  async close(): Promise<void> {
    this.#logs.clear();
  }

  #log(shard: number): Log {
    let log = this.#logs.get(shard);
    if (log === undefined) this.#logs.set(shard, (log = { start: POSITION, records: [] }));
    return log;
  }
}

const range = ({ start, records }: Log): LogRange => ({ start, end: start + records.length });
