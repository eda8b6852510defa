/** What a data folder says of itself: in the data file, and beside it where it can be read without lmdb. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommitQueue } from './commits.js';
import { corruptError, DataDirError, fieldOf } from './errors.js';
import { seal, unseal } from './seal.js';
import type { LmdbTable } from './table.js';

/** Version of the tables, keys and values. A new one is written only by a release that says how the old one is read. */
const FORMAT = 1;
const KEY = Buffer.from('description');
/** Its presence says that the data file was complete once: if that is missing now, it is lost, and not new. */
const MARKER_FILE = 'ringmaster.json';

export interface Description {
  readonly format: number;
  readonly shards: number;
  /** Wall clock, ms. */
  readonly createdAt: number;
}

export function readDescription(path: string, meta: LmdbTable): Description | undefined {
  const sealed = meta.getBinary(KEY);
  if (sealed === undefined) return undefined;
  const bytes = unseal(sealed);
  const description = bytes === undefined ? undefined : parse(Buffer.from(bytes).toString());
  if (description === undefined) throw corruptError(path, 'its description');
  return description;
}

export function writeDescription(
  commits: CommitQueue<LmdbTable>,
  meta: LmdbTable,
  made: Omit<Description, 'format'>,
): Promise<Description> {
  const description: Description = { format: FORMAT, ...made };
  const bytes = Buffer.from(JSON.stringify(description));
  return commits.submit({ bytes: bytes.length }, (draft) => {
    draft.put(meta, KEY, seal(bytes));
    return description;
  });
}

/** @throws JournalError JOURNAL_CORRUPT when the file is there and cannot be understood. */
export function readMarker(folder: string): Description | undefined {
  const path = join(folder, MARKER_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (fieldOf(error, 'code') === 'ENOENT') return undefined;
    throw error;
  }
  const description = parse(text);
  if (description === undefined) throw corruptError(path, 'it is no description of a data folder');
  return description;
}

export function writeMarker(folder: string, description: Description): void {
  const path = join(folder, MARKER_FILE);
  const file = openSync(`${path}.new`, 'w');
  try {
    writeFileSync(file, `${JSON.stringify(description)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  syncFolder(folder);
}

/** A new file's name is durable only when its folder is. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** @throws DataDirError DATA_DIR_NEWER or DATA_DIR_SHARDS. */
export function checkDescription(folder: string, { format, shards }: Description, configured: number): void {
  if (format > FORMAT) {
    const message = `the data folder ${folder} has format ${String(format)}; this version reads up to ${String(FORMAT)}`;
    throw new DataDirError('DATA_DIR_NEWER', message);
  }
  if (shards !== configured) {
    const message = `the data folder ${folder} was made for ${String(shards)} shards and cannot be used with ${String(configured)}`;
    throw new DataDirError('DATA_DIR_SHARDS', message);
  }
}

function parse(text: string): Description | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { format, shards, createdAt } = value as Partial<Record<keyof Description, unknown>>;
    if (typeof format !== 'number' || typeof shards !== 'number' || typeof createdAt !== 'number') return undefined;
    return { format, shards, createdAt };
  } catch {
    return undefined;
  }
}
