/** Topic and tables of a cluster: made where they are missing, checked where they are there. */
import { setupDynamo } from '@ringmaster/actors/adapters/dynamodb/setup';
import { setUpKafkaTopic } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { systemClock, systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import type { ClusterConfig } from '../../quiz-node/src/cluster-config.js';

/** @param say is told what is done, line by line. @throws KafkaTopicError, StoreSetupError: what is there cannot be used; JournalError: nobody answers */
export async function setUp({ kafka, dynamo }: ClusterConfig, shards: number, say: (line: string) => void): Promise<void> {
  const ports = { shards, clock: systemClock, timers: systemTimers({ keepAlive: true }) };
  say(`topic ${kafka.topic} at ${kafka.brokers.join(', ')} …`);
  say((await setUpKafkaTopic({ ...kafka, ...ports })) ? `  made, with ${shards} partitions` : '  is there, and as it should be');
  say(`tables ${dynamo.tablePrefix}… at ${dynamo.endpoint ?? dynamo.region ?? ''} …`);
  const { created, found } = await setupDynamo({ ...dynamo, ...ports, random: systemRandom });
  for (const name of created) say(`  ${name} made`);
  for (const name of found) say(`  ${name} is there, and as it should be`);
}
