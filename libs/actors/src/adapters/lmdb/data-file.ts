// Owns: the length of the data file, and the look at it before lmdb maps it. Does not own: what is in it.
// lmdb reads through a memory map: a page that its meta page names but the file does not have ends the process with
// SIGBUS instead of an error. So the length is checked first. By itself lmdb may leave the last pages out of the file
// when they are free, which would look the same as a cut-off file; so the file is always made longer ahead of a commit.
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { corruptError } from './errors.js';

/** Layout of a meta page: MDB_page_header, then MDB_meta (mdb.c of lmdb's data format 2), 64-bit little-endian. */
const HEADER_BYTES = 24;
const META_BYTES = 136;
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const OFFSET = { version: 4, pageSize: 24, lastPage: 120, transaction: 128 } as const;
const PAGE_SIZES: readonly number[] = [4096, 8192, 16384, 32768, 65536];

/** The file grows in steps of this size. A sparse file takes no room on disk for what was never written. */
const GROWTH_BYTES = 16 * 1024 * 1024;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: bigint;
}

/**
 * Checks that the file has all pages that its newer meta page speaks of.
 * @throws JournalError JOURNAL_CORRUPT with the path.
 */
export function checkDataFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    const first = readMeta(file, 0);
    // Each meta page carries the page size; the second one is found with the first one's, or by trying.
    const sizes = first === undefined ? PAGE_SIZES : [first.pageSize];
    const second = sizes.map((pageSize) => readMeta(file, pageSize)).find((meta) => meta !== undefined);
    if (first === undefined || second === undefined) throw corruptError(path, 'it has no valid meta page');
    const meta = first.transaction > second.transaction ? first : second;
    const needed = (meta.lastPage + 1) * meta.pageSize;
    if (size < needed) throw corruptError(path, `it has ${String(size)} bytes of at least ${String(needed)}`);
  } finally {
    closeSync(file);
  }
}

function readMeta(file: number, position: number): Meta | undefined {
  const bytes = Buffer.alloc(META_BYTES + 8);
  if (readSync(file, bytes, 0, bytes.length, position + HEADER_BYTES) < bytes.length) return undefined;
  const pageSize = bytes.readUInt32LE(OFFSET.pageSize);
  const sound = bytes.readUInt32LE(0) === MAGIC && (bytes.readUInt32LE(OFFSET.version) & 0xffff) === DATA_VERSION;
  if (!sound || !PAGE_SIZES.includes(pageSize)) return undefined;
  return { pageSize, lastPage: Number(bytes.readBigUInt64LE(OFFSET.lastPage)), transaction: bytes.readBigUInt64LE(OFFSET.transaction) };
}

/** Keeps the file longer than what the next commit can reach. */
export class GrowingFile {
  readonly #file: number;
  #length: number;

  constructor(path: string) {
    this.#file = openSync(path, 'r+');
    this.#length = fstatSync(this.#file).size;
  }

  get length(): number {
    return this.#length;
  }

  /** @throws the system's error when there is no room; the file stays as it was. */
  reach(bytes: number): void {
    if (bytes <= this.#length) return;
    const length = Math.ceil(bytes / GROWTH_BYTES) * GROWTH_BYTES;
    try {
      this.#grow(length);
    } catch {
      // Near a file-size limit the step may be too long where the need itself is not.
      this.#grow(bytes);
    }
  }

  #grow(length: number): void {
    ftruncateSync(this.#file, length);
    this.#length = length;
  }

  close(): void {
    closeSync(this.#file);
  }
}
