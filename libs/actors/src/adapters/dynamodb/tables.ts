/** The two tables, and how names become keys. Strings are compared by their UTF-8 bytes, which is the order of code points. */
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

export interface Tables {
  readonly snapshots: string;
  readonly records: string;
}

export const PARTITION = 'pk';
export const SORT = 'sk';
/** Seconds since 1970, after which DynamoDB may remove a row; it does so within days. */
export const TTL = 'ttl';

const PREFIX = /^[A-Za-z0-9_.-]{1,200}$/;
/** DynamoDB takes sort keys of 1,024 bytes and partition keys of 2,048. */
export const NAME_BYTES_MAX = 960;
/** An item holds 400 KB, with its keys and the names of its attributes. */
export const ITEM_VALUE_BYTES_MAX = 384 * 1024;

/** @throws RangeError when the prefix cannot begin a table's name. */
export function tablesOf(prefix: string): Tables {
  if (!PREFIX.test(prefix)) throw new RangeError('a table prefix has 1 to 200 letters, digits, "_", "-" or "."');
  return { snapshots: `${prefix}snapshots`, records: `${prefix}records` };
}

export function tableDefinition(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [PARTITION, SORT].map((attribute) => ({ AttributeName: attribute, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: PARTITION, KeyType: 'HASH' },
      { AttributeName: SORT, KeyType: 'RANGE' },
    ],
  };
}

/** @throws RangeError when the name is empty, too long, or holds half a surrogate pair. */
export function nameOf(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > NAME_BYTES_MAX) throw new RangeError(`a key has 1 to ${NAME_BYTES_MAX} bytes, this one ${bytes}`);
  if (!name.isWellFormed()) throw new RangeError('a key is well-formed Unicode');
  return name;
}

/** Cuts bytes into values that each fit into an item; at least one. */
export function pieces(bytes: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(bytes.length / ITEM_VALUE_BYTES_MAX));
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * ITEM_VALUE_BYTES_MAX, (i + 1) * ITEM_VALUE_BYTES_MAX));
}

/** Of piece `index` of what the writer wrote. Fixed width behind what comes before. */
export function pieceKey(writer: string, index: number): string {
  return `${writer}#${String(index).padStart(4, '0')}`;
}
