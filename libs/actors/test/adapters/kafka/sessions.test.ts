/**
 * OAUTHBEARER on a real broker, as MSK with IAM uses it: a token at the beginning, and another one before the session that the broker grants ends. The
 * broker takes Kafka's unsecured tokens; what AWS makes of its own is not seen here.
 */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { KafkaOptions, RequestObserved } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { describeWithServers } from '../../../../../test/services/describe-with-servers.js';
import { startKafka, type RunningKafka } from '../../../../../test/services/kafka.js';
import { SESSION_MS } from '../../../../../test/services/kafka-secured.js';
import { counting, judgeAll, OneShard } from './one-shard.js';
import { clients, PATIENT, START_MS_MAX, TestTopic } from './topics.js';

/** Much longer than a session: it is the broker's bound that is kept. */
const TOKEN_S = 3_600;
const jsonPart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describeWithServers(['own kafka', 'keytool'], 'sessions that end', () => {
  let kafka: RunningKafka;
  beforeAll(async () => {
    kafka = await startKafka({ secured: true });
  }, START_MS_MAX);
  afterAll(() => kafka?.stop());

  describe.each(clients)('$name', (client) => {
    let topic: TestTopic;
    afterEach(() => topic.close());

    test('a token goes out with each connection and again before its session ends; appends notice nothing', async () => {
      let tokens = 0;
      const token = (): Promise<string> => {
        tokens += 1;
        const now = Math.floor(Date.now() / 1_000);
        return Promise.resolve(`${jsonPart({ alg: 'none' })}.${jsonPart({ sub: 'ringmaster', iat: now, exp: now + TOKEN_S })}.`);
      };
      const failed: RequestObserved[] = [];
      const more: Partial<KafkaOptions> = {
        ...PATIENT, brokers: [kafka.secured!.sasl], tls: { ca: readFileSync(kafka.secured!.certificates.ca, 'utf8') }, sasl: { mechanism: 'oauthbearer', token },
        onRequest: (request) => void (request.ok || failed.push(request)),
      };
      topic = await new TestTopic(kafka.addresses, 4, client).make(more);
      const journal = await topic.open(more);
      const shards = await Promise.all([0, 1, 2, 3].map((shard) => OneShard.claim(journal, shard)));
      const before = tokens;
      expect(before).toBeGreaterThan(0);
      // Two sessions of appends without a pause: on an old session alone the broker would have closed the connection.
      const began = performance.now();
      await Promise.all(shards.map(async (shard) => {
        while (performance.now() - began < 2 * SESSION_MS) expect(await shard.append()).toMatchObject({ accepted: true });
      }));
      expect(tokens).toBeGreaterThan(before);
      expect(failed).toEqual([]);
      for (const shard of [0, 1, 2, 3]) expect((await judgeAll(journal, shard)).accepted).toEqual(counting(shards[shard]!.n));
    }, START_MS_MAX);

    test('a token that the broker does not take is told, at once', async () => {
      topic = new TestTopic(kafka.addresses, 4, client);
      const refused = topic.open({
        ...PATIENT, brokers: [kafka.secured!.sasl], tls: { ca: readFileSync(kafka.secured!.certificates.ca, 'utf8') }, sasl: { mechanism: 'oauthbearer', token: () => Promise.resolve('no.token.') },
      });
      await expect(refused).rejects.toMatchObject({ name: 'JournalError', code: 'JOURNAL_UNAUTHENTICATED' });
    });
  });
});
