/** Joins the parts of the Kafka journal over one of the clients. */
import type { Journal } from '../../ports/journal.js';
import type { KafkaClient } from './client.js';
import { Connections } from './connections.js';
import { KafkaJournal } from './journal.js';
import { Leaders } from './leaders.js';
import { settle, type KafkaOptions, type KafkaSettings } from './options.js';
import { checkTopic, makeTopic, type TopicLayout, type TopicParts } from './topic.js';

export type { KafkaOptions, KafkaSasl, KafkaTls, RequestObserved } from './options.js';
export { isKeptOut } from './errors.js';
export { KafkaTopicError, type TopicLayout } from './topic.js';

export type MakeClient = (settings: KafkaSettings) => KafkaClient;

/**
 * Checks the topic and opens the journal.
 * @throws KafkaTopicError for a topic that would break a promise; RangeError for options; JournalError when nobody answers or the topic is not there
 */
export async function openJournal(options: KafkaOptions, makeClient: MakeClient): Promise<Journal> {
  const parts = join(options, makeClient);
  try {
    await checkTopic(parts);
    return new KafkaJournal(parts);
  } catch (error) {
    parts.connections.close();
    throw error;
  }
}

/** Makes the topic if it is not there, waits for its leaders and checks it. @returns whether it was made. @throws as openJournal */
export async function setUpTopic(options: KafkaOptions, makeClient: MakeClient, layout?: TopicLayout): Promise<boolean> {
  const parts = join(options, makeClient);
  try {
    const isNew = await makeTopic(parts, layout);
    await checkTopic(parts);
    return isNew;
  } finally {
    parts.connections.close();
  }
}

function join(options: KafkaOptions, makeClient: MakeClient): TopicParts {
  const settings = settle(options);
  const connections = new Connections(makeClient(settings), settings);
  return { settings, connections, leaders: new Leaders(connections, settings) };
}
