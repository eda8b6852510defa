/** What the network and the service do to requests, against the real thing behind a proxy. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { JournalError, type SnapshotPointer } from '@ringmaster/actors';
import type { DynamoStore } from '@ringmaster/actors/adapters/dynamodb/store';
import { describeWithServers, START_MS_MAX } from '../../../../test/services/describe-with-servers.js';
import { startDynamo, type RunningDynamo } from '../../../../test/services/dynamodb.js';
import { bytes, noise, sameBytes, text } from '../contract/bytes.js';
import { DynamoProxy } from './dynamo-proxy.js';
import { DynamoTables } from './dynamo-tables.js';

// Real servers on a machine that may be busy.
jest.setTimeout(60_000);

let dynamo: RunningDynamo;
let proxy: DynamoProxy;
let tables: DynamoTables;
let direct: DynamoStore;
/** Through the proxy. */
let store: DynamoStore;

const limits = { connectMsMax: 2_000, requestMsMax: 3_000, attemptsMax: 3, backoffMsMin: 1, backoffMsMax: 4 };
const pointer = (n: number): SnapshotPointer => ({ entityId: 'a', n, deadline: null, chunks: [] });
const code = async (work: Promise<unknown>): Promise<unknown> => work.then(() => 'no error', (error: unknown) => (error instanceof JournalError ? [error.kind, error.code] : error));

