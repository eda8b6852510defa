/** The journal's contract in its shortest form. The data outlives the journal, as a disk would. */
import { JournalError, type Journal, type JournalPage, type LogRange } from '@ringmaster/actors';

interface Log {
  start: number;
  records: Uint8Array[];
}

export type MemoryLogs = Map<number, Log>;

export class MemoryJournal implements Journal {
  readonly #logs: MemoryLogs;
  #closed = false;

  constructor(logs: MemoryLogs = new Map()) {
    this.#logs = logs;
  }

  async append(shard: number, records: readonly Uint8Array[]): Promise<number> {
    if (this.#closed) throw new JournalError('permanent', 'JOURNAL_CLOSED', 'the journal is closed');
    const log = this.#log(shard);
    const first = log.start + log.records.length;
    log.records.push(...records.map((record) => record.slice()));
    return first;
  }

  async read(shard: number, from: number, maxBytes: number): Promise<JournalPage> {
    const { start, records } = this.#log(shard);
    const page = [];
    let bytes = 0;
    for (let offset = Math.max(from, start); offset < start + records.length; offset += 1) {
      const record = records[offset - start]!;
      if (page.length > 0 && bytes + record.length > maxBytes) break;
      page.push({ offset, bytes: record.slice() });
      bytes += record.length;
    }
    return { records: page, ...this.#range(shard) };
  }

  async ends(shards: readonly number[]): Promise<ReadonlyMap<number, LogRange>> {
    return new Map(shards.map((shard) => [shard, this.#range(shard)]));
  }

  async trim(shard: number, below: number): Promise<void> {
    const log = this.#log(shard);
    const count = Math.min(Math.max(0, below - log.start), log.records.length);
    log.records = log.records.slice(count);
    log.start += count;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #range(shard: number): LogRange {
    const { start, records } = this.#log(shard);
    return { start, end: start + records.length };
  }

  #log(shard: number): Log {
    let log = this.#logs.get(shard);
    if (log === undefined) this.#logs.set(shard, (log = { start: 0, records: [] }));
    return log;
  }
}
