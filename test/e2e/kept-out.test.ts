/** The programs on a Kafka with TLS and SASL and a Redis with TLS and a password: they serve; and what does not let them in is named once, by a program that ends. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithServers, START_MS_MAX } from '../services/describe-with-servers.js';
import { startDynamo, type RunningDynamo } from '../services/dynamodb.js';
import { startKafka, type RunningKafka } from '../services/kafka.js';
import { KNOWN } from '../services/kafka-secured.js';
import { startRedis, type RunningRedis } from '../services/redis.js';
import { Host } from './harness/host.js';
import { API_KEY } from './harness/product.js';
import { quizOf } from './harness/quizzes.js';
import { entries, Running } from './harness/running.js';

const setup = entries.node.replace('quiz-node', 'setup');

describeWithServers(['own kafka', 'own redis', 'dynamodb', 'keytool'], 'services that want to know who comes', () => {
  let kafka: RunningKafka;
  let redis: RunningRedis;
  let dynamodb: RunningDynamo;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    [kafka, redis, dynamodb] = await Promise.all([startKafka({ secured: true }), startRedis({ secured: true }), startDynamo({ shared: true })]);
    env = {
      BACKEND: 'distributed', SHARDS: '4', HOST_API_KEY: API_KEY, NODE_PORT: '0', LOG_LEVEL: 'warn',
      KAFKA_BROKERS: kafka.secured!.sasl, KAFKA_DEV: '1', KAFKA_TLS: '1', KAFKA_TLS_CA: kafka.secured!.certificates.ca,
      KAFKA_SASL: 'scram-sha-512', KAFKA_USERNAME: KNOWN.username, KAFKA_PASSWORD: KNOWN.password,
      DYNAMODB_ENDPOINT: dynamodb.address, DYNAMODB_TABLE_PREFIX: 'kept-out-', AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local',
      REDIS_URL: redis.secured!.address, NODE_EXTRA_CA_CERTS: redis.secured!.certificates.ca,
    };
  }, START_MS_MAX);
  afterAll(() => Promise.all([kafka?.stop(), redis?.stop(), dynamodb?.stop()]));

  test('setup, a node and a router do their work there', async () => {
    const made = new Running('setup', setup, env);
    expect(await made.endsBySelf()).toMatchObject({ code: 0 });
    expect(made.out.join('\n')).toContain('made, with 4 partitions');
    const node = new Running('node', entries.node, env);
    const router = new Running('router', entries.router, { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn', REDIS_URL: env['REDIS_URL'], NODE_EXTRA_CA_CERTS: env['NODE_EXTRA_CA_CERTS'] });
    try {
      await node.ready();
      const port = await router.ready();
      const host = new Host(`http://127.0.0.1:${port}`, API_KEY);
      await host.ready();
      // Durable before it is said: the session's first record is in Kafka, the quiz in DynamoDB.
      const { sessionId } = await host.newSession(quizOf(1));
      await host.order(sessionId, 'start');
    } finally {
      await Promise.all([node.kill9(), router.kill9()]);
    }
  }, START_MS_MAX);

  test.each([
    ['setup', 'a wrong password', { KAFKA_PASSWORD: 'not-this-one' }, /JOURNAL_UNAUTHENTICATED: .*127\.0\.0\.1.*\. KAFKA_SASL, KAFKA_USERNAME/],
    ['node', 'a wrong password', { KAFKA_PASSWORD: 'not-this-one' }, /JOURNAL_UNAUTHENTICATED: .*127\.0\.0\.1.*\. KAFKA_SASL, KAFKA_USERNAME/],
    ['node', 'a wrong password, the other client', { KAFKA_PASSWORD: 'not-this-one', KAFKA_CLIENT: 'platformatic' }, /JOURNAL_UNAUTHENTICATED: .*\. KAFKA_SASL, KAFKA_USERNAME/],
    ['setup', 'an unknown authority', { KAFKA_TLS_CA: '', NODE_EXTRA_CA_CERTS: '' }, /JOURNAL_UNTRUSTED: .*\. KAFKA_TLS_CA says/],
    ['node', 'an unknown authority', { KAFKA_TLS_CA: '' }, /JOURNAL_UNTRUSTED: .*\. KAFKA_TLS_CA says/],
    ['node', 'a wrong password of Redis', 'redis', /REDIS_UNAUTHENTICATED: Redis at 127\.0\.0\.1:\d+ says: WRONGPASS.*REDIS_URL/],
    ['router', 'a wrong password of Redis', 'redis', /REDIS_UNAUTHENTICATED: Redis at 127\.0\.0\.1:\d+ says: WRONGPASS/],
    ['node', 'an unknown authority of Redis', { NODE_EXTRA_CA_CERTS: '' }, /REDIS_UNTRUSTED: .*certificate.*NODE_EXTRA_CA_CERTS/],
  ] as const)('%s: %s', async (program, _what, change, says) => {
    const changed = change === 'redis' ? { REDIS_URL: redis.secured!.address.replace(/:[^:@/]+@/, ':not-this-one@') } : change;
    const all: NodeJS.ProcessEnv = { ...env, ...changed };
    const given = program === 'router' ? { HOST: '127.0.0.1', PORT: '0', REDIS_URL: all['REDIS_URL'], NODE_EXTRA_CA_CERTS: all['NODE_EXTRA_CA_CERTS'] } : all;
    const running = new Running(program, program === 'setup' ? setup : entries[program], given);
    const { code } = await running.endsBySelf();
    const said = running.err.filter((line) => !line.startsWith('{')); // the log is not the last word
    expect(said.join('\n')).toMatch(says);
    expect(said).toHaveLength(1);
    expect(running.err.join('\n')).not.toContain('not-this-one');
    expect(code).toBe(2);
  }, START_MS_MAX);
});
