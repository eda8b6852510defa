/** The containers are at the addresses that the programs and `up` use, and can be waited for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { portOf } from './environment.js';
import { kafkaProperties } from './kafka-properties.js';
import { root } from './places.js';

const container = z.strictObject({
  image: z.string().regex(/^[a-z/-]+:[\w.]+$/),
  ports: z.array(z.string()).length(1),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string().regex(/^KAFKA_[A-Z_]+$/), z.string()).optional(),
  healthcheck: z.strictObject({ test: z.array(z.string()).min(2), interval: z.string(), timeout: z.string(), retries: z.number().int() }),
});
const compose = z.strictObject({ services: z.strictObject({ kafka: container, dynamodb: container, redis: container }) });

describe('compose.yaml', () => {
  const { services } = compose.parse(parse(readFileSync(join(root, 'compose.yaml'), 'utf8')));

  test('serves on loopback alone, at the ports of `up`', () => {
    for (const name of ['kafka', 'dynamodb', 'redis'] as const) expect(services[name].ports).toEqual([`127.0.0.1:${portOf(name, {})}:${portOf(name, {})}`]);
  });

  test('sets Kafka up as `up` does, but for its addresses and folders, and for how it survives the death of others', () => {
    const own = kafkaProperties({ brokers: 1, ports: [9092, 9093] }, 1, '/logs').trim().split('\n').map((line) => line.split(/=(.*)/s) as [string, string]);
    const different = /listeners$|quorum|log\.dirs|default\.replication|min\.insync|unclean|session\.timeout|heartbeat|lag\.time/;
    const expected = own.filter(([name]) => !different.test(name));
    expect(expected.length).toBeGreaterThan(10);
    for (const [name, value] of expected) expect(services.kafka.environment).toMatchObject({ [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`]: value });
    expect(services.kafka.environment?.['KAFKA_ADVERTISED_LISTENERS']).toBe('PLAINTEXT://127.0.0.1:9092');
  });
});
