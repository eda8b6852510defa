/** What is told of each request: its name in DynamoDB, its time, and whether it was answered. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { DynamoStore } from '@ringmaster/actors/adapters/dynamodb/store';
import { describeWithServers, START_MS_MAX } from '../../../../test/services/describe-with-servers.js';
import { startDynamo, type RunningDynamo } from '../../../../test/services/dynamodb.js';
import { bytes } from '../contract/bytes.js';
import { DynamoProxy } from './dynamo-proxy.js';
import { DynamoTables } from './dynamo-tables.js';

// Real servers on a machine that may be busy.
jest.setTimeout(60_000);

let dynamo: RunningDynamo;
let proxy: DynamoProxy;
let tables: DynamoTables;
let store: DynamoStore;
const requests: { readonly operation: string; readonly ms: number; readonly ok: boolean }[] = [];
const told = (): readonly (readonly [string, boolean])[] => requests.map(({ operation, ok }) => [operation, ok] as const);

describeWithServers(['dynamodb'], 'requests to DynamoDB', () => {
  beforeAll(async () => {
    dynamo = await startDynamo({ shared: true });
  }, START_MS_MAX);
  afterAll(() => dynamo?.stop());

  beforeEach(async () => {
    tables = new DynamoTables(dynamo.address);
    await tables.setup();
    proxy = new DynamoProxy(dynamo.address);
    store = await tables.open({
      endpoint: await proxy.listen(),
      limits: { connectMsMax: 5_000, requestMsMax: 10_000, attemptsMax: 2, backoffMsMin: 1, backoffMsMax: 4 },
      observer: { requested: (operation, ms, ok) => requests.push({ operation, ms, ok }) },
    });
    requests.length = 0;
  });
  afterEach(async () => {
    await tables.dispose();
    await proxy.close();
  });

  test('are told by their names, and took some time', async () => {
    await store.records.put('k', bytes('v'));
    await store.records.get('k');
    expect(told()).toEqual([['UpdateItem', true], ['GetItem', true]]);
    expect(requests.every(({ ms }) => ms > 0 && ms < 10_000)).toBe(true);
  });

  test('a condition that does not hold is an answer', async () => {
    await store.records.put('k', bytes('v'));
    requests.length = 0;
    expect(await store.records.put('k', bytes('w'), { expected: 7 })).toBeUndefined();
    expect(told()).toEqual([['UpdateItem', true]]);
  });

  test('every attempt is one, and one whose answer is lost is not ok', async () => {
    proxy.once('GetItem', 'loseAnswer');
    await store.records.get('k');
    expect(told()).toEqual([['GetItem', false], ['GetItem', true]]);
  });

  test('so is one that is throttled', async () => {
    proxy.once('GetItem', { status: 400, error: 'ProvisionedThroughputExceededException' });
    await store.records.get('k');
    expect(told()).toEqual([['GetItem', false], ['GetItem', true]]);
  });
});
