import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ConfigError, helpText, readConfig } from '../src/config.js';

test('the defaults serve one machine', () => {
  expect(readConfig({})).toMatchObject({
    port: 8081, host: '127.0.0.1', nodeName: 'node-0', routers: ['router-0'], dataDir: './data', shards: 256, linkSecret: undefined, retentionDays: 90,
    exitWithParent: false, limits: { playersMax: 10_000, graceMs: 500 },
  });
  expect(Object.isFrozen(readConfig({}))).toBe(true);
});

test('what is set is taken', () => {
  const config = readConfig({ NODE_PORT: '0', HOST: '0.0.0.0', ROUTERS: 'a, b', SHARDS: '16', LIMIT_PLAYERS_MAX: '5', EXIT_WITH_PARENT: '1', NODE_NAME: '' });
  expect(config).toMatchObject({ port: 0, host: '0.0.0.0', routers: ['a', 'b'], shards: 16, exitWithParent: true, nodeName: 'node-0', limits: { playersMax: 5 } });
  expect(readConfig({ HOST: '0.0.0.0', NODE_HOST: '127.0.0.2' }).host).toBe('127.0.0.2');
});

test('every wrong variable is named, with its value and what is accepted; secrets are not shown', () => {
  const read = (): unknown => readConfig({ NODE_PORT: 'x', SHARDS: '0', LINK_SECRET: 'geheim', LIMIT_GRACE_MS: '-1', ROUTERS: 'a,,b', PUBLIC_URL: 'ftp://x' });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/NODE_PORT is "x": it takes a port[\s\S]*SHARDS is "0"/);
  for (const name of ['LINK_SECRET is not right', 'LIMIT_GRACE_MS is "-1"', 'ROUTERS', 'PUBLIC_URL']) expect(read).toThrow(name);
  expect(read).not.toThrow(/geheim/);
});

test('help names every variable and limit', () => {
  for (const name of ['DATA_DIR', 'HOST_API_KEY', 'LIMIT_PLAYER_PER_SECOND', 'default 8081']) expect(helpText()).toContain(name);
});

test('the distributed backend: what it needs, and how it is said what is missing', () => {
  expect(readConfig({}).cluster).toBeUndefined();
  const needed = { BACKEND: 'distributed', KAFKA_BROKERS: 'k1:9092, k2:9092', REDIS_URL: 'redis://r:6379', AWS_REGION: 'eu-central-1' };
  expect(readConfig(needed).cluster).toEqual({
    kafka: { brokers: ['k1:9092', 'k2:9092'], topic: 'ringmaster-journal', client: 'kafkajs', tls: false, dev: false },
    dynamo: { region: 'eu-central-1', tablePrefix: 'ringmaster-' },
    redis: { url: 'redis://r:6379', keyPrefix: 'ringmaster:' },
    advertise: undefined,
  });
  expect(readConfig({ ...needed, KAFKA_TLS: '1', KAFKA_SASL: 'aws-msk-iam', ADVERTISE: 'pod-3.nodes:8081' }).cluster).toMatchObject({
    kafka: { tls: true, sasl: { mechanism: 'aws-msk-iam', region: 'eu-central-1' } }, advertise: 'pod-3.nodes:8081',
  });
  const bare = (): unknown => readConfig({ BACKEND: 'distributed', KAFKA_SASL: 'plain', KAFKA_USERNAME: 'ann' });
  for (const name of ['KAFKA_BROKERS is missing', 'REDIS_URL is missing', 'AWS_REGION is missing', 'KAFKA_PASSWORD is missing']) expect(bare).toThrow(name);
  expect(() => readConfig({ ...needed, REDIS_URL: 'http://secret@r' })).toThrow('REDIS_URL is not right');
  expect(() => readConfig({ ...needed, KAFKA_BROKERS: 'k1' })).toThrow('host:port');
});

test('files for TLS are read, and have to be there, in PEM, and of use', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-config-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  try {
    const cluster = { BACKEND: 'distributed', KAFKA_BROKERS: 'k1:9092', REDIS_URL: 'redis://r:6379', AWS_REGION: 'eu-central-1' };
    const [ca, cert, key] = ['CERTIFICATE', 'CERTIFICATE', 'PRIVATE KEY'].map((kind, i) => file(`${i}.pem`, `-----BEGIN ${kind}-----\n${i}\n`)) as [string, string, string];
    const tlsOf = (more: NodeJS.ProcessEnv) => readConfig({ ...cluster, ...more }).cluster?.kafka.tls;
    expect(tlsOf({ KAFKA_TLS: '1' })).toBe(true);
    expect(tlsOf({ KAFKA_TLS: '1', KAFKA_TLS_CA: ca })).toEqual({ ca: '-----BEGIN CERTIFICATE-----\n0\n' });
    expect(tlsOf({ KAFKA_TLS: '1', KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key })).toEqual({ cert: '-----BEGIN CERTIFICATE-----\n1\n', key: '-----BEGIN PRIVATE KEY-----\n2\n' });
    expect(() => tlsOf({ KAFKA_TLS: '1', KAFKA_TLS_CERT: cert })).toThrow('KAFKA_TLS_CERT and KAFKA_TLS_KEY belong together');
    expect(() => tlsOf({ KAFKA_TLS_CA: ca })).toThrow('KAFKA_TLS is 0, and files for it are given');
    expect(() => tlsOf({ KAFKA_TLS: '1', KAFKA_TLS_CA: join(folder, 'none.pem') })).toThrow(/KAFKA_TLS_CA is ".*none\.pem": it takes a PEM file that can be read/);
    expect(() => tlsOf({ KAFKA_TLS: '1', KAFKA_TLS_CA: file('der', '\0\u0001') })).toThrow('KAFKA_TLS_CA is ');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('limits that cannot be together are refused, with both names', () => {
  expect(() => readConfig({ LIMIT_DEAD_MS: '18000' })).toThrow(/LIMIT_DEAD_MS is 18000: it takes more than 18000.*LIMIT_PING_EVERY_MS \(15000\)/);
  expect(() => readConfig({ LIMIT_PING_EVERY_MS: '60000' })).toThrow(/LIMIT_DEAD_MS is 35000: it takes more than 72000/);
  expect(readConfig({ LIMIT_PING_EVERY_MS: '60000', LIMIT_DEAD_MS: '90000' }).limits).toMatchObject({ pingEveryMs: 60_000, deadMs: 90_000 });
});
