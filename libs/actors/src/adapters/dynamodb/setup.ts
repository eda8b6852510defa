// Owns: that the tables are there as they should be. Makes what is missing, changes nothing that is there but to switch expiry on.
import { CreateTableCommand, DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand, UpdateContinuousBackupsCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { Calls } from './calls.js';
import { checkDescription, writeDescription, type Description } from './description.js';
import { StoreSetupError } from './errors.js';
import type { DynamoOptions } from './options.js';
import { tableDefinition, tablesOf, TTL } from './tables.js';

export interface DynamoSetupOptions extends DynamoOptions {
  /** Shards of the cluster: written when the tables are made, and compared ever after. */
  readonly shards: number;
  /** Switches on that the tables can be restored to any second of the last 35 days; AWS charges for it. Never switches it off. */
  readonly pointInTimeRecovery?: boolean;
  /** A new table is waited for as long as this, ms. */
  readonly tableMsMax?: number;
}

export interface DynamoSetupReport {
  /** Names of the tables that were made, and of those that were there. */
  readonly created: readonly string[];
  readonly found: readonly string[];
  readonly description: Description;
}

const TABLE_MS_MAX = 120_000;
/** A table that was just made is not there for everybody at once. */
const NOT_YET: readonly string[] = ['ResourceNotFoundException', 'ContinuousBackupsUnavailableException'];

/**
 * Makes the tables, or checks those that are there; as often as one likes.
 * @throws StoreSetupError when what is there cannot be used; JournalError when DynamoDB does not answer or refuses
 */
export async function setupDynamo(options: DynamoSetupOptions): Promise<DynamoSetupReport> {
  const calls = new Calls(options);
  try {
    const { snapshots, records } = tablesOf(options.tablePrefix);
    const until = calls.clock.mono() + (options.tableMsMax ?? TABLE_MS_MAX);
    const tables = await Promise.all([snapshots, records].map(async (name) => ({ name, created: await makeTable(calls, name, until) })));
    await switchExpiryOn(calls, records);
    if (options.pointInTimeRecovery === true) await Promise.all([snapshots, records].map((name) => switchRecoveryOn(calls, name, until)));
    await writeDescription(calls, snapshots, { shards: options.shards, createdAt: calls.clock.wall() });
    const description = await checkDescription(calls, snapshots, options.shards);
    const named = (wanted: boolean): string[] => tables.filter(({ created }) => created === wanted).map(({ name }) => name);
    return { created: named(true), found: named(false), description };
  } finally {
    calls.close();
  }
}

/** What `openDynamoStore` looks at: tables, keys, expiry, number of shards. @throws StoreSetupError, JournalError */
export async function checkDynamo(calls: Calls, tablePrefix: string, shards: number): Promise<void> {
  const { snapshots, records } = tablesOf(tablePrefix);
  for (const name of [snapshots, records]) checkKeys(name, await describe(calls, name));
  if ((await expiryAttribute(calls, records)) !== TTL) throw new StoreSetupError('STORE_TABLE_SCHEMA', `the table ${records} does not expire rows by ${TTL}; run the setup`);
  await checkDescription(calls, snapshots, shards);
}

/** @returns whether it was made now. */
async function makeTable(calls: Calls, name: string, until: number): Promise<boolean> {
  let created = false;
  let table = await describe(calls, name).catch(missing);
  if (table === undefined) {
    created = await calls.run(`making ${name}`, () => calls.document.send(new CreateTableCommand(tableDefinition(name))).then(() => true, inUse));
  } else {
    checkKeys(name, table);
  }
  for (let look = 1; table?.TableStatus !== 'ACTIVE' && table?.TableStatus !== 'UPDATING'; look += 1) {
    if (calls.clock.mono() > until) throw new StoreSetupError('STORE_TABLE_MISSING', `the table ${name} is ${table?.TableStatus ?? 'still not there'}`);
    if (look > 1) await calls.pause(look);
    table = await describe(calls, name).catch(missing);
  }
  checkKeys(name, table);
  return created;
}

async function describe(calls: Calls, name: string): Promise<TableDescription | undefined> {
  try {
    const { Table } = await calls.run(`looking at ${name}`, () => calls.document.send(new DescribeTableCommand({ TableName: name })));
    return Table;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'STORE_TABLE_MISSING') throw error;
    throw new StoreSetupError('STORE_TABLE_MISSING', `there is no table ${name}; run the setup`, { cause: error });
  }
}

function checkKeys(name: string, table: TableDescription | undefined): void {
  const shown = ({ KeySchema = [], AttributeDefinitions = [] }: Pick<TableDescription, 'KeySchema' | 'AttributeDefinitions'>): string =>
    KeySchema.map(({ AttributeName, KeyType }) => `${AttributeName} ${AttributeDefinitions.find((attribute) => attribute.AttributeName === AttributeName)?.AttributeType} ${KeyType}`).join(', ');
  const wanted = shown(tableDefinition(name) as TableDescription);
  const found = shown(table ?? {});
  if (found !== wanted) throw new StoreSetupError('STORE_TABLE_SCHEMA', `the table ${name} has the key (${found}) and not (${wanted}): it is another program's, or another version's`);
}

async function expiryAttribute(calls: Calls, name: string): Promise<string | undefined> {
  const command = new DescribeTimeToLiveCommand({ TableName: name });
  const { TimeToLiveDescription: expiry } = await calls.run(`looking at the expiry of ${name}`, () => calls.document.send(command));
  return expiry?.TimeToLiveStatus === 'ENABLED' || expiry?.TimeToLiveStatus === 'ENABLING' ? expiry.AttributeName : undefined;
}

async function switchExpiryOn(calls: Calls, name: string): Promise<void> {
  const present = await expiryAttribute(calls, name);
  if (present === TTL) return;
  if (present !== undefined) throw new StoreSetupError('STORE_TABLE_SCHEMA', `the table ${name} expires rows by ${present} and not by ${TTL}`);
  const command = { TableName: name, TimeToLiveSpecification: { AttributeName: TTL, Enabled: true } };
  try {
    await calls.run(`switching on the expiry of ${name}`, () => calls.document.send(new UpdateTimeToLiveCommand(command)));
  } catch (error) {
    // Somebody else was quicker.
    if ((await expiryAttribute(calls, name)) !== TTL) throw error;
  }
}

async function switchRecoveryOn(calls: Calls, name: string, until: number): Promise<void> {
  const what = `switching on point-in-time recovery of ${name}`;
  const { ContinuousBackupsDescription } = await calls.run(what, () => calls.document.send(new DescribeContinuousBackupsCommand({ TableName: name })));
  if (ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED') return;
  const command = { TableName: name, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
  for (let attempt = 1; ; attempt += 1) {
    const switched = await calls.run(what, () => calls.document.send(new UpdateContinuousBackupsCommand(command)).then(() => true, (error: Error) => {
      if (!NOT_YET.includes(error.name) || calls.clock.mono() > until) throw error;
      return false;
    }));
    if (switched) return;
    await calls.pause(attempt);
  }
}

function missing(error: unknown): undefined {
  if (error instanceof StoreSetupError && error.code === 'STORE_TABLE_MISSING') return undefined;
  throw error;
}

/** Another setup runs at the same time. */
function inUse(error: Error): boolean {
  if (error.name === 'ResourceInUseException') return false;
  throw error;
}
