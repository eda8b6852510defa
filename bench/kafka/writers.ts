/** Who brings the same records to the same partitions: the journal over either client, and the clients' own producers. Each waits for all in-sync replicas. */
import { randomBytes } from 'node:crypto';
import type { Journal } from '@ringmaster/actors';
import { openKafkaJournal, setUpKafkaTopic, type KafkaOptions } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { openPlatformaticJournal } from '@ringmaster/actors/adapters/platformatic/journal';
import { systemClock, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { Producer, ProduceAcks } from '@platformatic/kafka';
import { Kafka, logLevel } from 'kafkajs';
import { preparedBrokers } from './broker.js';

export interface ShardRecords {
  readonly shard: number;
  readonly records: readonly Buffer[];
}

export interface Writer {
  /** The journal takes each shard's records by themselves and joins them; a producer is given them in one call. */
  readonly joins: boolean;
  write(batches: readonly ShardRecords[]): Promise<unknown>;
  close(): Promise<void>;
}

/** As long as the producers of the clients wait by default, ms: on a busy machine nobody gives up. */
export const PATIENT = { requestTimeoutMs: 30_000, replicationTimeoutMs: 29_000 };

const open: Readonly<Record<string, (options: KafkaOptions) => Promise<Writer>>> = {
  ringmaster: async (options) => journalWriter(await openKafkaJournal(options)),
  'ringmaster, @platformatic/kafka': async (options) => journalWriter(await openPlatformaticJournal(options)),
  'bare kafkajs': async ({ brokers, topic }) => {
    const producer = new Kafka({ brokers: [...brokers], logLevel: logLevel.ERROR }).producer({ idempotent: false, createPartitioner: () => ({ message }) => message.partition! });
    await producer.connect();
    return {
      joins: false,
      write: (batches) => producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: batches.flatMap(({ shard, records }) => records.map((value) => ({ partition: shard, value }))) }] }),
      close: () => producer.disconnect(),
    };
  },
  'bare @platformatic/kafka': async ({ brokers, topic }) => {
    const producer = new Producer({ clientId: 'bench', bootstrapBrokers: [...brokers], idempotent: false });
    return {
      joins: false,
      write: (batches) => producer.send({ acks: ProduceAcks.ALL, messages: batches.flatMap(({ shard, records }) => records.map((value) => ({ topic, partition: shard, value }))) }),
      close: () => producer.close(),
    };
  },
};

export interface Bench {
  readonly writer: Writer;
  /** Counts what is in the topic. @throws when that is not what was written */
  verify(records: number): Promise<string>;
  close(): Promise<void>;
}

/** A fresh topic and a writer that has found its way to it. */
export async function openBench(side: string, shards: number): Promise<Bench> {
  const make = open[side];
  if (make === undefined) throw new Error(`there is no side ${side}`);
  const options: KafkaOptions = {
    brokers: preparedBrokers(), topic: `bench-${randomBytes(6).toString('hex')}`, shards, clock: systemClock, timers: systemTimers({ keepAlive: false }), dev: true, ...PATIENT,
  };
  await setUpKafkaTopic(options);
  const writer = await make(options);
  return {
    writer,
    verify: async (records) => {
      const counter = await openKafkaJournal(options);
      const ends = await counter.ends(Array.from({ length: shards }, (_, shard) => shard));
      const found = [...ends.values()].reduce((sum, { end }) => sum + end, 0);
      await counter.close();
      if (found !== records) throw new Error(`${found} records are in the topic, ${records} were written`);
      return `number of records, ${records.toLocaleString('en')}`;
    },
    close: () => writer.close(),
  };
}

function journalWriter(journal: Journal): Writer {
  return { joins: true, write: (batches) => Promise.all(batches.map(({ shard, records }) => journal.append(shard, records))), close: () => journal.close() };
}

/** As long as the record of one answer. */
export const record = (n: number): Buffer => Buffer.from(`{"f":1,"kind":"turn","epoch":1,"n":${n},"at":1800000000000,"entityId":"RA000001","v":1,"events":["${'x'.repeat(100)}"]}`);
