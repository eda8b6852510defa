/** What a commit's or a read's failure means to those who wait for it. */
import { constants } from 'node:os';
import { JournalError } from '../../ports/journal.js';

/** DATA_DIR_LOCKED: in use. DATA_DIR_NEWER: written by a later version. DATA_DIR_SHARDS: made for another number of shards. */
export type DataDirErrorCode = 'DATA_DIR_LOCKED' | 'DATA_DIR_NEWER' | 'DATA_DIR_SHARDS';

/** The data folder is sound, but this process must not use it as it is configured. */
export class DataDirError extends Error {
  constructor(
    readonly code: DataDirErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DataDirError';
  }
}

const MDB_MAP_FULL = -30792;
/** PAGE_NOTFOUND, CORRUPTED, VERSION_MISMATCH, INVALID: lmdb.h, "Return Codes". */
const MDB_DAMAGED: readonly number[] = [-30797, -30796, -30794, -30793];

/** Out of room in the file system, the quota or the file-size limit: goes away when somebody makes room. */
const NO_ROOM: readonly number[] = [constants.errno.ENOSPC, constants.errno.EDQUOT, constants.errno.EFBIG, MDB_MAP_FULL];

/** Whether a failed commit may be tried again. Everything else may have left bytes that a later sync would not see. */
export function isFull(error: unknown): boolean {
  return error instanceof JournalError ? error.code === 'JOURNAL_FULL' : NO_ROOM.includes(numberOf(error));
}

export function fullError(path: string, cause?: unknown): JournalError {
  return new JournalError('unknown', 'JOURNAL_FULL', `no room left for ${path}`, { cause });
}

export function closedError(path: string): JournalError {
  return new JournalError('permanent', 'JOURNAL_CLOSED', `the data file ${path} is closed`);
}

export function corruptError(path: string, what: string, cause?: unknown): JournalError {
  return new JournalError('corrupt', 'JOURNAL_CORRUPT', `the data file ${path} is damaged: ${what}; it was left untouched`, { cause });
}

/** Names the failure of a commit or a read. */
export function storeError(path: string, cause: unknown): JournalError {
  if (cause instanceof JournalError) return cause;
  const message = String(fieldOf(cause, 'message') ?? cause);
  if (isFull(cause)) return fullError(path, cause);
  if (MDB_DAMAGED.includes(numberOf(cause))) return corruptError(path, message, cause);
  return new JournalError('unknown', 'JOURNAL_IO', `the data file ${path} cannot be read or written: ${message}`, { cause });
}

function numberOf(error: unknown): number {
  const errno = fieldOf(error, 'errno');
  if (typeof errno === 'number') return Math.abs(errno);
  const code = fieldOf(error, 'code');
  return typeof code === 'number' ? code : 0;
}

/** Errors of native code may come from another realm, where `instanceof Error` does not hold. */
export function fieldOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;
}
