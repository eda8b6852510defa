/** Three brokers, three replicas, two to acknowledge: the leader of some shards is killed while all are written. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startKafka, type RunningKafka } from '../../../../../test/services/kafka.js';
import { counting, judgeAll, OneShard } from './one-shard.js';
import { clients, START_MS_MAX, TestTopic } from './topics.js';

const SHARDS = 6;
const everyShard = [...Array(SHARDS).keys()];

let kafka: RunningKafka;
beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
}, START_MS_MAX);
afterAll(() => kafka?.stop());

describe.each(clients)('$name', (client) => {
  test('the topic passes without dev; appends find the new leaders, and every record is accepted once', async () => {
    const topic = await new TestTopic(kafka.addresses, SHARDS, client).make({ dev: false });
    const journal = await topic.open({ dev: false });
    const shards = await Promise.all(everyShard.map((shard) => OneShard.claim(journal, shard)));
    let isOver = false;
    let progressed = (): void => undefined;
    const writers = shards.map(async (shard) => {
      while (!isOver) {
        expect(await shard.append()).toMatchObject({ accepted: true });
        progressed();
      }
    });
    const grown = (by: number): Promise<void> => {
      const goals = shards.map(({ n }) => n + by);
      return new Promise((resolve) => {
        progressed = () => {
          if (shards.every(({ n }, index) => n > goals[index]!)) resolve();
        };
      });
    };
    await grown(20);
    await kafka.kill(2);
    await grown(20);
    expect([...(await journal.ends(everyShard)).keys()].sort()).toEqual(everyShard);
    await kafka.restart(2);
    await grown(20);
    isOver = true;
    await Promise.all(writers);
    for (const shard of everyShard) expect((await judgeAll(journal, shard)).accepted).toEqual(counting(shards[shard]!.n));
    await topic.close();
  }, START_MS_MAX);
});
