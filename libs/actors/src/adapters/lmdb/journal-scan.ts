// Owns: a second handle on the journal's table, for reading it in bulk. Does not own: the table, and who writes to it.
// A recovery reads hundreds of thousands of records: the key comes as a number, and the value as one piece of pooled memory, checked as it is copied (I9).
import type { Database, RootDatabase, RootDatabaseOptions } from 'lmdb';
import { journalKey, offsetOfKeyAt } from './keys.js';
import { unsealCopy } from './seal.js';

/** One place of a log as it was found. */
export interface Found {
  /** Its offset. */
  readonly key: number;
  /** The record; undefined where it does not match its checksum. */
  readonly value: Uint8Array | undefined;
}

export class JournalScan {
  readonly #table: Database<Uint8Array | undefined, Buffer | number>;

  constructor(root: RootDatabase<Buffer, Buffer>, name: string) {
    const options: RootDatabaseOptions & { readonly name: string } = {
      name,
      encoding: 'binary',
      // lmdb hands out its own memory, which is longer than the value and is written anew with the next one.
      encoder: { decode: unsealCopy, encode: readOnly },
      keyEncoder: { readKey: offsetOfKeyAt, writeKey: copyKey },
    };
    this.#table = root.openDB(options) as unknown as Database<Uint8Array | undefined, Buffer | number>;
  }

  /** What stands in [from, end) of the shard's log, in order. */
  records(shard: number, from: number, end: number): Iterable<Found> {
    return this.#table.getRange({ start: journalKey(shard, from), end: journalKey(shard, end) }) as Iterable<Found>;
  }
}

function copyKey(key: Buffer, target: Uint8Array, at: number): number {
  target.set(key, at);
  return at + key.length;
}

function readOnly(): never {
  throw new Error('this handle of the journal only reads');
}
