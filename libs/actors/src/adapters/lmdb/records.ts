// Owns: the documents by key, their versions and their expiry. Does not own: what is in them.
// A condition is judged when the transaction is put together, so that of two writers that expect the same version one wins.
import type { Clock } from '../../ports/clock.js';
import type { PutOptions, RecordPage, Records, StoredRecord } from '../../ports/records.js';
import type { CommitQueue } from './commits.js';
import type { Draft } from './draft.js';
import type { Environment } from './environment.js';
import { corruptError } from './errors.js';
import { afterPrefix, expiryKey, keyOfExpiry, nameBytes, timeBytes } from './keys.js';
import { seal, unseal } from './seal.js';
import type { LmdbTable } from './table.js';

/** Version and expiry, before the value. */
const HEAD_BYTES = 16;
const NEVER = Infinity;
/** Expired records that one sweep transaction removes. */
const SWEEP_RECORDS_MAX = 256;
const PAGE_BYTES = 4096;
const NOTHING = Buffer.alloc(0);

export interface LmdbRecordsOptions {
  readonly environment: Environment;
  readonly commits: CommitQueue<LmdbTable>;
  readonly clock: Clock;
}

interface Row extends StoredRecord {
  readonly expiresAt: number;
}

export class LmdbRecords implements Records {
  readonly #environment: Environment;
  readonly #rows: LmdbTable;
  readonly #expiry: LmdbTable;
  readonly #commits: CommitQueue<LmdbTable>;
  readonly #clock: Clock;

  constructor({ environment, commits, clock }: LmdbRecordsOptions) {
    this.#environment = environment;
    this.#rows = environment.tables.records;
    this.#expiry = environment.tables.expiry;
    this.#commits = commits;
    this.#clock = clock;
  }

  async get(key: string): Promise<StoredRecord | undefined> {
    const bytes = nameBytes(key);
    const row = this.#parse(this.#environment.read(() => this.#rows.getBinary(bytes)), key);
    return row !== undefined && this.#lives(row) ? { value: row.value, version: row.version } : undefined;
  }

  async put(key: string, value: Uint8Array, { expected, expiresAt = NEVER }: PutOptions = {}): Promise<number | undefined> {
    const at = nameBytes(key);
    return this.#commits.submit({ bytes: 2 * at.length + HEAD_BYTES + value.length }, (draft) => {
      const stored = this.#parse(draft.get(this.#rows, at), key);
      const current = stored !== undefined && this.#lives(stored) ? stored.version : 0;
      if (expected !== undefined && expected !== current) return undefined;
      this.#forgetExpiry(draft, at, stored);
      const row: Row = { value, version: current + 1, expiresAt };
      draft.put(this.#rows, at, sealRow(row));
      if (expiresAt !== NEVER) draft.put(this.#expiry, expiryKey(expiresAt, at), NOTHING);
      return row.version;
    });
  }

  async delete(key: string, expected?: number): Promise<boolean> {
    const at = nameBytes(key);
    return this.#commits.submit({ bytes: 2 * PAGE_BYTES, frees: true }, (draft) => {
      const stored = this.#parse(draft.get(this.#rows, at), key);
      const current = stored !== undefined && this.#lives(stored) ? stored.version : 0;
      if (expected !== undefined && expected !== current) return false;
      if (stored === undefined) return true;
      this.#forgetExpiry(draft, at, stored);
      draft.remove(this.#rows, at);
      return true;
    });
  }

  async list(prefix: string, { limit, cursor }: { limit: number; cursor?: string }): Promise<RecordPage> {
    const first = Buffer.from(prefix);
    const end = afterPrefix(first);
    // The smallest key behind the cursor is the cursor and a zero byte.
    const behind = cursor === undefined ? NOTHING : Buffer.concat([Buffer.from(cursor), Buffer.of(0)]);
    const start = Buffer.compare(behind, first) > 0 ? behind : first;
    const items: { key: string; value: Uint8Array; version: number }[] = [];
    return this.#environment.read(() => {
      for (const { key, value } of this.#rows.getRange({ start: start.length > 0 ? start : Buffer.of(0), ...(end && { end }) })) {
        const name = key.toString();
        const row = this.#parse(value, name);
        if (row === undefined || !this.#lives(row)) continue;
        if (items.length === limit) return { items, nextCursor: items.at(-1)!.key };
        items.push({ key: name, value: row.value, version: row.version });
      }
      return { items };
    });
  }

  /** Removes what has expired. */
  async sweep(): Promise<void> {
    for (;;) {
      const end = timeBytes(this.#clock.wall() + 1);
      const due = this.#environment.read(() => [...this.#expiry.getKeys({ start: Buffer.of(0), end, limit: SWEEP_RECORDS_MAX })]);
      if (due.length === 0) return;
      await this.#commits.submit({ bytes: 2 * due.length * PAGE_BYTES, frees: true }, (draft) => {
        // A record may have been written again since the look: then only the note of its former expiry goes.
        const dead = due.map(keyOfExpiry).filter((at) => {
          const stored = this.#parse(draft.get(this.#rows, at), at.toString());
          return stored !== undefined && !this.#lives(stored);
        });
        for (const at of dead) draft.remove(this.#rows, at);
        for (const expiry of due) draft.remove(this.#expiry, expiry);
      });
    }
  }

  #forgetExpiry(draft: Draft<LmdbTable>, at: Buffer, stored: Row | undefined): void {
    if (stored !== undefined && stored.expiresAt !== NEVER) draft.remove(this.#expiry, expiryKey(stored.expiresAt, at));
  }

  #lives({ expiresAt }: Row): boolean {
    return expiresAt > this.#clock.wall();
  }

  #parse(sealed: Uint8Array | undefined, key: string): Row | undefined {
    if (sealed === undefined) return undefined;
    const bytes = unseal(sealed);
    if (bytes === undefined) throw corruptError(this.#environment.path, `record ${key}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return { version: view.getFloat64(0), expiresAt: view.getFloat64(8), value: bytes.subarray(HEAD_BYTES) };
  }
}

function sealRow({ value, version, expiresAt }: Row): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + value.length);
  bytes.writeDoubleBE(version, 0);
  bytes.writeDoubleBE(expiresAt, 8);
  bytes.set(value, HEAD_BYTES);
  return seal(bytes);
}
