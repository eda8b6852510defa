/** The document store's contract in its shortest form. The data outlives the store, as a disk would. */
import type { PutOptions, RecordPage, Records, StoredRecord } from '@ringmaster/actors';

interface Row extends StoredRecord {
  readonly expiresAt: number;
}

export type MemoryRows = Map<string, Row>;

const KEY_BYTES_MAX = 960;

export class MemoryRecords implements Records {
  readonly #now: () => number;
  readonly #rows: MemoryRows;

  constructor(now: () => number, rows: MemoryRows = new Map()) {
    this.#now = now;
    this.#rows = rows;
  }

  async get(key: string): Promise<StoredRecord | undefined> {
    const row = this.#row(key);
    return row === undefined ? undefined : { value: row.value.slice(), version: row.version };
  }

  async put(key: string, value: Uint8Array, { expected, expiresAt = Infinity }: PutOptions = {}): Promise<number | undefined> {
    const current = this.#row(key)?.version ?? 0;
    if (expected !== undefined && expected !== current) return undefined;
    this.#rows.set(key, { value: value.slice(), version: current + 1, expiresAt });
    return current + 1;
  }

  async delete(key: string, expected?: number): Promise<boolean> {
    const current = this.#row(key)?.version ?? 0;
    if (expected !== undefined && expected !== current) return false;
    this.#rows.delete(key);
    return true;
  }

  async list(prefix: string, { limit, cursor }: { limit: number; cursor?: string }): Promise<RecordPage> {
    const keys = [...this.#rows.keys()]
      .filter((key) => key.startsWith(prefix) && (cursor === undefined || compare(key, cursor) > 0) && this.#row(key) !== undefined)
      .sort(compare);
    const items = keys.slice(0, limit).map((key) => ({ key, value: this.#rows.get(key)!.value.slice(), version: this.#rows.get(key)!.version }));
    return keys.length > limit ? { items, nextCursor: items.at(-1)!.key } : { items };
  }

  #row(key: string): Row | undefined {
    const length = Buffer.byteLength(key);
    if (length === 0 || length > KEY_BYTES_MAX || Buffer.from(key).toString() !== key) throw new RangeError('no such key can be kept');
    const row = this.#rows.get(key);
    return row !== undefined && row.expiresAt > this.#now() ? row : undefined;
  }
}

/** By code points, as UTF-8 orders them. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
