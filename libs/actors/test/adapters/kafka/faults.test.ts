/** Lost answers and killed brokers, on a real broker. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Journal } from '@ringmaster/actors';
import { parseAddress } from '../../../src/adapters/kafka/client.js';
import { openJournal } from '../../../src/adapters/kafka/open.js';
import { startKafka, type RunningKafka } from '../../../../../test/services/kafka.js';
import { bytes, text } from '../../contract/bytes.js';
import { CuttingProxy } from './cutting-proxy.js';
import { counting, judgeAll, OneShard } from './one-shard.js';
import { clients, START_MS_MAX, TestTopic } from './topics.js';

let kafka: RunningKafka;
let topic: TestTopic;

beforeAll(async () => {
  kafka = await startKafka();
}, START_MS_MAX);
afterAll(() => kafka?.stop());
describe.each(clients)('$name', (client) => {
  beforeEach(async () => {
    topic = await new TestTopic(kafka.addresses, 4, client).make();
  });
  afterEach(() => topic.close());

  describe('an answer that is lost (L4, L5)', () => {
    let proxy: CuttingProxy;
    let journal: Journal;
    beforeEach(async () => {
      proxy = await new CuttingProxy(() => parseAddress(kafka.addresses[0]!)).listen();
      journal = await openJournal(topic.options(), (settings) => ({ dial: () => client.make(settings).dial(proxy.address) }));
    });
    afterEach(async () => {
      await journal.close();
      await proxy.close();
    });

    test('ends as unknown, and the record may be there', async () => {
      proxy.cuts = () => true;
      await expect(journal.append(0, [bytes('heard of by nobody')])).rejects.toMatchObject({ kind: 'unknown', code: 'JOURNAL_NETWORK' });
      expect(proxy.cut).toBe(1);
      proxy.cuts = () => false;
      const { start, end } = (await journal.ends([0])).get(0)!;
      expect(end).toBe(start + 1);
      expect(text((await journal.read(0, start, 1_000)).records[0]?.bytes)).toBe('heard of by nobody');
      // The next one lies behind it: its offset shows what the lost answer did not.
      expect(await journal.append(0, [bytes('next')])).toBe(end);
    });

    test('is not sent again by the client: one append, one request', async () => {
      proxy.cuts = () => true;
      await expect(journal.append(0, [bytes('x')])).rejects.toMatchObject({ kind: 'unknown' });
      expect(proxy.produced).toBe(1);
    });

    test('fails all shards that were in the request, and no other', async () => {
      proxy.cuts = (produce) => produce === 0;
      const together = await Promise.allSettled([0, 1, 2].map((shard) => journal.append(shard, [bytes('x')])));
      expect(together.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      await expect(journal.append(3, [bytes('x')])).resolves.toBe(0);
    });

    test('under the appender: every record is accepted once, in order', async () => {
      const shard = await OneShard.claim(journal, 0);
      proxy.cuts = (produce) => produce % 7 === 3;
      for (let i = 0; i < 200; i += 1) expect(await shard.append(1 + (i % 3))).toMatchObject({ accepted: true });
      expect(proxy.cut).toBeGreaterThan(20);
      const { accepted, verdicts } = await judgeAll(journal, 0);
      expect(accepted).toEqual(counting(shard.n));
      expect(Object.keys(verdicts).filter((verdict) => verdict !== 'duplicate')).toEqual(['accepted']);
    });
  });

  describe('a broker that is killed and started again', () => {
    test('nothing that was accepted is lost, and appends go on by themselves', async () => {
      const journal = await topic.open();
      const shards = await Promise.all([0, 1, 2, 3].map((shard) => OneShard.claim(journal, shard)));
      const accepted = shards.map(() => 0);
      let isOver = false;
      let progressed = (): void => undefined;
      const writers = shards.map(async (shard, index) => {
        while (!isOver) {
          await shard.append();
          accepted[index] = shard.n;
          progressed();
        }
      });
      const grown = (by: number): Promise<void> => {
        const goals = accepted.map((n) => n + by);
        return new Promise((resolve) => {
          progressed = () => {
            if (accepted.every((n, index) => n >= goals[index]!)) resolve();
          };
        });
      };
      await grown(50);
      await kafka.kill();
      await kafka.restart();
      await grown(50);
      isOver = true;
      await Promise.all(writers);
      for (const shard of [0, 1, 2, 3]) {
        const judged = await judgeAll(journal, shard);
        expect(judged.accepted).toEqual(counting(shards[shard]!.n));
      }
    }, START_MS_MAX);

    test('a read and a look fail while it is down, as unknown', async () => {
      const journal = await topic.open();
      await journal.append(0, [bytes('x')]);
      await kafka.kill();
      await expect(journal.read(0, 0, 100)).rejects.toMatchObject({ kind: 'unknown' });
      await expect(journal.ends([0, 1])).rejects.toMatchObject({ kind: 'unknown' });
      await expect(journal.append(0, [bytes('y')])).rejects.toMatchObject({ kind: 'unknown' });
      await kafka.restart();
    }, START_MS_MAX);
  });
});
