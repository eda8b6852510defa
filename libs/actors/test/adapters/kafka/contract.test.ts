import { afterAll, beforeAll } from '@jest/globals';
import { startKafka, type RunningKafka } from '../../../../../test/services/kafka.js';
import { journalContract } from '../../contract/journal.contract.js';
import { START_MS_MAX, TestTopic } from './topics.js';

let kafka: RunningKafka;

beforeAll(async () => {
  kafka = await startKafka();
}, START_MS_MAX);
afterAll(() => kafka?.stop());

journalContract('kafka over kafkajs', async () => {
  const topic = await new TestTopic(kafka.addresses).make();
  return {
    journal: await topic.open(),
    reopen: async () => {
      await topic.close();
      return topic.open();
    },
    dispose: () => topic.close(),
  };
});
