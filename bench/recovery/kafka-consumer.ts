/** What a consumer of kafkajs takes for the same topic: each record as JSON, its events counted; no checksums, no record rule, no state. From its first batch on: joining its group is not counted. */
import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { SideResult } from '../harness/types.js';
import { Stopwatch } from '../scoring/stopwatch.js';
import { preparedFolder, writtenIn } from './journal.js';
import { topicIn } from './kafka-journal.js';

export async function run(): Promise<SideResult> {
  const folder = preparedFolder();
  const { brokers, topic } = topicIn(folder);
  const written = writtenIn(folder);
  const consumer = new Kafka({ brokers: [...brokers], logLevel: logLevel.ERROR }).consumer({ groupId: `bench-${randomBytes(6).toString('hex')}`, maxBytesPerPartition: 1024 * 1024 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const watch = new Stopwatch();
  const { promise, resolve } = Promise.withResolvers<void>();
  let events = 0;
  let begun = false;
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      if (!begun) watch.start();
      begun = true;
      for (const { value } of batch.messages) {
        const record = JSON.parse(value!.toString('utf8')) as { events?: readonly unknown[] };
        events += record.events?.length ?? 0;
      }
      if (events >= written.events) resolve();
    },
  });
  await promise;
  watch.stop();
  await consumer.disconnect();
  return { values: { cpuUs: watch.cpuUs / events, perSecond: (events / watch.wallMs) * 1000 }, verified: `at least the ${written.events.toLocaleString('en')} events that were written; owners that replayed them before have added a few` };
}
