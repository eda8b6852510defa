// Owns: a data folder while it is open: its lock, its description, its data file. One folder is Journal, SnapshotStore
// and Records at once, so that their writes share transactions and syncs.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock, Timers } from '../../ports/clock.js';
import type { Journal } from '../../ports/journal.js';
import type { Records } from '../../ports/records.js';
import type { SnapshotStore } from '../../ports/snapshot-store.js';
import { CommitQueue } from './commits.js';
import { openEnvironment, type Environment } from './environment.js';
import { checkDescription, readDescription, readMarker, syncFolder, writeDescription, writeMarker } from './description.js';
import { lockFolder } from './folder-lock.js';
import { Housekeeping } from './housekeeping.js';
import { LmdbJournal } from './journal.js';
import { LmdbRecords } from './records.js';
import { LmdbSnapshotStore } from './snapshots.js';
import type { LmdbTable } from './table.js';

export { DataDirError, type DataDirErrorCode } from './errors.js';

export interface LmdbStoreOptions {
  readonly folder: string;
  /** Number of shards of the cluster; recorded when the folder is made. */
  readonly shards: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** A write failed in a way after which nothing may be written any more; the process should end and recover. */
  readonly onFatal: (error: Error) => void;
  /** A round of housekeeping failed, such as at a damaged record; the next one tries again. */
  readonly onProblem?: (error: unknown) => void;
  /** What the folder's tables may take at most, bytes. */
  readonly bytesMax?: number;
  /** With less than this left in the file system or below `bytesMax`, `isFull` is true. */
  readonly bytesFreeMin?: number;
  /** How often expired records are removed and the room is looked at, ms. */
  readonly housekeepingMs?: number;
}

export interface LmdbStore {
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly records: Records;
  /** Wall-clock time when the folder was made, ms. */
  readonly createdAt: number;
  /** No new sessions should be let in: there is no room, or hardly any. */
  isFull(): boolean;
  /** Waits for what was written and frees the folder. A second call does nothing more. */
  close(): Promise<void>;
}

const DATA_FILE = 'data.mdb';
const DEFAULTS = { bytesMax: 64 * 2 ** 30, bytesFreeMin: 64 * 2 ** 20, housekeepingMs: 5_000 } as const;

/**
 * Opens or makes the folder.
 * @throws DataDirError when another process has it, or it was made by a later version or for another number of shards.
 * @throws JournalError JOURNAL_CORRUPT with the path; the files are left as they are.
 */
export async function openLmdbStore(options: LmdbStoreOptions): Promise<LmdbStore> {
  const { folder, shards, clock, timers } = options;
  const { bytesMax, bytesFreeMin, housekeepingMs } = { ...DEFAULTS, ...options };
  mkdirSync(folder, { recursive: true });
  syncFolder(dirname(folder));
  const unlock = lockFolder(folder);
  let environment: Environment | undefined;
  try {
    const path = join(folder, DATA_FILE);
    const marker = readMarker(folder);
    if (marker !== undefined) checkDescription(folder, marker, shards);
    environment = openEnvironment({ path, expected: marker !== undefined, bytesMax });
    const { tables, commit, reserve } = environment;
    const commits = new CommitQueue<LmdbTable>({
      path,
      commit,
      reserve,
      soon: (fn) => {
        timers.soon(fn);
      },
      onFatal: options.onFatal,
    });
    let description = readDescription(path, tables.meta);
    description ??= await writeDescription(commits, tables.meta, { shards, createdAt: clock.wall() });
    checkDescription(folder, description, shards);
    if (marker === undefined) writeMarker(folder, description);

    const records = new LmdbRecords({ environment, commits, clock });
    const { freeBytes, close: closeFile } = environment;
    const housekeeping = new Housekeeping({
      folder,
      everyMs: housekeepingMs,
      bytesFreeMin,
      timers,
      freeBytes,
      sweep: () => records.sweep(),
      onProblem: options.onProblem ?? (() => undefined),
    });
    const close = async (): Promise<void> => {
      await housekeeping.close();
      await commits.close();
      await closeFile();
      unlock();
    };
    let closed: Promise<void> | undefined;
    return {
      journal: new LmdbJournal({ environment, commits }),
      snapshots: new LmdbSnapshotStore({ environment, commits }),
      records,
      createdAt: description.createdAt,
      isFull: () => commits.full || housekeeping.low,
      close: () => (closed ??= close()),
    };
  } catch (error) {
    await environment?.close();
    unlock();
    throw error;
  }
}
