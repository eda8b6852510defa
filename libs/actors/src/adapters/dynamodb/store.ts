/** Snapshots and records in DynamoDB. */
import type { Records } from '../../ports/records.js';
import type { SnapshotStore } from '../../ports/snapshot-store.js';
import { Calls } from './calls.js';
import type { DynamoOptions } from './options.js';
import { DynamoRecords } from './records.js';
import { checkDynamo } from './setup.js';
import { DynamoSnapshotStore } from './snapshots.js';
import { tablesOf } from './tables.js';

export { StoreSetupError, type StoreSetupErrorCode } from './errors.js';
export type { DynamoCredentials, DynamoLimits, DynamoObserver, DynamoOptions } from './options.js';

export interface DynamoStoreOptions extends DynamoOptions {
  /** Shards of the cluster. Tables that were made for another number are refused. */
  readonly shards: number;
}

export interface DynamoStore {
  readonly snapshots: SnapshotStore;
  readonly records: Records;
  /** Ends the connections. Requests under way fail. */
  close(): Promise<void>;
}

/**
 * Opens tables that `setupDynamo` made.
 * @throws StoreSetupError when they are not there or not these; JournalError STORE_AWAY or STORE_REFUSED when nobody can say
 */
export async function openDynamoStore(options: DynamoStoreOptions): Promise<DynamoStore> {
  const { snapshots, records } = tablesOf(options.tablePrefix);
  const calls = new Calls(options);
  try {
    await checkDynamo(calls, options.tablePrefix, options.shards);
  } catch (error) {
    calls.close();
    throw error;
  }
  return {
    snapshots: new DynamoSnapshotStore(calls, snapshots),
    records: new DynamoRecords(calls, records),
    close: async () => calls.close(),
  };
}
