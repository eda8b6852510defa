/** The Kafka journal over @platformatic/kafka: the same journal, another client. */
import type { Journal } from '../../ports/journal.js';
import { openJournal, setUpTopic, type KafkaOptions, type TopicLayout } from '../kafka/open.js';
import { platformaticClient } from './client.js';

/**
 * Checks the topic and opens the journal.
 * @throws KafkaTopicError for a topic that would break a promise; RangeError for options; JournalError when nobody answers or the topic is not there
 */
export function openPlatformaticJournal(options: KafkaOptions): Promise<Journal> {
  return openJournal(options, platformaticClient);
}

/** Makes the topic if it is not there, waits for its leaders and checks it. @returns whether it was made. @throws as openPlatformaticJournal */
export function setUpPlatformaticTopic(options: KafkaOptions, layout?: TopicLayout): Promise<boolean> {
  return setUpTopic(options, platformaticClient, layout);
}
