/**
 * What an error code of the broker, or a failed connection, means to the runtime. L4: `permanent` halts the shard, so only what trying again
 * cannot change is; everything else is `unknown` and read back (L5). Codes: https://kafka.apache.org/protocol, "Error Codes".
 */
import { JournalError, type JournalErrorKind } from '../../ports/journal.js';
import { TransportError, type TransportErrorKind } from './client.js';

export const OFFSET_OUT_OF_RANGE = 1;
export const CORRUPT_MESSAGE = 2;
export const UNKNOWN_TOPIC_OR_PARTITION = 3;
export const TOPIC_ALREADY_EXISTS = 36;

const UNAUTHENTICATED = 'JOURNAL_UNAUTHENTICATED';
const UNTRUSTED = 'JOURNAL_UNTRUSTED';

interface Meaning {
  readonly name: string;
  readonly kind: JournalErrorKind;
  readonly code: string;
  /** Somebody else may lead the partition: ask. */
  readonly moved?: boolean;
}

const moved = (name: string): Meaning => ({ name, kind: 'unknown', code: 'JOURNAL_NOT_LEADER', moved: true });
const short = (name: string): Meaning => ({ name, kind: 'unknown', code: 'JOURNAL_UNDER_REPLICATED' });
const timeout = (name: string): Meaning => ({ name, kind: 'unknown', code: 'JOURNAL_TIMEOUT' });
const tooLarge = (name: string): Meaning => ({ name, kind: 'permanent', code: 'JOURNAL_TOO_LARGE' });
const forbidden = (name: string): Meaning => ({ name, kind: 'permanent', code: 'JOURNAL_FORBIDDEN' });
const stranger = (name: string): Meaning => ({ name, kind: 'unknown', code: UNAUTHENTICATED });
const refused = (name: string): Meaning => ({ name, kind: 'permanent', code: 'JOURNAL_REFUSED' });

const meanings: ReadonlyMap<number, Meaning> = new Map([
  // On the way to the broker a record was damaged; what a broker says of its own log is told by `readError`.
  [CORRUPT_MESSAGE, { name: 'CORRUPT_MESSAGE', kind: 'unknown', code: 'JOURNAL_IO' }],
  // A broker that has just started may not know the topic yet; that it is gone is decided from the metadata.
  [UNKNOWN_TOPIC_OR_PARTITION, moved('UNKNOWN_TOPIC_OR_PARTITION')],
  [5, moved('LEADER_NOT_AVAILABLE')],
  [6, moved('NOT_LEADER_OR_FOLLOWER')],
  [7, timeout('REQUEST_TIMED_OUT')],
  [10, tooLarge('MESSAGE_TOO_LARGE')],
  [17, refused('INVALID_TOPIC_EXCEPTION')],
  [18, tooLarge('RECORD_LIST_TOO_LARGE')],
  [19, short('NOT_ENOUGH_REPLICAS')],
  [20, short('NOT_ENOUGH_REPLICAS_AFTER_APPEND')],
  [21, refused('INVALID_REQUIRED_ACKS')],
  [29, forbidden('TOPIC_AUTHORIZATION_FAILED')],
  [31, forbidden('CLUSTER_AUTHORIZATION_FAILED')],
  [32, refused('INVALID_TIMESTAMP')],
  // A token that is not taken is told by a challenge, which the clients take for success; their first request is then answered with the second of these.
  [33, stranger('UNSUPPORTED_SASL_MECHANISM')],
  [34, stranger('ILLEGAL_SASL_STATE')],
  [35, refused('UNSUPPORTED_VERSION')],
  [42, refused('INVALID_REQUEST')],
  [43, refused('UNSUPPORTED_FOR_MESSAGE_FORMAT')],
  [44, refused('POLICY_VIOLATION')],
  [56, { name: 'KAFKA_STORAGE_ERROR', kind: 'unknown', code: 'JOURNAL_IO', moved: true }],
  [58, stranger('SASL_AUTHENTICATION_FAILED')],
  [74, moved('FENCED_LEADER_EPOCH')],
  [76, refused('UNSUPPORTED_COMPRESSION_TYPE')],
  [87, refused('INVALID_RECORD')],
] satisfies [number, Meaning][]);

const strange: Meaning = { name: 'an error that this release does not know', kind: 'unknown', code: 'JOURNAL_ERROR', moved: true };

export function meansMoved(error: number): boolean {
  return (meanings.get(error) ?? strange).moved === true;
}

/** @param where such as `append to shard 3` */
export function brokerError(error: number, where: string): JournalError {
  const { name, kind, code } = meanings.get(error) ?? strange;
  return new JournalError(kind, code, `${where}: Kafka says ${name} (${error})`);
}

/** As `brokerError`, where the broker spoke of records that it has. */
export function readError(error: number, where: string): JournalError {
  return error === CORRUPT_MESSAGE ? corruptError(where, 'the broker finds its records damaged') : brokerError(error, where);
}

export function corruptError(where: string, what: string, cause?: unknown): JournalError {
  return new JournalError('corrupt', 'JOURNAL_CORRUPT', `${where}: ${what}`, { cause });
}

export function closedError(): JournalError {
  return new JournalError('permanent', 'JOURNAL_CLOSED', 'the Kafka journal is closed');
}

const transportCodes: Readonly<Record<TransportErrorKind, string>> = {
  timeout: 'JOURNAL_TIMEOUT',
  network: 'JOURNAL_NETWORK',
  // Not permanent: who may do what is an answer to a request; passwords, tokens and certificates are renewed while shards wait.
  authentication: UNAUTHENTICATED,
  certificate: UNTRUSTED,
};

/** Whether who opens the journal cannot get in: other settings help, waiting does not. */
export function isKeptOut(error: unknown): error is JournalError & { readonly code: typeof UNAUTHENTICATED | typeof UNTRUSTED } {
  return error instanceof JournalError && (error.code === UNAUTHENTICATED || error.code === UNTRUSTED);
}

/** Names what a request failed with; an answer that cannot be read counts as none. */
export function requestError(cause: unknown, where: string): JournalError {
  if (cause instanceof JournalError) return cause;
  const code = cause instanceof TransportError ? transportCodes[cause.kind] : 'JOURNAL_PROTOCOL';
  return new JournalError('unknown', code, `${where}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
