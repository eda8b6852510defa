// Owns: the log of each shard. Does not own: epochs, owners, the meaning of a record.
// L4: appends of many shards go out in one transaction; an append is answered when it is durable. L5: offsets are given
// when the transaction is put together, so that a failed one leaves no hole and a retry lands where the first would have.
import { JournalError, type Journal, type JournalPage, type JournalRecord, type LogRange } from '../../ports/journal.js';
import type { CommitQueue } from './commits.js';
import type { Draft } from './draft.js';
import type { Environment } from './environment.js';
import { closedError, corruptError } from './errors.js';
import { journalKey, offsetOfKey, shardKey } from './keys.js';
import { seal, sealAll, unseal } from './seal.js';
import type { LmdbTable } from './table.js';

/** One record; L1 allows 256 KiB. More is refused for good: JOURNAL_TOO_LARGE. */
export const RECORD_BYTES_MAX = 16 * 1024 * 1024;

/** Key, node header and checksum. */
const RECORD_OVERHEAD_BYTES = 40;
/** Records that one trim transaction removes. */
const TRIM_RECORDS_MAX = 1024;
const PAGE_BYTES = 4096;
/** Outweighs the call by far; of longer pages, what many recoveries have read and not yet folded would outlive a collection of young memory. */
const READ_BYTES_BEST = 32 * 1024;

export interface LmdbJournalOptions {
  readonly environment: Environment;
  readonly commits: CommitQueue<LmdbTable>;
}

export class LmdbJournal implements Journal {
  readonly readBytesBest = READ_BYTES_BEST;
  readonly #environment: Environment;
  readonly #records: LmdbTable;
  readonly #ranges: LmdbTable;
  readonly #commits: CommitQueue<LmdbTable>;
  /** What is committed; this process is the only writer of the folder. */
  readonly #logs = new Map<number, LogRange>();
  /** What the transaction that is being put together, or on its way, will make of a log. */
  readonly #drafts = new Map<number, LogRange>();
  #closed = false;

  constructor({ environment, commits }: LmdbJournalOptions) {
    this.#environment = environment;
    this.#records = environment.tables.journal;
    this.#ranges = environment.tables.ranges;
    this.#commits = commits;
  }

  async append(shard: number, records: readonly Uint8Array[]): Promise<number> {
    if (this.#closed) throw closedError(this.#environment.path);
    const tooLarge = records.find((record) => record.length > RECORD_BYTES_MAX);
    if (tooLarge !== undefined) {
      const message = `a record of ${String(tooLarge.length)} bytes is above ${String(RECORD_BYTES_MAX)}`;
      throw new JournalError('permanent', 'JOURNAL_TOO_LARGE', message);
    }
    const sealed = sealAll(records);
    const bytes = sealed.reduce((sum, value) => sum + value.length + RECORD_OVERHEAD_BYTES, 0);
    return this.#commits.submit({ bytes }, (draft) => {
      const log = this.#drafted(shard);
      sealed.forEach((value, index) => {
        draft.append(this.#records, journalKey(shard, log.end + index), value);
      });
      this.#draft(draft, shard, { start: log.start, end: log.end + sealed.length });
      return log.end;
    });
  }

  async read(shard: number, from: number, maxBytes: number): Promise<JournalPage> {
    const { start, end } = this.#log(shard);
    return this.#environment.read(() => {
      const records: JournalRecord[] = [];
      let room = maxBytes;
      let next = Math.max(from, start);
      for (const { key, value: bytes } of this.#environment.journalScan.records(shard, next, end)) {
        if (key !== next || bytes === undefined) throw this.#damaged(shard, next);
        if (records.length > 0 && bytes.length > room) return { records, start, end };
        records.push({ offset: next, bytes });
        next += 1;
        room -= bytes.length;
      }
      if (next < end) throw this.#damaged(shard, next);
      return { records, start, end };
    });
  }

  async ends(shards: readonly number[]): Promise<ReadonlyMap<number, LogRange>> {
    return new Map(shards.map((shard) => [shard, this.#log(shard)]));
  }

  async trim(shard: number, below: number): Promise<void> {
    const target = Math.min(below, this.#log(shard).end);
    while (this.#log(shard).start < target) {
      await this.#commits.submit({ bytes: TRIM_RECORDS_MAX * PAGE_BYTES, frees: true }, (draft) => {
        const { start, end } = this.#drafted(shard);
        const to = Math.min(target, start + TRIM_RECORDS_MAX);
        if (to <= start) return;
        for (let offset = start; offset < to; offset += 1) draft.remove(this.#records, journalKey(shard, offset));
        draft.put(this.#ranges, shardKey(shard), seal(rangeBytes({ start: to, end })));
        this.#draft(draft, shard, { start: to, end });
      });
    }
  }

  /** Waits for what was submitted. The file is closed with the store: snapshots and records need it as well. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#commits.submit({ bytes: 0, frees: true }, () => undefined);
  }

  #log(shard: number): LogRange {
    let log = this.#logs.get(shard);
    if (log === undefined) this.#logs.set(shard, (log = this.#load(shard)));
    return log;
  }

  #drafted(shard: number): LogRange {
    return this.#drafts.get(shard) ?? this.#log(shard);
  }

  #draft(draft: Draft<LmdbTable>, shard: number, log: LogRange): void {
    this.#drafts.set(shard, log);
    draft.after((committed) => {
      this.#drafts.delete(shard);
      if (committed) this.#logs.set(shard, log);
    });
  }

  /** The stored range is written by trims only; what was appended later is seen from the last record. */
  #load(shard: number): LogRange {
    return this.#environment.read(() => {
      const sealed = this.#ranges.getBinary(shardKey(shard));
      const bytes = sealed === undefined ? rangeBytes({ start: 0, end: 0 }) : unseal(sealed);
      if (bytes === undefined) throw corruptError(this.#environment.path, `the range of shard ${String(shard)}`);
      const { start, end } = parseRange(bytes);
      const down = { start: journalKey(shard, Number.MAX_SAFE_INTEGER), end: journalKey(shard, start), inclusiveEnd: true, reverse: true };
      const last = [...this.#records.getKeys({ ...down, limit: 1 })].map(offsetOfKey)[0];
      return { start, end: Math.max(end, last === undefined ? 0 : last + 1) };
    });
  }

  #damaged(shard: number, offset: number): JournalError {
    return corruptError(this.#environment.path, `shard ${String(shard)}, offset ${String(offset)}`);
  }
}

function rangeBytes({ start, end }: LogRange): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeDoubleBE(start, 0);
  bytes.writeDoubleBE(end, 8);
  return bytes;
}

function parseRange(bytes: Uint8Array): LogRange {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { start: view.getFloat64(0), end: view.getFloat64(8) };
}
