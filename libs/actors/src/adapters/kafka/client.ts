/**
 * What is asked of a vendor's client: one connection to one broker, and on it the calls of the journal. Each answers per partition, with error
 * codes: one partition's error says nothing about the others. Retries, groups, routing and caches of the clients are not used.
 */

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface KafkaClient {
  /** A connection that is not open yet. */
  dial(address: Address): KafkaConnection;
}

/** After a TransportError a connection is of no use any more. */
export interface KafkaConnection {
  /** Opens, secures and authenticates it. @throws TransportError */
  open(): Promise<void>;
  readonly alive: boolean;
  /** Closes it at once; calls under way fail. */
  destroy(): void;

  metadata(topic: string): Promise<Metadata>;
  /** Acknowledged by all in-sync replicas; neither idempotent nor transactional. @param timeoutMs how long the leader waits for its followers */
  produce(topic: string, batches: readonly Batch[], timeoutMs: number): Promise<readonly Produced[]>;
  /** Answers at once, also when there is nothing. A whole batch of the log at least; records below `from` may come too. */
  fetch(topic: string, wanted: FetchWanted): Promise<Fetched>;
  /** Every partition is named once. */
  listOffsets(topic: string, partitions: readonly number[], end: 'earliest' | 'latest'): Promise<readonly ListedOffset[]>;
  deleteRecords(topic: string, partition: number, below: number, timeoutMs: number): Promise<PartitionError>;
  createTopic(topic: NewTopic, timeoutMs: number): Promise<TopicAnswer>;
  describeTopic(topic: string, names: readonly string[]): Promise<TopicSettings>;
}

/** `error` is a code of Kafka's protocol; 0: none. */
export interface PartitionError {
  readonly partition: number;
  readonly error: number;
}

export interface Metadata {
  readonly brokers: readonly { readonly node: number; readonly host: string; readonly port: number }[];
  readonly controller: number;
  readonly topicError: number;
  /** A leader of -1: none. */
  readonly partitions: readonly { readonly partition: number; readonly leader: number; readonly replicas: readonly number[] }[];
}

export interface Batch {
  readonly partition: number;
  readonly records: readonly SealedRecord[];
}

export interface SealedRecord {
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface Produced extends PartitionError {
  readonly baseOffset: number;
}

export interface FetchWanted {
  readonly partition: number;
  readonly from: number;
  readonly maxBytes: number;
}

export interface Fetched {
  readonly error: number;
  /** First offset kept. */
  readonly start: number;
  /** High watermark: offset behind the last record that all in-sync replicas have. */
  readonly end: number;
  readonly records: readonly FetchedRecord[];
}

export interface FetchedRecord {
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

export interface ListedOffset extends PartitionError {
  readonly offset: number;
}

export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly settings: Readonly<Record<string, string>>;
}

export interface TopicAnswer {
  readonly error: number;
  readonly message: string | null;
}

export interface TopicSettings extends TopicAnswer {
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * timeout: nobody answered in time. network: the connection failed. authentication: the broker does not accept who we are. certificate: we do not
 * accept who the broker is, or it does not accept the certificate that it was shown.
 */
export type TransportErrorKind = 'timeout' | 'network' | 'authentication' | 'certificate';

/** As Node and OpenSSL name what is wrong with a certificate: CERT_HAS_EXPIRED, ERR_TLS_CERT_ALTNAME_INVALID, SELF_SIGNED_CERT_IN_CHAIN … */
const CERTIFICATE_CODE = /CERT|^UNABLE_TO_|^INVALID_CA$|^HOSTNAME_MISMATCH$/;

/** Whether a connection failed for a certificate; looks through the causes. */
export function isCertificateError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return (typeof code === 'string' && CERTIFICATE_CODE.test(code)) || isCertificateError(cause);
}

export class TransportError extends Error {
  constructor(
    readonly kind: TransportErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'TransportError';
  }
}

/** @throws RangeError for what is not `host:port` */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port < 1 || port > 65_535) throw new RangeError(`a Kafka broker is named host:port, not "${text}"`);
  return { host, port };
}
