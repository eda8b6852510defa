import { afterAll, beforeAll, jest } from '@jest/globals';
import { describeWithServers, START_MS_MAX } from '../../../../test/services/describe-with-servers.js';
import { startDynamo, type RunningDynamo } from '../../../../test/services/dynamodb.js';
import { recordsContract } from '../contract/records.contract.js';
import { snapshotStoreContract } from '../contract/snapshot-store.contract.js';
import { DynamoTables } from './dynamo-tables.js';

// Real servers on a machine that may be busy.
jest.setTimeout(60_000);

let dynamo: RunningDynamo;
describeWithServers(['dynamodb'], 'DynamoDB', () => {
  beforeAll(async () => {
    dynamo = await startDynamo({ shared: true });
  }, START_MS_MAX);
  afterAll(() => dynamo?.stop());

  snapshotStoreContract('DynamoDB', async () => {
    const tables = new DynamoTables(dynamo.address);
    const { snapshots } = await tables.made();
    return { store: snapshots, reopen: async () => (await tables.open()).snapshots, dispose: () => tables.dispose() };
  });

  recordsContract('DynamoDB', async () => {
    const tables = new DynamoTables(dynamo.address);
    const { records } = await tables.made();
    return {
      records,
      setTime: (ms) => {
        tables.wall = ms;
      },
      // DynamoDB removes what has expired within days: until then it is there, and must not be seen.
      sweep: async () => undefined,
      reopen: async () => (await tables.open()).records,
      dispose: () => tables.dispose(),
    };
  });
});
