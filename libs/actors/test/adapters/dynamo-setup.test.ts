/** Tables are made once, checked ever after, and never used when they are somebody else's. */
import { CreateTableCommand, DeleteTableCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { StoreSetupError } from '@ringmaster/actors/adapters/dynamodb/store';
import { describeWithServers, START_MS_MAX } from '../../../../test/services/describe-with-servers.js';
import { dynamoRecipe, startDynamo, type RunningDynamo } from '../../../../test/services/dynamodb.js';
import { startOwned } from '../../../../test/services/running.js';
import { bytes, text } from '../contract/bytes.js';
import { DynamoProxy } from './dynamo-proxy.js';
import { DynamoTables, SHARDS } from './dynamo-tables.js';

// Real servers on a machine that may be busy.
jest.setTimeout(60_000);

let dynamo: RunningDynamo;
let client: DynamoDBClient;
let tables: DynamoTables;

const refusal = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'no error', (error: { code?: unknown }) => error.code);

describeWithServers(['dynamodb'], 'tables of DynamoDB', () => {
  beforeAll(async () => {
    dynamo = await startDynamo({ shared: true });
    client = new DynamoDBClient({ endpoint: dynamo.address, region: 'local', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
  }, START_MS_MAX);
  afterAll(async () => {
    client?.destroy();
    await dynamo?.stop();
  });

  beforeEach(() => {
    tables = new DynamoTables(dynamo.address);
  });
  afterEach(() => tables.dispose());

  const names = () => [`${tables.prefix}snapshots`, `${tables.prefix}records`];
  const attributes = ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
  const makeTable = (TableName: string, sort: string, type: 'S' | 'N' = 'S') =>
    client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [attributes[0]!, { AttributeName: sort, AttributeType: type }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: sort, KeyType: 'RANGE' }],
      }),
    );

  describe('setup', () => {
    test('makes both tables, paid by request, with expiry; a second time it finds them', async () => {
      tables.wall = 1_234;
      expect(await tables.setup()).toEqual({ created: names(), found: [], description: expect.objectContaining({ format: 1, shards: SHARDS, createdAt: 1_234 }) });
      tables.wall = 5_678;
      expect(await tables.setup()).toEqual({ created: [], found: names(), description: expect.objectContaining({ createdAt: 1_234 }) });
      const found = await Promise.all(names().map((TableName) => client.send(new DescribeTableCommand({ TableName }))));
      expect(found.map(({ Table }) => Table?.BillingModeSummary?.BillingMode)).toEqual(['PAY_PER_REQUEST', 'PAY_PER_REQUEST']);
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: names()[1] }));
      expect(TimeToLiveDescription).toEqual({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
      await tables.open();
    });

    test('of several at once each succeeds, and each table is made once', async () => {
      const reports = await Promise.all(Array.from({ length: 4 }, () => tables.setup()));
      expect(reports.flatMap(({ created }) => created).sort()).toEqual(names().sort());
    });

    test('adds what is missing of a half-made pair', async () => {
      await tables.setup();
      await client.send(new DeleteTableCommand({ TableName: names()[1] }));
      expect((await tables.setup()).created).toEqual([names()[1]]);
      await tables.open();
    });

    test('keeps away from tables with another key', async () => {
      await makeTable(names()[0]!, 'other');
      expect(await refusal(tables.setup())).toBe('STORE_TABLE_SCHEMA');
      await expect(tables.setup()).rejects.toThrow(/snapshots has the key \(pk S HASH, other S RANGE\) and not \(pk S HASH, sk S RANGE\)/);
      await tables.dispose();
      tables = new DynamoTables(dynamo.address);
      await makeTable(names()[1]!, 'sk', 'N');
      expect(await refusal(tables.setup())).toBe('STORE_TABLE_SCHEMA');
    });

    test('keeps away from a table that expires rows by something else', async () => {
      await makeTable(names()[1]!, 'sk');
      await client.send(new UpdateTimeToLiveCommand({ TableName: names()[1], TimeToLiveSpecification: { AttributeName: 'until', Enabled: true } }));
      await expect(tables.setup()).rejects.toThrow(/expires rows by until and not by ttl/);
    });

    test('switches point-in-time recovery on where it is asked for, once the service is ready for it', async () => {
      const proxy = new DynamoProxy(dynamo.address);
      const endpoint = await proxy.listen();
      const status = (PointInTimeRecoveryStatus: string) => ({ body: { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus } } } });
      // DynamoDB Local has no backups: the proxy answers for it.
      let enabled = false;
      let refusals = 2;
      proxy.fate = ({ operation }) => {
        if (operation === 'DescribeContinuousBackups') return status(enabled ? 'ENABLED' : 'DISABLED');
        if (operation !== 'UpdateContinuousBackups') return 'pass';
        return refusals-- > 0 ? { status: 400, error: 'ContinuousBackupsUnavailableException' } : status('ENABLED');
      };
      await tables.setup({ endpoint });
      expect(proxy.count('UpdateContinuousBackups')).toBe(0);
      await tables.setup({ endpoint, pointInTimeRecovery: true });
      expect(proxy.count('UpdateContinuousBackups')).toBe(4);
      enabled = true;
      await tables.setup({ endpoint, pointInTimeRecovery: true });
      expect(proxy.count('UpdateContinuousBackups')).toBe(4);
      await proxy.close();
    });

    test('says that nobody answers, and what a prefix may be', async () => {
      expect(await refusal(tables.setup({ endpoint: 'http://127.0.0.1:1', limits: { attemptsMax: 2, backoffMsMin: 1, backoffMsMax: 2 } }))).toBe('STORE_AWAY');
      await expect(tables.setup({ tablePrefix: 'a b' })).rejects.toThrow(/a table prefix has/);
      await expect(tables.setup({ tablePrefix: '' })).rejects.toThrow(RangeError);
    });
  });

  describe('a store opens', () => {
    test('only on tables that are there', async () => {
      expect(await refusal(tables.open())).toBe('STORE_TABLE_MISSING');
      await expect(tables.open()).rejects.toThrow(/there is no table .*snapshots; run the setup/);
      await tables.setup();
      await client.send(new DeleteTableCommand({ TableName: names()[1] }));
      await expect(tables.open()).rejects.toThrow(/there is no table .*records; run the setup/);
    });

    test('only on tables that setup has finished', async () => {
      await Promise.all(names().map((name) => makeTable(name, 'sk')));
      await expect(tables.open()).rejects.toThrow(/does not expire rows by ttl; run the setup/);
      await client.send(new UpdateTimeToLiveCommand({ TableName: names()[1], TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }));
      expect(await refusal(tables.open())).toBe('STORE_NOT_SET_UP');
    });

    test('only with the number of shards that the tables were made for', async () => {
      await tables.setup();
      expect(await refusal(tables.open({ shards: 64 }))).toBe('STORE_SHARDS');
      expect(await refusal(tables.setup({ shards: 64 }))).toBe('STORE_SHARDS');
      await expect(tables.open({ shards: 64 })).rejects.toThrow(/was made for 256 shards and cannot be used with 64/);
    });

    test('only on tables that no later version wrote', async () => {
      await tables.setup();
      const later = { pk: 'description', sk: 'description', format: 2, shards: SHARDS, createdAt: 0 };
      await DynamoDBDocumentClient.from(client).send(new PutCommand({ TableName: names()[0], Item: later }));
      await expect(tables.open()).rejects.toThrow(StoreSetupError);
      expect(await refusal(tables.open())).toBe('STORE_NEWER');
    });
  });
});

