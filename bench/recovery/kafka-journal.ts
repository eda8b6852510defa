/** The same sessions in a Kafka topic: written once, through the product's own journal, and read by every run. Snapshots and records stay in a folder that each run has a copy of. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setUpKafkaTopic, openKafkaJournal, type KafkaOptions } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { systemClock, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import type { Params } from '../harness/types.js';
import { brokersIn, prepareBroker } from '../kafka/broker.js';
import { PATIENT } from '../kafka/writers.js';
import { openNode, serves, SHARDS, writeSessions } from './journal.js';

const TOPIC_FILE = 'topic.txt';

/** @returns a folder with the broker's address, the topic's name, and what `writeJournal` leaves. */
export async function writeKafkaJournal(params: Params): Promise<string> {
  const folder = await prepareBroker();
  writeFileSync(join(folder, TOPIC_FILE), `bench-${randomBytes(6).toString('hex')}`);
  const options = topicIn(folder);
  await setUpKafkaTopic(options);
  const node = await openNode(join(folder, 'data'), await openKafkaJournal(options));
  await serves(node);
  await writeSessions(folder, node, params);
  return folder;
}

/** How to reach the topic that `writeKafkaJournal` has written. */
export function topicIn(folder: string): KafkaOptions {
  const topic = readFileSync(join(folder, TOPIC_FILE), 'utf8');
  return { brokers: brokersIn(folder), topic, shards: SHARDS, clock: systemClock, timers: systemTimers({ keepAlive: true }), dev: true, ...PATIENT };
}
