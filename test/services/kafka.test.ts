/** Kafka as a real process: records outlive a killed broker. */
import { Admin, Consumer, MessagesStreamModes, Producer } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWithServers, START_MS_MAX } from './describe-with-servers.js';
import { startKafka, type RunningKafka } from './kafka.js';
import { kafkaAnswers } from './kafka-answers.js';
import { moveLeaders } from './kafka-leaders.js';
import { kafkaProperties } from './kafka-properties.js';
import { isFree } from './ports.js';
import { startOf } from './process-identity.js';

async function createTopic(kafka: RunningKafka, topic: string): Promise<void> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...kafka.addresses] });
  await admin.createTopics({ topics: [topic], partitions: 1 });
  await admin.close();
}

async function append(kafka: RunningKafka, topic: string, value: string): Promise<bigint | undefined> {
  const producer = new Producer({ clientId: 'test', bootstrapBrokers: [...kafka.addresses], retries: 20, retryDelay: 500 });
  const { offsets } = await producer.send({ messages: [{ topic, partition: 0, value: Buffer.from(value) }], acks: -1 });
  await producer.close();
  return offsets?.[0]?.offset;
}

async function read(kafka: RunningKafka, topic: string, count: number): Promise<string[]> {
  const consumer = new Consumer({ clientId: 'test', groupId: `${topic}-${count}`, bootstrapBrokers: [...kafka.addresses] });
  const stream = await consumer.consume({ topics: [topic], mode: MessagesStreamModes.EARLIEST });
  const found: string[] = [];
  for await (const message of stream) {
    found.push(message.value.toString());
    if (found.length === count) break;
  }
  await consumer.close(true);
  return found;
}

describeWithServers(['own kafka'], 'one broker', () => {
  let kafka: RunningKafka;
  beforeAll(async () => {
    kafka = await startKafka();
  }, START_MS_MAX);
  afterAll(async () => kafka?.stop());

  test('answers, is killed, and has its records when it is back', async () => {
    expect(await kafkaAnswers(kafka.addresses)).toBe(true);
    await createTopic(kafka, 'kept');
    expect(await append(kafka, 'kept', 'before')).toBe(0n);
    const [first] = kafka.pids();
    await kafka.kill();
    expect(startOf(first as number)).toBeUndefined();
    await expect(kafkaAnswers(kafka.addresses)).rejects.toThrow();
    await kafka.restart();
    expect(await append(kafka, 'kept', 'after')).toBe(1n);
    expect(await read(kafka, 'kept', 2)).toEqual(['before', 'after']);
  }, START_MS_MAX);

  test('has nobody to whom leaders could be moved', async () => {
    await expect(moveLeaders(kafka.addresses)).rejects.toThrow('three brokers');
  });

  test('leaves nothing', async () => {
    const pids = kafka.pids();
    expect(pids).toHaveLength(1);
    await kafka.stop();
    expect(pids.map(startOf)).toEqual([undefined]);
    expect(await isFree(Number(kafka.addresses[0]?.split(':')[1]))).toBe(true);
  });
});

describeWithServers(['own kafka'], 'three brokers', () => {
  let kafka: RunningKafka;
  beforeAll(async () => {
    kafka = await startKafka({ brokers: 3 });
  }, START_MS_MAX);
  afterAll(async () => kafka?.stop());

  test('two of them go on; the third comes back in sync', async () => {
    await createTopic(kafka, 'replicated');
    expect(await append(kafka, 'replicated', 'of three')).toBe(0n);
    await kafka.kill(2);
    expect(kafka.pids()).toHaveLength(2);
    expect(await append({ ...kafka, addresses: [kafka.addresses[0] as string, kafka.addresses[2] as string] }, 'replicated', 'of two')).toBe(1n);
    await kafka.restart(2);
    expect(await kafkaAnswers(kafka.addresses, [1, 2, 3])).toBe(true);
    expect(await read(kafka, 'replicated', 2)).toEqual(['of three', 'of two']);
  }, START_MS_MAX);

  test('leaders are moved by hand, and no record is lost', async () => {
    const leader = async (): Promise<number | undefined> => {
      const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...kafka.addresses] });
      const { topics } = await admin.metadata({ topics: ['replicated'], forceUpdate: true });
      await admin.close();
      return topics.get('replicated')?.partitions[0]?.leader;
    };
    const leaders = [await leader()];
    for (let times = 0; times < 2; times++) {
      expect(await moveLeaders(kafka.addresses)).toBeGreaterThanOrEqual(1);
      leaders.push(await leader());
    }
    expect(new Set(leaders)).toEqual(new Set([1, 2, 3]));
    expect(await append(kafka, 'replicated', 'by another leader')).toBe(2n);
    expect(await read(kafka, 'replicated', 3)).toEqual(['of three', 'of two', 'by another leader']);
    const pids = kafka.pids();
    await kafka.stop();
    expect(pids.map(startOf)).toEqual([undefined, undefined, undefined]);
  }, START_MS_MAX);
});

describe('options and properties', () => {
  test('a shared Kafka has one broker', async () => {
    await expect(startKafka({ brokers: 3, shared: true })).rejects.toThrow('one broker');
  });

  test('three brokers vote, acknowledge in twos and give a dead one up after 3 s', () => {
    const text = kafkaProperties({ brokers: 3, ports: [1, 2, 3, 4, 5, 6] }, 2, '/logs');
    expect(text).toContain('controller.quorum.voters=1@127.0.0.1:4,2@127.0.0.1:5,3@127.0.0.1:6\n');
    expect(text).toContain('listeners=PLAINTEXT://127.0.0.1:2,CONTROLLER://127.0.0.1:5\n');
    for (const line of ['node.id=2', 'min.insync.replicas=2', 'broker.session.timeout.ms=3000', 'log.dirs=/logs', 'auto.create.topics.enable=false']) expect(text).toContain(`${line}\n`);
  });
});
