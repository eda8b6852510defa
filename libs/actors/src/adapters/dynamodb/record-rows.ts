/**
 * How a record lies in the table. Its partition is its key up to the second `/`, or the whole key where there is none, so that
 * `quiz/<owner>/` is one partition in order, and a deck or an idempotency mark lies alone. Strings are ordered as the port wants it.
 * `writer` is the nonce of the last write and `before` of the one before it: whoever lost an answer finds its own write there.
 */
import { nameOf, pieceKey, pieces } from './tables.js';

/** A transaction holds 4 MB. */
export const VALUE_BYTES_MAX = 3_584 * 1024;
const PARTITION_SLASHES = 2;

export interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly version: number;
  /** Absent where the value lies in pieces. */
  readonly value?: Uint8Array;
  readonly pieces?: number;
  readonly writer: string;
  readonly before: string;
  /** Wall clock, ms. */
  readonly expiresAt?: number;
}

/** A write that is to become a row, whatever version it gets. */
export interface Draft {
  readonly key: string;
  readonly pieces: readonly Uint8Array[];
  readonly writer: string;
  readonly expiresAt: number | undefined;
}

/** The row that a write replaces: none, one of a version that has not expired, or exactly this one. */
export type Seen = { readonly kind: 'none' } | { readonly kind: 'version'; readonly version: number } | { readonly kind: 'row'; readonly row: Row };

/** @throws RangeError for a key that cannot be kept */
export function rowKey(key: string): { readonly pk: string; readonly sk: string } {
  return { pk: `k#${partitionOf(nameOf(key)) ?? key}`, sk: key };
}

/** The one partition in which all keys with this prefix lie; undefined: they may lie anywhere. */
export function partitionOf(prefix: string): string | undefined {
  const end = prefix.split('/', PARTITION_SLASHES).join('/').length;
  return prefix.split('/').length > PARTITION_SLASHES ? prefix.slice(0, end + 1) : undefined;
}

export const isRecord = (pk: string): boolean => pk.startsWith('k#');

/** @throws RangeError */
export function draftOf(key: string, value: Uint8Array, writer: string, expiresAt: number | undefined): Draft {
  if (value.length > VALUE_BYTES_MAX) throw new RangeError(`a record has at most ${VALUE_BYTES_MAX} bytes, ${key} would have ${value.length}`);
  return { key: nameOf(key), pieces: pieces(value), writer, expiresAt: Number.isFinite(expiresAt) ? expiresAt : undefined };
}

/** The rows that hold the value of a write which does not fit into one. They expire with it. */
export function pieceRows({ key, pieces: values, writer, expiresAt }: Draft): (ReturnType<typeof pieceKeys>[number] & { value: Uint8Array; ttl?: number })[] {
  return pieceKeys(key, writer, values.length).map((row, i) => ({ ...row, value: values[i]!, ...ttlOf(expiresAt) }));
}

export function pieceKeys(key: string, writer: string, count: number): { readonly pk: string; readonly sk: string }[] {
  return Array.from({ length: count }, (_, i) => ({ pk: `v#${key}`, sk: pieceKey(writer, i) }));
}

/** Parameters of the update that writes the draft's row at `version`, if what was seen still stands there at time `now`. */
export function updateOf(table: string, draft: Draft, version: number, seen: Seen, now: number) {
  const { key, pieces: values, writer, expiresAt } = draft;
  const whole = values.length === 1;
  const set: Record<string, unknown> = {
    version,
    writer,
    ...(whole ? { value: values[0] } : { pieces: values.length }),
    ...(expiresAt === undefined ? {} : { expiresAt, ...ttlOf(expiresAt) }),
  };
  const drop = [whole ? 'pieces' : 'value', ...(expiresAt === undefined ? ['expiresAt', 'ttl'] : [])];
  const condition = conditionOf(seen, now);
  // The right-hand sides are those of the row as it was.
  const assignments = ['#before = if_not_exists(#writer, :nobody)', ...Object.keys(set).map((name) => `#${name} = :${name}`)];
  const names = ['before', ...Object.keys(set), ...drop, ...condition.names];
  return {
    TableName: table,
    Key: rowKey(key),
    UpdateExpression: `SET ${assignments.join(', ')} REMOVE ${drop.map((name) => `#${name}`).join(', ')}`,
    ConditionExpression: condition.expression,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: { ':nobody': '', ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])), ...condition.values },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
}

function conditionOf(seen: Seen, now: number): { readonly expression: string; readonly names: readonly string[]; readonly values: Readonly<Record<string, unknown>> } {
  switch (seen.kind) {
    case 'none':
      return { expression: 'attribute_not_exists(pk)', names: [], values: {} };
    case 'version':
      return {
        expression: '#version = :seen AND (attribute_not_exists(#expiresAt) OR #expiresAt > :now)',
        names: ['version', 'expiresAt'],
        values: { ':seen': seen.version, ':now': now },
      };
    case 'row':
      return { expression: '#writer = :seen', names: ['writer'], values: { ':seen': seen.row.writer } };
  }
}

function ttlOf(expiresAt: number | undefined): { ttl?: number } {
  return expiresAt === undefined ? {} : { ttl: Math.ceil(expiresAt / 1_000) };
}
