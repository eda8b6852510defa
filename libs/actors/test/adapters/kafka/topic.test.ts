/** Which topics are taken, and which are refused by name, on a real broker of one node. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { openKafkaJournal, setUpKafkaTopic } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { topicProblems } from '../../../src/adapters/kafka/topic.js';
import { startKafka, type RunningKafka } from '../../../../../test/services/kafka.js';
import { START_MS_MAX, TestTopic } from './topics.js';

const good = new Map([
  ['cleanup.policy', 'delete'],
  ['min.insync.replicas', '2'],
  ['unclean.leader.election.enable', 'false'],
  ['max.message.bytes', '1048588'],
  ['retention.ms', '604800000'],
  ['retention.bytes', '-1'],
  ['compression.type', 'producer'],
]);
const partitions = (count: number, replicas = 3) => Array.from({ length: count }, (_, partition) => ({ partition, leader: 1, replicas: Array.from({ length: replicas }, (_unused, i) => i + 1) }));
const cluster = { shards: 8, dev: false };

describe('what a topic must be like', () => {
  test('one that keeps the promises', () => {
    expect(topicProblems(partitions(8), good, cluster)).toEqual([]);
    expect(topicProblems(partitions(8), new Map([...good, ['retention.ms', '-1']]), cluster)).toEqual([]);
  });

  test.each([
    ['cleanup.policy', 'compact', 'accepted is delete'],
    ['cleanup.policy', 'compact,delete', 'accepted is delete'],
    ['min.insync.replicas', '1', 'accepted is 2 or more'],
    ['unclean.leader.election.enable', 'true', 'accepted is false'],
    ['max.message.bytes', '500000', 'accepted is 786432 or more'],
    ['retention.ms', '604799999', 'accepted is 604800000 (7 days) or more, or -1'],
    ['retention.bytes', '1073741824', 'accepted is -1 (no bound)'],
    ['compression.type', 'gzip', 'accepted is producer or uncompressed'],
  ])('%s = %s is refused', (setting, value, accepted) => {
    expect(topicProblems(partitions(8), new Map([...good, [setting, value]]), cluster)).toEqual([`${setting} is ${value}, ${accepted}`]);
  });

  test('a setting that is not shown is refused', () => {
    const shown = new Map(good);
    shown.delete('cleanup.policy');
    expect(topicProblems(partitions(8), shown, cluster)).toEqual(['cleanup.policy is not shown, accepted is delete']);
  });

  test('partitions and replicas', () => {
    expect(topicProblems(partitions(7, 2), good, cluster)).toEqual([
      'it has 7 partitions, accepted is 8, the number of shards',
      'its replication factor is 2, accepted is 3 or more (with dev: 1)',
    ]);
  });

  test('dev: one replica will do, all else stands', () => {
    const bad = new Map([...good, ['min.insync.replicas', '1'], ['cleanup.policy', 'compact']]);
    expect(topicProblems(partitions(8, 1), bad, { shards: 8, dev: true })).toEqual(['cleanup.policy is compact, accepted is delete']);
  });
});

describe('on a broker', () => {
  let kafka: RunningKafka;
  let topic: TestTopic | undefined;
  beforeAll(async () => {
    kafka = await startKafka();
  }, START_MS_MAX);
  afterAll(() => kafka?.stop());
  afterEach(() => topic?.close());

  test('it is made once, with leaders that take appends at once, and left as it is later', async () => {
    topic = new TestTopic(kafka.addresses, 32);
    expect(await setUpKafkaTopic(topic.options())).toBe(true);
    expect(await setUpKafkaTopic(topic.options())).toBe(false);
    const journal = await topic.open();
    await Promise.all(Array.from({ length: 32 }, (_, shard) => expect(journal.append(shard, [Buffer.from('x')])).resolves.toBe(0)));
  });

  test('another number of shards is refused', async () => {
    topic = await new TestTopic(kafka.addresses, 4).make();
    await expect(topic.open({ shards: 5 })).rejects.toMatchObject({ code: 'KAFKA_TOPIC_REFUSED', problems: ['it has 4 partitions, accepted is 5, the number of shards'] });
  });

  test('one replica is refused without dev, with all that is wrong in the message', async () => {
    topic = await new TestTopic(kafka.addresses, 4).make();
    await expect(topic.open({ dev: false })).rejects.toThrow(
      `the Kafka topic ${topic.name} cannot be the journal: its replication factor is 1, accepted is 3 or more (with dev: 1); min.insync.replicas is 1, accepted is 2 or more`,
    );
  });

  test('settings are read from the broker', async () => {
    topic = new TestTopic(kafka.addresses, 4);
    const admin = new Kafka({ brokers: [...kafka.addresses], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic: topic.name, numPartitions: 4, configEntries: [{ name: 'cleanup.policy', value: 'compact' }, { name: 'retention.ms', value: '1000' }] }] });
    await admin.disconnect();
    await expect(topic.open()).rejects.toMatchObject({
      problems: ['cleanup.policy is compact, accepted is delete', 'retention.ms is 1000, accepted is 604800000 (7 days) or more, or -1'],
    });
  });

  test('no topic, and no broker, are told apart', async () => {
    topic = new TestTopic(kafka.addresses);
    await expect(topic.open()).rejects.toThrow(`metadata of ${topic.name}: Kafka says UNKNOWN_TOPIC_OR_PARTITION (3)`);
    await expect(openKafkaJournal(topic.options({ brokers: ['127.0.0.1:1'] }))).rejects.toMatchObject({ kind: 'unknown', code: 'JOURNAL_NETWORK' });
  });

  test('a cluster of three is asked for three replicas when a topic is made without dev', async () => {
    topic = new TestTopic(kafka.addresses);
    await expect(setUpKafkaTopic(topic.options({ dev: false }))).rejects.toMatchObject({ code: 'KAFKA_TOPIC_NOT_MADE', message: expect.stringMatching(/replication factor/i) as unknown });
  });
});
