/** P13 from Kafka: a node claims all shards of the topic, and has every session's state. */
import { openKafkaJournal } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { openPlatformaticJournal } from '@ringmaster/actors/adapters/platformatic/journal';
import type { Params, SideResult } from '../harness/types.js';
import { Stopwatch } from '../scoring/stopwatch.js';
import { checkSessions, copyOfJournal, openNode, preparedFolder, serves } from './journal.js';
import { topicIn } from './kafka-journal.js';

export async function run(_params: Params, side: string): Promise<SideResult> {
  const folder = preparedFolder();
  const { data, written, dispose } = copyOfJournal(folder);
  const open = side === 'ringmaster' ? openKafkaJournal : openPlatformaticJournal;
  const watch = new Stopwatch();
  watch.start();
  const node = await openNode(data, await open(topicIn(folder)));
  await serves(node);
  watch.stop();
  const verified = await checkSessions(node, written);
  node.region.stop();
  await node.ports.close();
  dispose();
  return { values: { cpuUs: watch.cpuUs / written.events, perSecond: (written.events / watch.wallMs) * 1000 }, verified };
}
