import { afterAll, beforeAll, describe } from '@jest/globals';
import { startKafka, type RunningKafka } from '../../../../../test/services/kafka.js';
import { journalContract, SHARDS_MIN } from '../../contract/journal.contract.js';
import { clients, START_MS_MAX, TestTopic } from './topics.js';

let kafka: RunningKafka;

beforeAll(async () => {
  kafka = await startKafka();
}, START_MS_MAX);
afterAll(() => kafka?.stop());

describe.each(clients)('$name', (client) => {
  journalContract(`kafka over ${client.name}`, async () => {
    const topic = await new TestTopic(kafka.addresses, SHARDS_MIN, client).make();
    return {
      journal: await topic.open(),
      reopen: async () => {
        await topic.close();
        return topic.open();
      },
      dispose: () => topic.close(),
    };
  });
});
