/** What a pair of tables says of itself: a row written once, when the tables are made. */
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Calls } from './calls.js';
import { StoreSetupError } from './errors.js';

/** Version of keys and rows. A new one is written only by a release that says how the old one is read. */
const FORMAT = 1;
const key = { pk: 'description', sk: 'description' } as const;

export interface Description {
  readonly format: number;
  readonly shards: number;
  /** Wall clock, ms. */
  readonly createdAt: number;
}

/** Writes the description unless there is one. */
export async function writeDescription(calls: Calls, table: string, made: Omit<Description, 'format'>): Promise<void> {
  const command = { TableName: table, Item: { ...key, format: FORMAT, ...made }, ConditionExpression: 'attribute_not_exists(pk)' };
  await calls.write(`describing ${table}`, () => calls.document.send(new PutCommand(command)));
}

/** @throws StoreSetupError STORE_NOT_SET_UP, STORE_NEWER or STORE_SHARDS */
export async function checkDescription(calls: Calls, table: string, shards: number): Promise<Description> {
  const command = { TableName: table, Key: key, ConsistentRead: true };
  const { Item } = await calls.run(`reading what ${table} is`, () => calls.document.send(new GetCommand(command)));
  if (Item === undefined) throw new StoreSetupError('STORE_NOT_SET_UP', `the table ${table} does not say what it was made for; run the setup`);
  const description = Item as unknown as Description;
  if (description.format > FORMAT) {
    throw new StoreSetupError('STORE_NEWER', `the table ${table} has format ${description.format}; this version reads up to ${FORMAT}`);
  }
  if (description.shards !== shards) {
    throw new StoreSetupError('STORE_SHARDS', `the table ${table} was made for ${description.shards} shards and cannot be used with ${shards}`);
  }
  return description;
}