describeWithServers(['dynamodb'], 'DynamoDB under fault', () => {
  beforeAll(async () => {
    dynamo = await startDynamo({ shared: true });
  }, START_MS_MAX);
  afterAll(() => dynamo?.stop());

  beforeEach(async () => {
    tables = new DynamoTables(dynamo.address);
    direct = await tables.made();
    proxy = new DynamoProxy(dynamo.address);
    store = await tables.open({ endpoint: await proxy.listen(), limits });
    proxy.seen.length = 0;
    tables.observed.length = 0;
  });
  afterEach(async () => {
    await tables.dispose();
    await proxy.close();
  });

  describe('a write under a condition whose answer is lost', () => {
    test('S1 a pointer: the second attempt finds its own row', async () => {
      proxy.once('PutItem', 'loseAnswer');
      expect(await store.snapshots.putPointer(1, pointer(5))).toBe(true);
      expect(proxy.count('PutItem')).toBe(2);
      expect(tables.observed).toEqual(['retried STORE_AWAY']);
      expect(await store.snapshots.putPointer(1, pointer(5))).toBe(false);
    });

    test('S1 a pointer: a newer one that came in between stays', async () => {
      proxy.once('PutItem', 'loseAnswer');
      proxy.meanwhile = () => direct.snapshots.putPointer(1, pointer(6));
      expect(await store.snapshots.putPointer(1, pointer(5))).toBe(false);
      expect(await direct.snapshots.getPointer(1, 'a')).toEqual(pointer(6));
    });

    test('S2 a replay position', async () => {
      const from = { offset: 7, n: 5, epoch: 1, owner: 'o' };
      proxy.once('PutItem', 'loseAnswer');
      expect(await store.snapshots.putReplayFrom(1, from)).toBe(true);
      expect(await store.snapshots.putReplayFrom(1, from)).toBe(false);
    });

    const small = bytes('v');
    const large = noise(500 * 1024, 1);
    test.each([
      ['created', { expected: 0 }, small, 1],
      ['replaced', { expected: 1 }, small, 2],
      ['written over whatever is there', {}, small, 2],
      ['created, large', { expected: 0 }, large, 1],
      ['replaced, large', { expected: 1 }, large, 2],
    ] as const)('a record is %s once', async (_name, options, value, version) => {
      if (version === 2) await direct.records.put('k', bytes('before'));
      const operation = value === large ? 'TransactWriteItems' : 'UpdateItem';
      // What stands there is not known at first where nothing is expected: then the write under the right condition is the second one.
      let updates = 'expected' in options ? 0 : -1;
      proxy.fate = (asked) => (asked.operation === operation && updates++ === 0 ? 'loseAnswer' : 'pass');
      expect(await store.records.put('k', value, options)).toBe(version);
      expect(updates).toBeGreaterThan(0);
      const stored = await direct.records.get('k');
      expect(stored?.version).toBe(version);
      expect(sameBytes(stored?.value, value)).toBe(true);
    });

    test('a record that somebody replaced in between stays as that one wrote it', async () => {
      proxy.once('UpdateItem', 'loseAnswer');
      proxy.meanwhile = () => direct.records.put('k', bytes('theirs'), { expected: 1 });
      expect(await store.records.put('k', bytes('ours'), { expected: 0 })).toBe(1);
      const stored = await direct.records.get('k');
      expect([text(stored?.value), stored?.version]).toEqual(['theirs', 2]);
    });

    test('a record is deleted, and a new one that came in between is not', async () => {
      await direct.records.put('k', bytes('old'));
      proxy.once('DeleteItem', 'loseAnswer');
      expect(await store.records.delete('k', 1)).toBe(true);
      await direct.records.put('k', bytes('old'));
      proxy.once('DeleteItem', 'loseAnswer');
      proxy.meanwhile = () => direct.records.put('k', bytes('new'), { expected: 0 });
      expect(await store.records.delete('k', 1)).toBe(true);
      expect(text((await direct.records.get('k'))?.value)).toBe('new');
    });

    test('a record that did not get there at all is written by the second attempt', async () => {
      proxy.once('UpdateItem', 'refuse');
      expect(await store.records.put('k', bytes('v'), { expected: 0 })).toBe(1);
      expect((await direct.records.get('k'))?.version).toBe(1);
    });
  });

  describe('throttling', () => {
    test.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'])('%s is waited out', async (error) => {
      proxy.times(2, 'PutItem', { status: 400, error });
      await store.snapshots.putChunk(1, 'a', 'k', bytes('v'));
      expect(tables.observed).toEqual(['retried STORE_THROTTLED', 'retried STORE_THROTTLED']);
      expect(text(await direct.snapshots.getChunk(1, 'a', 'k'))).toBe('v');
    });

    test('that does not end is an error after which the runtime waits and asks again', async () => {
      proxy.fate = () => ({ status: 400, error: 'ProvisionedThroughputExceededException' });
      expect(await code(store.snapshots.putPointer(1, pointer(1)))).toEqual(['unknown', 'STORE_THROTTLED']);
      expect(proxy.count('PutItem')).toBe(limits.attemptsMax);
      expect(tables.observed.at(-1)).toBe('failed STORE_THROTTLED');
    });

    test('of a part of a batch: the rest is asked for again until all is done', async () => {
      const keys = Array.from({ length: 40 }, (_, i) => `k${i}`);
      await Promise.all(keys.map((key) => direct.snapshots.putChunk(1, 'a', key, bytes('v'))));
      let halves = 6;
      proxy.fate = ({ operation }) => (operation === 'BatchWriteItem' && halves-- > 0 ? 'leaveHalf' : 'pass');
      await store.snapshots.deleteChunks(1, 'a', keys);
      expect(proxy.count('BatchWriteItem')).toBeGreaterThanOrEqual(8);
      const left = await Promise.all(keys.map((key) => direct.snapshots.getChunk(1, 'a', key)));
      expect(left.every((chunk) => chunk === undefined)).toBe(true);
    });

    test('of a batch that does not get on', async () => {
      proxy.fate = ({ operation, body }) => (operation === 'BatchWriteItem' ? { body: { UnprocessedItems: body['RequestItems'] } } : 'pass');
      expect(await code(store.snapshots.deleteChunks(1, 'a', ['k']))).toEqual(['unknown', 'STORE_THROTTLED']);
    });

    test('a conflict of transactions', async () => {
      const reasons = { CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }] };
      const conflicts = [{ error: 'TransactionConflictException' }, { error: 'TransactionCanceledException', more: reasons }];
      proxy.fate = ({ operation }) => {
        const conflict = operation === 'TransactWriteItems' ? conflicts.pop() : undefined;
        return conflict === undefined ? 'pass' : { status: 400, ...conflict };
      };
      expect(await store.records.put('k', noise(500 * 1024, 1))).toBe(1);
      expect(tables.observed).toEqual(['retried STORE_THROTTLED', 'retried STORE_THROTTLED']);
    });
  });

  describe('a service that does not answer as it should', () => {
    test.each(['hang', 'refuse', 'cutAnswer', 'stallAnswer', { status: 500, error: 'InternalServerError' }, { status: 503, error: 'ServiceUnavailable' }] as const)('%j once: asked again', async (fate) => {
      await direct.records.put('k', bytes('v'));
      proxy.once('GetItem', fate);
      expect(text((await store.records.get('k'))?.value)).toBe('v');
      expect(tables.observed).toEqual(['retried STORE_AWAY']);
    });

    test('for ever: STORE_AWAY', async () => {
      proxy.fate = () => 'refuse';
      expect(await code(store.records.get('k'))).toEqual(['unknown', 'STORE_AWAY']);
      expect(await code(store.snapshots.getReplayFrom(1))).toEqual(['unknown', 'STORE_AWAY']);
      proxy.fate = () => 'pass';
      expect(await store.snapshots.getReplayFrom(1)).toBeUndefined();
    });

    test('no attempt begins after callMsMax', async () => {
      let mono = 0;
      const patient = await tables.open({ endpoint: proxy.address, clock: { mono: () => mono, wall: () => 0 }, limits: { ...limits, attemptsMax: 1_000, callMsMax: 5_000 } });
      proxy.seen.length = 0;
      proxy.fate = () => {
        mono += 1_000;
        return 'refuse';
      };
      expect(await code(patient.records.get('k'))).toEqual(['unknown', 'STORE_AWAY']);
      expect(proxy.seen).toHaveLength(5);
    });

    test.each(['AccessDeniedException', 'UnrecognizedClientException', 'ExpiredTokenException'])('%s: said once, not tried again at once', async (error) => {
      proxy.fate = () => ({ status: 400, error });
      expect(await code(store.records.get('k'))).toEqual(['unknown', 'STORE_REFUSED']);
      expect(proxy.seen).toHaveLength(1);
    });

    test('no table: a permanent error, for no waiting mends it', async () => {
      proxy.fate = () => ({ status: 400, error: 'ResourceNotFoundException' });
      expect(await code(store.snapshots.getPointer(1, 'a'))).toEqual(['permanent', 'STORE_TABLE_MISSING']);
      expect(proxy.seen).toHaveLength(1);
    });
  });

  test('more requests than may wait are refused by name', async () => {
    const busy = await tables.open({ limits: { ...limits, concurrentMax: 1, waitingMax: 1 } });
    const outcomes = await Promise.all([1, 2, 3].map((shard) => code(busy.snapshots.getReplayFrom(shard))));
    expect(outcomes).toEqual(['no error', 'no error', ['unknown', 'STORE_BUSY']]);
    expect(await busy.snapshots.getReplayFrom(1)).toBeUndefined();
  });

  test('a value that a transaction cannot hold, and a pointer that an item cannot hold, are refused by name', async () => {
    await expect(store.records.put('k', new Uint8Array(4 * 1024 * 1024))).rejects.toThrow(/at most 3670016 bytes/);
    const chunks = Array.from({ length: 10_000 }, (_, i) => ({ key: `p:part-${i}:1.1.1:0`, bytes: 1, crc: 1 }));
    await expect(store.snapshots.putPointer(1, { ...pointer(1), chunks })).rejects.toThrow(RangeError);
  });

  test('a large value of which a piece is gone is named, and not returned in part', async () => {
    await direct.records.put('k', noise(900 * 1024, 1));
    proxy.fate = ({ operation, body }) => (operation === 'GetItem' && JSON.stringify(body).includes('#0002') ? { body: {} } : 'pass');
    expect(await code(store.records.get('k'))).toEqual(['corrupt', 'STORE_CORRUPT']);
  });

  test('S3 every read asks for consistency, of the table and of no index', async () => {
    await store.snapshots.putChunk(1, 'a', 'k', noise(900 * 1024, 1));
    await store.records.put('of/one/k', noise(900 * 1024, 1));
    const { records, snapshots } = store;
    await Promise.all([snapshots.getChunk(1, 'a', 'k'), snapshots.getPointer(1, 'a'), snapshots.getReplayFrom(1), records.get('of/one/k'), records.list('of/one/', { limit: 3 }), records.list('o', { limit: 3 })]);
    for await (const page of snapshots.pointers(1)) expect(page).toEqual([]);
    await Promise.all([snapshots.deleteChunks(1, 'a', await snapshots.chunkKeys(1, 'a')), records.delete('of/one/k', 1)]);
    const reads = proxy.seen.filter(({ operation }) => ['GetItem', 'Query', 'Scan', 'BatchGetItem'].includes(operation));
    expect(new Set(reads.map(({ operation }) => operation))).toEqual(new Set(['GetItem', 'Query', 'Scan']));
    for (const { body } of reads) expect([body['ConsistentRead'], body['IndexName']]).toEqual([true, undefined]);
  });
});
