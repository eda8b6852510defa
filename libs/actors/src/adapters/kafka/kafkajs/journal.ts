/** The Kafka journal over kafkajs 2.2.4. */
import type { Journal } from '../../../ports/journal.js';
import { openJournal, setUpTopic, type KafkaOptions, type TopicLayout } from '../open.js';
import { kafkajsClient } from './client.js';

export { isKeptOut, KafkaTopicError, type KafkaOptions, type KafkaSasl, type KafkaTls, type RequestObserved, type TopicLayout } from '../open.js';

/**
 * Checks the topic and opens the journal.
 * @throws KafkaTopicError for a topic that would break a promise; RangeError for options; JournalError when nobody answers or the topic is not there
 */
export function openKafkaJournal(options: KafkaOptions): Promise<Journal> {
  return openJournal(options, kafkajsClient);
}

/** Makes the topic if it is not there, waits for its leaders and checks it. @returns whether it was made. @throws as openKafkaJournal */
export function setUpKafkaTopic(options: KafkaOptions, layout?: TopicLayout): Promise<boolean> {
  return setUpTopic(options, kafkajsClient, layout);
}
