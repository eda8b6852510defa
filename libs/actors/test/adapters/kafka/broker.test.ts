/** What the journal does beyond the contract, on a real broker. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import type { RequestObserved } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { startKafka, type RunningKafka } from '../../../../../test/services/kafka.js';
import { bytes, noise, text } from '../../contract/bytes.js';
import { clients, START_MS_MAX, TestTopic } from './topics.js';

const SHARDS = 64;

let kafka: RunningKafka;
let topic: TestTopic;

beforeAll(async () => {
  kafka = await startKafka();
}, START_MS_MAX);
afterAll(() => kafka?.stop());
/** A producer that knows nothing of the journal's records. */
async function produceForeign(...messages: { key: Buffer | null; value: Buffer | null }[]): Promise<void> {
  const producer = new Kafka({ brokers: [...kafka.addresses], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  await producer.send({ topic: topic.name, messages: messages.map((message) => ({ ...message, partition: 0 })) });
  await producer.disconnect();
}

describe.each(clients)('$name', (client) => {
  beforeEach(async () => {
    topic = await new TestTopic(kafka.addresses, SHARDS, client).make();
  });
  afterEach(() => topic.close());

  describe('two writers (L5)', () => {
    test('a record of the other one shows in the next offset', async () => {
      const [mine, other] = [await topic.open(), await topic.open()];
      expect(await mine.append(0, [bytes('a'), bytes('b')])).toBe(0);
      expect(await other.append(0, [bytes('foreign')])).toBe(2);
      expect(await mine.append(0, [bytes('c')])).toBe(3);
      expect((await mine.read(0, 0, 1_000)).records.map((record) => text(record.bytes))).toEqual(['a', 'b', 'foreign', 'c']);
    });
  });

  describe('few requests (L4)', () => {
    const observed: RequestObserved[] = [];
    const produced = () => observed.filter(({ api }) => api === 'Produce').length;
    beforeEach(() => {
      observed.length = 0;
    });

    test('appends of 64 shards made in one tick go out in one request', async () => {
      const journal = await topic.open({ onRequest: (request) => observed.push(request) });
      await Promise.all(Array.from({ length: SHARDS }, (_, shard) => journal.append(shard, [bytes(String(shard))])));
      expect(produced()).toBe(1);
    });

    test('what gathers while a request flies goes out in the next one', async () => {
      const journal = await topic.open({ onRequest: (request) => observed.push(request) });
      const first = journal.append(0, [bytes('x')]);
      const later: Promise<unknown>[] = [];
      for (let shard = 1; shard < SHARDS; shard += 1) {
        await new Promise((resolve) => setImmediate(resolve));
        later.push(journal.append(shard, [bytes('x')]));
      }
      await Promise.all([first, ...later]);
      expect(produced()).toBeLessThan(SHARDS / 2);
    });

    test('the ends of all shards are two requests', async () => {
      const journal = await topic.open({ onRequest: (request) => observed.push(request) });
      await journal.ends(Array.from({ length: SHARDS }, (_, shard) => shard));
      expect(observed.filter(({ api }) => api === 'ListOffsets')).toHaveLength(2);
    });
  });

  describe('what cannot be appended', () => {
    test('a record above max.message.bytes is refused for good, and its neighbours in the request are not', async () => {
      const journal = await topic.open();
      const [tooLarge, fits] = await Promise.allSettled([journal.append(0, [noise(2_000_000, 1)]), journal.append(1, [bytes('fits')])]);
      expect(tooLarge).toMatchObject({ status: 'rejected', reason: { name: 'JournalError', kind: 'permanent', code: 'JOURNAL_TOO_LARGE' } });
      expect(fits).toMatchObject({ status: 'fulfilled', value: 0 });
    });

    test('nor what no request could carry', async () => {
      const journal = await topic.open();
      await expect(journal.append(0, [new Uint8Array(17 * 1024 * 1024)])).rejects.toMatchObject({ kind: 'permanent', code: 'JOURNAL_TOO_LARGE' });
    });
  });

  describe('what does not belong in the log halts its readers (I9)', () => {
    const read = async () => (await topic.open()).read(0, 0, 1_000);

    test('a record without a checksum', async () => {
      await produceForeign({ key: null, value: Buffer.from('{}') });
      await expect(read()).rejects.toMatchObject({ name: 'JournalError', kind: 'corrupt', code: 'JOURNAL_CORRUPT' });
    });

    test('a record whose bytes do not fit its checksum', async () => {
      await produceForeign({ key: Buffer.from([1, 2, 3, 4]), value: Buffer.from('{}') });
      await expect(read()).rejects.toMatchObject({ kind: 'corrupt', message: `read of ${topic.name}/0: offset 0 fails its checksum` });
    });
  });

  describe('an idle journal', () => {
    test('sets no timers, and Node has nothing to warn of', async () => {
      const warnings: Error[] = [];
      const warned = (warning: Error): void => {
        warnings.push(warning);
      };
      process.on('warning', warned);
      const journal = await topic.open();
      await Promise.all(Array.from({ length: SHARDS }, (_, shard) => journal.append(shard, [bytes('x')])));
      await journal.ends([0]);
      const timeouts = jest.spyOn(globalThis, 'setTimeout');
      // Its own interval, which looks for requests that have timed out, is what passes the time here.
      let ticks = 0;
      await new Promise<void>((resolve) => {
        const interval = setInterval(() => {
          if (++ticks < 4) return;
          clearInterval(interval);
          resolve();
        }, 100);
      });
      const set = timeouts.mock.calls.length;
      timeouts.mockRestore();
      process.off('warning', warned);
      expect(set).toBe(0);
      expect(warnings.filter(({ name }) => name === 'TimeoutNegativeWarning')).toEqual([]);
    });
  });
});
