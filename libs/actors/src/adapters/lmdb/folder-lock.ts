// Owns: which process may use a data folder. Does not own: anything inside the data file.
// Two owners of one folder would break "one writer per shard" below the journal, where L2 cannot see it.
import { readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataDirError, fieldOf } from './errors.js';

const LOCK_FILE = 'lock.sqlite';
const HOLDER_FILE = 'holder.json';

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Takes the folder for this process until `release`, or until the process ends in any way: the lock is the
 * kernel's, taken through SQLite's file locking. A pid file would outlive kill -9, a pid may be given to another
 * process, and a socket file in the folder cannot be taken over from a dead owner without a race.
 * @returns releases the folder.
 * @throws DataDirError DATA_DIR_LOCKED, naming the folder and the pid that holds it.
 */
export function lockFolder(folder: string): () => void {
  const database = new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    // Nothing is ever written: the memory journal keeps SQLite from making a second file.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (!isBusy(cause)) throw cause;
    const holder = readHolder(folder);
    const by = holder === undefined ? 'another process' : `process ${String(holder.pid)} on ${holder.host}`;
    throw new DataDirError('DATA_DIR_LOCKED', `the data folder ${folder} is in use by ${by}`, { cause });
  }
  const holder: Holder = { pid: process.pid, host: hostname() };
  writeFileSync(join(folder, HOLDER_FILE), JSON.stringify(holder));
  return () => {
    database.close();
  };
}

/** SQLITE_BUSY (5): somebody else holds the lock. https://www.sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return fieldOf(error, 'errcode') === 5;
}

/** For the message only; it may be missing or half written. */
function readHolder(folder: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(join(folder, HOLDER_FILE), 'utf8'));
    if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('host' in holder)) return undefined;
    return typeof holder.pid === 'number' && typeof holder.host === 'string' ? { pid: holder.pid, host: holder.host } : undefined;
  } catch {
    return undefined;
  }
}