describeWithServers(['own dynamodb'], 'DynamoDB that dies', () => {
  test('killed in the middle of writes: they succeed or say STORE_AWAY, and the same store goes on afterwards', async () => {
    const own = await startOwned(dynamoRecipe());
    const mortal = new DynamoTables(`http://127.0.0.1:${own.ports[0]}`);
    try {
      await mortal.setup();
      const { records, snapshots } = await mortal.open({ limits: { requestMsMax: 2_000, attemptsMax: 2, backoffMsMin: 1, backoffMsMax: 4 } });
      await records.put('k', bytes('before'));
      let written = 0;
      const outcomes = Array.from({ length: 400 }, (_, i) => refusal(snapshots.putChunk(1, 'a', `k${i}`, bytes('v')).then(() => (written += 1))));
      await new Promise<void>((resolve) => {
        const look = (): void => (written >= 50 ? resolve() : void setImmediate(look));
        look();
      });
      await own.kill();
      const said = await Promise.all(outcomes);
      expect(new Set(said)).toEqual(new Set(['no error', 'STORE_AWAY']));
      expect(await refusal(records.get('k'))).toBe('STORE_AWAY');
      // It begins empty: a real one would have kept its tables.
      await own.restart();
      await mortal.setup();
      expect(await records.put('k', bytes('after'), { expected: 0 })).toBe(1);
      expect(text((await records.get('k'))?.value)).toBe('after');
    } finally {
      await mortal.dispose();
      await own.stop();
    }
  }, 60_000);
});
