// Owns: the open lmdb environment, and its tables. Does not own: what the tables mean, and who writes when.
// Every commit is synced before lmdb answers (overlappingSync and noSync off), as L6 needs.
import { existsSync, statfsSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { open } from 'lmdb';
import type { Change } from './draft.js';
import { checkDataFile, GrowingFile } from './data-file.js';
import { syncFolder } from './description.js';
import { closedError, corruptError, fieldOf, fullError, isFull, storeError } from './errors.js';
import { JournalScan } from './journal-scan.js';
import { Room, type Usage } from './room.js';
import type { LmdbTable } from './table.js';

export const TABLE_NAMES = ['meta', 'journal', 'ranges', 'chunks', 'pointers', 'replay', 'records', 'expiry'] as const;
export type TableName = (typeof TABLE_NAMES)[number];

export interface Environment {
  readonly path: string;
  readonly tables: Readonly<Record<TableName, LmdbTable>>;
  readonly journalScan: JournalScan;
  /** Runs `fn`, which reads from the tables. @throws JournalError, by whatever name the file has failed. */
  read<T>(fn: () => T): T;
  commit(changes: readonly Change<LmdbTable>[]): Promise<void>;
  /** @throws when there is no room for a transaction that writes about so many bytes. */
  reserve(bytes: number, frees: boolean): void;
  /** What the tables may still grow by, bytes. */
  freeBytes(): number;
  close(): Promise<void>;
}

export interface EnvironmentOptions {
  readonly path: string;
  /** Whether the file held data before: then it must be there and sound. */
  readonly expected: boolean;
  /** What the tables may take at most, bytes. */
  readonly bytesMax: number;
}

/** @throws JournalError JOURNAL_CORRUPT with the path; the file is untouched then. */
export function openEnvironment({ path, expected, bytesMax }: EnvironmentOptions): Environment {
  const found = existsSync(path) ? statSync(path).size : 0;
  if (found === 0 && expected) throw corruptError(path, 'it is missing or empty');
  if (found > 0) checkDataFile(path);

  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
  const root = attempt(path, () =>
    open<Buffer, Buffer>({
      ...binary,
      path,
      noSubdir: true,
      overlappingSync: false,
      // We put transactions together ourselves: see commits.ts.
      eventTurnBatching: false,
      // Address space, not memory. Big enough from the start, lmdb never has to map again while somebody reads.
      mapSize: 2 * bytesMax,
      maxDbs: TABLE_NAMES.length,
    }),
  );
  const tables = attempt(path, () => {
    const opened = TABLE_NAMES.map((name) => [name, root.openDB<Buffer, Buffer>({ ...binary, name })]);
    return Object.fromEntries(opened) as Record<TableName, LmdbTable>;
  });
  const journalScan = attempt(path, () => new JournalScan(root, tables.journal.name));
  syncFolder(dirname(path));

  const file = new GrowingFile(path);
  const room = new Room(file, bytesMax, () => usage(Object.values(tables)), () => freeOnDisk(path));
  let closed = false;
  return {
    path,
    tables,
    journalScan,
    read: (fn) => {
      if (closed) throw closedError(path);
      return attempt(path, fn);
    },
    commit: async (changes) => {
      try {
        if (changes.length === 0) return;
        await root.batch(() => {
          for (const { table, key, value } of changes) {
            if (value === undefined) void table.remove(key);
            else void table.put(key, value as Buffer);
          }
        });
      } catch (error) {
        const cause = await commitError(error);
        if (!isFull(cause) && !(isInputOutput(cause) && freeOnDisk(path) < room.pending)) throw cause;
        // Throws if lmdb failed at its meta page and has given up: then no transaction would ever be answered again.
        root.transactionSync(() => undefined);
        throw fullError(path, cause);
      } finally {
        room.settled();
      }
    },
    reserve: (bytes, frees) => {
      if (!room.reserve(bytes, frees)) throw fullError(path);
    },
    freeBytes: () => room.free(),
    close: async () => {
      closed = true;
      await root.close();
      file.close();
    },
  };
}

function attempt<T>(path: string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    throw storeError(path, error);
  }
}

/** lmdb rejects with a general error and gives the number by a second promise. */
async function commitError(error: unknown): Promise<unknown> {
  try {
    await fieldOf(error, 'commitError');
    return error;
  } catch (cause) {
    return cause;
  }
}

/** lmdb has one number for a failed disk and for a write that was cut short because the disk is full: 5, EIO. */
function isInputOutput(error: unknown): boolean {
  return fieldOf(error, 'code') === constants.errno.EIO;
}

function freeOnDisk(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

interface Stats {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
  readonly lastPageNumber: number;
}

function usage(tables: readonly LmdbTable[]): Usage {
  const stats = tables.map((table) => table.getStats() as Stats);
  const pages = stats.map((table) => table.treeBranchPageCount + table.treeLeafPageCount + table.overflowPages);
  return {
    pageSize: stats[0]!.pageSize,
    usedPages: pages.reduce((sum, count) => sum + count, 0),
    lastPage: stats[0]!.lastPageNumber,
  };
}
