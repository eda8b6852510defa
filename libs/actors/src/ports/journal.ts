/**
 * The durable log: one append-only sequence of opaque records per shard. It knows nothing of epochs or owners;
 * who may write is decided by the record rule (L2) that every reader applies.
 */
export interface Journal {
  /** Where a read costs no round trip: no more than so many bytes are worth asking for at once. */
  readonly readBytesBest?: number;
  /**
   * Appends `records` at the end of the shard's log, contiguously, and resolves when they are durable.
   * Appends of several shards made in the same tick go out in one request.
   * @returns offset of the first record.
   * @throws JournalError; after `unknown` the records may be in the log, now or later, once or more often.
   */
  append(shard: number, records: readonly Uint8Array[]): Promise<number>;
  /** Reads forward from `from` (inclusive), at least one record if there is one, about `maxBytes` at most. */
  read(shard: number, from: number, maxBytes: number): Promise<JournalPage>;
  /** The log's first kept offset and the offset that the next record will get, for each shard, in one request. */
  ends(shards: readonly number[]): Promise<ReadonlyMap<number, LogRange>>;
  /** Forgets records below `below`. */
  trim(shard: number, below: number): Promise<void>;
  close(): Promise<void>;
}

export interface LogRange {
  readonly start: number;
  readonly end: number;
}

export interface JournalPage extends LogRange {
  readonly records: readonly JournalRecord[];
}

export interface JournalRecord {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** unknown: outcome open, read back (L5). permanent: will never succeed, halt the shard (L4). corrupt: damaged bytes, halt (I9). */
export type JournalErrorKind = 'unknown' | 'permanent' | 'corrupt';

export class JournalError extends Error {
  constructor(
    readonly kind: JournalErrorKind,
    /** Stable name, such as JOURNAL_CORRUPT, JOURNAL_FULL, JOURNAL_TIMEOUT. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'JournalError';
  }
}
