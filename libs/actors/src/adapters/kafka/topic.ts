/** The topic of the journal: what it has to be like, the check, and the making of it. */
import { JournalError } from '../../ports/journal.js';
import type { Metadata } from './client.js';
import type { Connections } from './connections.js';
import { brokerError, requestError, TOPIC_ALREADY_EXISTS } from './errors.js';
import { KafkaJournal } from './journal.js';
import type { Leaders } from './leaders.js';
import type { KafkaSettings } from './options.js';

/** The largest batch (L4: 512 KiB in 4,096 records) with what Kafka adds, rounded up. */
export const MESSAGE_BYTES_MIN = 768 * 1024;
export const RETENTION_MS_MIN = 7 * 24 * 3_600_000;
export const REPLICAS_MIN = 3;
export const IN_SYNC_MIN = 2;
/** Time for a topic to be made and for its partitions to get leaders, ms. */
const CREATE_MS_MAX = 15_000;
const LEADER_POLL_MS = 100;

export interface TopicParts {
  readonly connections: Connections;
  readonly leaders: Leaders;
  readonly settings: KafkaSettings;
}

/** The topic is there, but would break a promise of the log. */
export class KafkaTopicError extends Error {
  readonly code = 'KAFKA_TOPIC_REFUSED';
  override readonly name = 'KafkaTopicError';

  constructor(
    topic: string,
    /** Setting, value, and what is accepted. */
    readonly problems: readonly string[],
  ) {
    super(`the Kafka topic ${topic} cannot be the journal: ${problems.join('; ')}`);
  }
}

interface Rule {
  readonly setting: string;
  readonly accepted: string;
  accepts(value: string): boolean;
  /** A cluster of one broker cannot keep it. */
  readonly needsCluster?: boolean;
}

const rules: readonly Rule[] = [
  { setting: 'cleanup.policy', accepted: 'delete', accepts: (value) => value === 'delete' },
  { setting: 'min.insync.replicas', accepted: `${IN_SYNC_MIN} or more`, accepts: (value) => Number(value) >= IN_SYNC_MIN, needsCluster: true },
  { setting: 'unclean.leader.election.enable', accepted: 'false', accepts: (value) => value === 'false' },
  { setting: 'max.message.bytes', accepted: `${MESSAGE_BYTES_MIN} or more`, accepts: (value) => Number(value) >= MESSAGE_BYTES_MIN },
  { setting: 'retention.ms', accepted: `${RETENTION_MS_MIN} (7 days) or more, or -1`, accepts: (value) => Number(value) === -1 || Number(value) >= RETENTION_MS_MIN },
  { setting: 'retention.bytes', accepted: '-1 (no bound)', accepts: (value) => Number(value) === -1 },
  { setting: 'compression.type', accepted: 'producer or uncompressed', accepts: (value) => value === 'producer' || value === 'uncompressed' },
];

/** What is wrong with a topic: setting, value, and what is accepted. Empty: nothing. */
export function topicProblems(partitions: Metadata['partitions'], values: ReadonlyMap<string, string>, { shards, dev }: { readonly shards: number; readonly dev: boolean }): string[] {
  const problems: string[] = [];
  if (partitions.length !== shards) problems.push(`it has ${partitions.length} partitions, accepted is ${shards}, the number of shards`);
  const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
  if (!dev && replicas < REPLICAS_MIN) problems.push(`its replication factor is ${replicas}, accepted is ${REPLICAS_MIN} or more (with dev: 1)`);
  for (const { setting, accepted, accepts, needsCluster } of rules) {
    const value = values.get(setting);
    if (dev && needsCluster) continue;
    if (value === undefined || !accepts(value)) problems.push(`${setting} is ${value ?? 'not shown'}, accepted is ${accepted}`);
  }
  return problems;
}

/** @throws KafkaTopicError; JournalError when nobody answers, the topic is not there, or may not be looked at */
export async function checkTopic({ connections, leaders, settings }: TopicParts): Promise<void> {
  const { topic } = settings;
  const where = `settings of ${topic}`;
  const { partitions } = await leaders.refresh();
  const address = leaders.controller();
  if (address === undefined) throw new JournalError('unknown', 'JOURNAL_NETWORK', `${where}: no broker is known`);
  const names = rules.map(({ setting }) => setting);
  const described = await connections.call(address, 'control', 'DescribeConfigs', (broker) => broker.describeTopic(topic, names)).catch((error: unknown) => {
    throw requestError(error, where);
  });
  if (described.error !== 0) throw brokerError(described.error, where);
  const problems = topicProblems(partitions, described.settings, settings);
  if (problems.length > 0) throw new KafkaTopicError(topic, problems);
}

export interface TopicLayout {
  /** Default 3, or 1 with `dev`. */
  readonly replicationFactor?: number;
  /** Default 2, or 1 with `dev`. */
  readonly minInsyncReplicas?: number;
  /** Default -1: only trimmed records go (S5). */
  readonly retentionMs?: number;
}

/**
 * Makes the topic as the journal wants it and waits until every partition has a leader. One that is there already is left as it is.
 * @returns whether it was made. @throws JournalError
 */
export async function makeTopic({ connections, leaders, settings }: TopicParts, layout: TopicLayout = {}): Promise<boolean> {
  const { topic, shards, dev, clock, timers, requestTimeoutMs } = settings;
  const where = `making of ${topic}`;
  await leaders.refresh().catch(() => undefined); // it need not be there; it shows who the controller is
  const address = leaders.controller();
  if (address === undefined) throw new JournalError('unknown', 'JOURNAL_NETWORK', `${where}: no broker is known`);
  const values = {
    'cleanup.policy': 'delete',
    'min.insync.replicas': String(layout.minInsyncReplicas ?? (dev ? 1 : IN_SYNC_MIN)),
    'unclean.leader.election.enable': 'false',
    'max.message.bytes': String(1024 * 1024),
    'retention.ms': String(layout.retentionMs ?? -1),
    'retention.bytes': '-1',
    'compression.type': 'producer',
  };
  const wanted = { topic, partitions: shards, replicationFactor: layout.replicationFactor ?? (dev ? 1 : REPLICAS_MIN), settings: values };
  const answer = await connections.call(address, 'control', 'CreateTopics', (broker) => broker.createTopic(wanted, requestTimeoutMs)).catch((error: unknown) => {
    throw requestError(error, where);
  });
  if (answer.error !== 0 && answer.error !== TOPIC_ALREADY_EXISTS) throw new JournalError('permanent', 'KAFKA_TOPIC_NOT_MADE', `${where}: ${answer.message ?? 'no reason given'} (${answer.error})`);
  const until = clock.mono() + CREATE_MS_MAX;
  const journal = new KafkaJournal({ connections, leaders, settings });
  const everyShard = [...Array(shards).keys()];
  // A leader that the metadata names may need a moment before it knows.
  for (;;) {
    const { partitions } = await leaders.refresh().catch(() => ({ partitions: [] }));
    const led = partitions.length > 0 ? await journal.ends(everyShard.slice(0, partitions.length)).catch(() => new Map()) : new Map();
    if (partitions.length > 0 && led.size === Math.min(shards, partitions.length)) return answer.error === 0;
    if (clock.mono() > until) throw new JournalError('unknown', 'JOURNAL_NO_LEADER', `${where}: its partitions have no leaders after ${CREATE_MS_MAX} ms`);
    await new Promise<void>((resolve) => timers.after(LEADER_POLL_MS, resolve));
  }
}
