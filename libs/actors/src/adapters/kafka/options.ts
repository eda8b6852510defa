/** What a composition root says about the cluster; nothing here depends on a client. */
import type { Clock, Timers } from '../../ports/clock.js';

export interface KafkaOptions {
  /** Brokers to begin with, `host:port` each; the others are learnt from them. */
  readonly brokers: readonly string[];
  readonly topic: string;
  /** Number of shards of the cluster: partition = shard, so the topic has as many partitions. */
  readonly shards: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Shown in the brokers' logs and quotas. Default `ringmaster`. */
  readonly clientId?: string;
  /** TLS: `true` trusts the system's authorities. Default: none, plain TCP. */
  readonly tls?: boolean | KafkaTls;
  /** Who we are. Default: nobody in particular. */
  readonly sasl?: KafkaSasl;
  /** Until a TCP connection stands, ms. Default 1,000. */
  readonly connectTimeoutMs?: number;
  /** Until a request is answered, ms; the outcome is unknown then and the connection is closed. Default 2,000. */
  readonly requestTimeoutMs?: number;
  /** How long a leader waits for its followers before it answers that an append's outcome is open, ms; below `requestTimeoutMs`. Default 1,500. */
  readonly replicationTimeoutMs?: number;
  /** A broker that was asked for the metadata and has not answered after this time gets company, ms. Default 300. */
  readonly hedgeMs?: number;
  /** One broker is enough: the replication factor and `min.insync.replicas` are not checked. Default false. */
  readonly dev?: boolean;
  /** What the client has to say of its connections. Default: nobody listens. */
  readonly onLog?: (level: 'error' | 'warn' | 'info', message: string) => void;
  /** Called after each request, for metrics. */
  readonly onRequest?: (request: RequestObserved) => void;
}

export interface RequestObserved {
  /** Name in the protocol: Produce, Fetch, ListOffsets, Metadata … */
  readonly api: string;
  /** `host:port`. */
  readonly broker: string;
  readonly ms: number;
  readonly ok: boolean;
}

/** As of `node:tls`. All texts are PEM. */
export interface KafkaTls {
  /** Authorities to trust in place of the system's. */
  readonly ca?: string;
  /** Certificate and key of this client. */
  readonly cert?: string;
  readonly key?: string;
  /** Name to expect in the broker's certificate. Default: the host that was dialled. */
  readonly servername?: string;
}

export type KafkaSasl =
  | { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string }
  /** OAUTHBEARER. @returns token for one authentication, valid for longer than that takes; asked for again before the session that the broker grants ends. */
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> }
  /** AWS MSK with IAM: OAUTHBEARER with short-lived tokens signed with the credentials of the process, as the AWS SDK finds them. Needs TLS. */
  | { readonly mechanism: 'aws-msk-iam'; readonly region: string };

export const kafkaDefaults = Object.freeze({
  clientId: 'ringmaster',
  connectTimeoutMs: 1_000,
  requestTimeoutMs: 2_000,
  replicationTimeoutMs: 1_500,
  hedgeMs: 300,
  dev: false,
});

export type KafkaSettings = KafkaOptions & Required<Pick<KafkaOptions, keyof typeof kafkaDefaults>>;

/** @throws RangeError for options that contradict each other */
export function settle(options: KafkaOptions): KafkaSettings {
  const settings = { ...kafkaDefaults, ...options };
  if (settings.brokers.length === 0) throw new RangeError('no Kafka broker is named');
  if (settings.replicationTimeoutMs >= settings.requestTimeoutMs) throw new RangeError('replicationTimeoutMs must be below requestTimeoutMs: else the leader never gets to answer');
  if (settings.sasl?.mechanism === 'aws-msk-iam' && !settings.tls) throw new RangeError('aws-msk-iam needs TLS');
  return settings;
}
