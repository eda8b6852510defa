/** What a failed request means to those who wait for it. */
import { JournalError } from '../../ports/journal.js';

/**
 * STORE_TABLE_MISSING: a table is not there. STORE_TABLE_SCHEMA: it has another key, or no expiry. STORE_NOT_SET_UP: the tables are
 * there and say nothing of themselves. STORE_SHARDS: made for another number of shards. STORE_NEWER: written by a later version.
 */
export type StoreSetupErrorCode = 'STORE_TABLE_MISSING' | 'STORE_TABLE_SCHEMA' | 'STORE_NOT_SET_UP' | 'STORE_SHARDS' | 'STORE_NEWER';

/** The tables must not be used as they are configured. Nothing was changed. */
export class StoreSetupError extends Error {
  constructor(
    readonly code: StoreSetupErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreSetupError';
  }
}

export interface Trouble {
  readonly code: 'STORE_AWAY' | 'STORE_THROTTLED' | 'STORE_REFUSED' | 'STORE_TABLE_MISSING' | 'STORE_INVALID';
  /** Another attempt soon may succeed. */
  readonly passing: boolean;
  /** The request may have done its work. */
  readonly doubtful: boolean;
}

const away: Trouble = { code: 'STORE_AWAY', passing: true, doubtful: true };
const throttled: Trouble = { code: 'STORE_THROTTLED', passing: true, doubtful: false };
/** Credentials that are missing, expired or not enough: an operator mends it, so whoever can wait goes on asking. */
const refused: Trouble = { code: 'STORE_REFUSED', passing: false, doubtful: false };
const tableMissing: Trouble = { code: 'STORE_TABLE_MISSING', passing: false, doubtful: false };
const invalid: Trouble = { code: 'STORE_INVALID', passing: false, doubtful: false };

/** By name of the exception; in a cancelled transaction, of the reason. */
const byName: Readonly<Record<string, Trouble>> = {
  ProvisionedThroughputExceededException: throttled,
  ProvisionedThroughputExceeded: throttled,
  ThrottlingException: throttled,
  ThrottlingError: throttled,
  RequestLimitExceeded: throttled,
  LimitExceededException: throttled,
  TransactionConflictException: throttled,
  TransactionConflict: throttled,
  TransactionInProgressException: throttled,
  ResourceNotFoundException: tableMissing,
  ValidationException: invalid,
  ValidationError: invalid,
  ItemCollectionSizeLimitExceededException: invalid,
  CredentialsProviderError: refused,
};

const CONDITION = 'ConditionalCheckFailedException';
const CANCELLED = 'TransactionCanceledException';
const REASON_CONDITION = 'ConditionalCheckFailed';
const permanent: readonly string[] = ['STORE_TABLE_MISSING', 'STORE_INVALID'];

interface AwsError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly Item?: RawItem;
  readonly CancellationReasons?: readonly { readonly Code?: string; readonly Item?: RawItem }[];
}

type RawItem = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** @returns undefined for a failed condition and for errors of this program. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (!(error instanceof Error) || failedCondition(error) !== undefined) return undefined;
  const { name, $metadata, CancellationReasons = [] } = error as AwsError;
  if (name === CANCELLED) return CancellationReasons.map(({ Code = '' }) => byName[Code]).find((found) => found !== undefined) ?? invalid;
  const known = byName[name];
  if (known !== undefined) return known;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined && status >= 400 && status < 500) return refused;
  // A response that was cut off does not parse; other type and range errors are ours.
  return status === undefined && (error instanceof TypeError || error instanceof RangeError) ? undefined : away;
}

/** The row at which a condition failed: `found` is undefined when there was none. @returns undefined for other errors. */
export function failedCondition(error: unknown): { readonly found: Record<string, unknown> | undefined } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, Item, CancellationReasons = [] } = error as AwsError;
  if (name === CONDITION) return { found: plain(Item) };
  const reason = name === CANCELLED ? CancellationReasons.find(({ Code }) => Code === REASON_CONDITION) : undefined;
  return reason && { found: plain(reason.Item) };
}

/** The document client leaves the items of errors as they came. The rows of this adapter hold strings, numbers and bytes. */
function plain(item: RawItem | undefined): Record<string, unknown> | undefined {
  if (item === undefined || Object.keys(item).length === 0) return undefined;
  return Object.fromEntries(Object.entries(item).map(([name, { S, N, B }]) => [name, S ?? B ?? Number(N)]));
}

/** For the caller: `permanent` halts what asks (L4), `unknown` lets it wait and ask again. */
export function storeError({ code }: Trouble, what: string, cause: unknown): JournalError {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new JournalError(permanent.includes(code) ? 'permanent' : 'unknown', code, `DynamoDB, ${what}: ${reason}`, { cause });
}

export function busyError(what: string): JournalError {
  return new JournalError('unknown', 'STORE_BUSY', `DynamoDB, ${what}: too much is under way at once`);
}

export function corruptError(what: string): JournalError {
  return new JournalError('corrupt', 'STORE_CORRUPT', `DynamoDB: ${what} is not what was written; it was left untouched`);
}
