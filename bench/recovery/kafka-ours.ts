/** P13 from Kafka: a node claims all shards of the topic, over either client. */
import { openKafkaJournal } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { openPlatformaticJournal } from '@ringmaster/actors/adapters/platformatic/journal';
import type { Params, SideResult } from '../harness/types.js';
import { openNode, preparedFolder } from './journal.js';
import { topicIn } from './kafka-journal.js';
import { timed } from './timed.js';

export function run(_params: Params, side: string): Promise<SideResult> {
  const open = side === 'ringmaster' ? openKafkaJournal : openPlatformaticJournal;
  return timed(async (data) => openNode(data, await open(topicIn(preparedFolder()))));
}
