/** Who brings records to the broker: the clients' own producers with their own retries, and our journal under the production appender, over either client. */
import type { Journal } from '@ringmaster/actors';
import { openKafkaJournal, type KafkaOptions } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { openPlatformaticJournal } from '@ringmaster/actors/adapters/platformatic/journal';
import { Producer, ProduceAcks } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { OneShard } from '../../libs/actors/test/adapters/kafka/one-shard.js';
import type { Id } from './tally.js';

/** Records for one partition, and what is sent along in the same call to be refused for its size. */
export interface Load {
  readonly partition: number;
  readonly ids: readonly Id[];
  readonly tooLargeFor?: number;
}

export interface Writer {
  /** Several calls for one partition may be under way; the journal has an appender for each shard, which makes one call at a time. */
  readonly overlaps: boolean;
  /** Resolves when they are acknowledged. @throws when the client gives up */
  send(load: Load): Promise<void>;
  /** Undefined: a record that is not counted. */
  idOf(value: Buffer, partition: number): Id | undefined;
  close(): Promise<void>;
}

/** Attempts of one send, where the retries are bounded. */
export const ATTEMPTS = 3;
const TOO_LARGE_BYTES = 2 * 1024 * 1024;
const PAUSE_MS = { initialRetryTime: 20, maxRetryTime: 100 };

export interface Retries {
  /** Undefined: as the client does by default. */
  readonly attempts: number | undefined;
}

export type Open = (options: KafkaOptions, retries: Retries) => Promise<Writer>;

export const writers: Readonly<Record<string, Open>> = {
  'kafkajs, idempotent: true': (options, retries) => kafkajsWriter(options, true, retries),
  'kafkajs, idempotent: false': (options, retries) => kafkajsWriter(options, false, retries),
  '@platformatic/kafka, idempotent: true': (options, retries) => platformaticWriter(options, true, retries),
  '@platformatic/kafka, idempotent: false': (options, retries) => platformaticWriter(options, false, retries),
  'journal over kafkajs': async (options) => journalWriter(await openKafkaJournal(options)),
  'journal over @platformatic/kafka': async (options) => journalWriter(await openPlatformaticJournal(options)),
};

async function kafkajsWriter({ brokers, topic }: KafkaOptions, idempotent: boolean, { attempts }: Retries): Promise<Writer> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: PAUSE_MS });
  const producer = kafka.producer({
    idempotent, createPartitioner: () => ({ message }) => message.partition as number, ...(attempts === undefined ? {} : { retry: { ...PAUSE_MS, retries: attempts - 1 } }),
  });
  await producer.connect();
  return {
    overlaps: true,
    send: async (load) => {
      await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: messagesOf(load) }] });
    },
    idOf: textId,
    close: () => producer.disconnect(),
  };
}

async function platformaticWriter({ brokers, topic }: KafkaOptions, idempotent: boolean, { attempts }: Retries): Promise<Writer> {
  const bounded = attempts === undefined ? {} : { retries: attempts - 1 };
  const producer = new Producer({ clientId: 'lost-answers', bootstrapBrokers: [...brokers], idempotent, retryDelay: PAUSE_MS.maxRetryTime, ...bounded });
  return {
    overlaps: true,
    send: async (load) => {
      await producer.send({ acks: ProduceAcks.ALL, messages: messagesOf(load).map((message) => ({ topic, ...message })) });
    },
    idOf: textId,
    close: () => producer.close(),
  };
}

function journalWriter(journal: Journal): Writer {
  const shards = new Map<number, Promise<OneShard>>();
  return {
    overlaps: false,
    send: async ({ partition, ids, tooLargeFor }) => {
      let shard = shards.get(partition);
      if (shard === undefined) shards.set(partition, (shard = OneShard.claim(journal, partition)));
      const tooLarge = tooLargeFor === undefined ? undefined : journal.append(tooLargeFor, [Buffer.alloc(TOO_LARGE_BYTES)]);
      const [outcome, refusal] = await Promise.allSettled([shard.then((one) => one.append(ids.length)), tooLarge]);
      if (outcome.status === 'rejected') throw outcome.reason;
      if (!outcome.value.accepted) throw new Error('somebody else has claimed the shard');
      if (tooLarge !== undefined && refusal.status === 'fulfilled') throw new Error('a record of two megabytes was taken');
    },
    idOf: (value, partition) => {
      const { kind, n } = JSON.parse(value.toString()) as { readonly kind: string; readonly n?: number };
      return kind === 'fence' ? `${partition}/${n as number}` : undefined;
    },
    close: () => journal.close(),
  };
}

function messagesOf({ partition, ids, tooLargeFor }: Load): { partition: number; value: Buffer }[] {
  const messages = ids.map((id) => ({ partition, value: Buffer.from(id) }));
  return tooLargeFor === undefined ? messages : [...messages, { partition: tooLargeFor, value: Buffer.alloc(TOO_LARGE_BYTES) }];
}

const textId = (value: Buffer): Id => value.toString() as Id;
