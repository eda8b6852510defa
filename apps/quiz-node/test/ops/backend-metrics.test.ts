/** What is shown of the journal and of the services behind a node, read as Prometheus would. */
import { describe, expect, test } from '@jest/globals';
import { JournalError, type Journal, type MembershipStatus, type MembershipView } from '@ringmaster/actors';
import { Registry } from 'prom-client';
import { parseMetrics, samplesOf, valueOf } from '../../../../test/metrics/exposition.js';
import { watchCache } from '../../src/ops/cache-metrics.js';
import { dynamoMetrics } from '../../src/ops/dynamodb-metrics.js';
import { watchJournal } from '../../src/ops/journal-metrics.js';
import { kafkaMetrics } from '../../src/ops/kafka-metrics.js';
import { watchMembership } from '../../src/ops/membership-metrics.js';

const read = async (registry: Registry) => parseMetrics(await registry.metrics());
const NODE = 'ringmaster_node_';

describe('the journal', () => {
  const journal: Journal = {
    readBytesBest: 7,
    append: async (shard) => {
      if (shard === 1) throw new JournalError('unknown', 'JOURNAL_TIMEOUT', 'no answer');
      return 41;
    },
    read: () => Promise.reject(new TypeError('ours')),
    ends: async () => new Map(),
    trim: async () => undefined,
    close: async () => undefined,
  };

  test('durable appends are timed, failures counted by code, and nothing else changes', async () => {
    const registry = new Registry();
    let now = 1_000;
    const watched = watchJournal(registry, journal, { mono: () => (now += 15) });
    expect(watched.readBytesBest).toBe(7);
    expect(await watched.append(0, [])).toBe(41);
    await expect(watched.append(1, [])).rejects.toMatchObject({ code: 'JOURNAL_TIMEOUT' });
    await expect(watched.read(0, 0, 1)).rejects.toThrow(TypeError);
    expect(await watched.ends([0])).toEqual(new Map());
    const families = await read(registry);
    expect(valueOf(families, `${NODE}journal_append_seconds_count`)).toBe(1);
    expect(valueOf(families, `${NODE}journal_append_seconds_sum`)).toBeCloseTo(0.015);
    expect(samplesOf(families, `${NODE}journal_failures_total`)).toMatchObject([
      { labels: { call: 'append', code: 'JOURNAL_TIMEOUT' }, value: 1 }, { labels: { call: 'read', code: 'other' }, value: 1 },
    ]);
  });

  test('one that does not say how much to read at best does not say it here either', () => {
    const { readBytesBest: _best, ...silent } = journal;
    expect('readBytesBest' in watchJournal(new Registry(), silent, { mono: () => 0 })).toBe(false);
  });
});

test('Kafka: requests by name, failures by broker, and not more brokers than can be told apart', async () => {
  const registry = new Registry();
  const requested = kafkaMetrics(registry);
  requested({ api: 'Produce', broker: 'b0:9092', ms: 4, ok: true });
  requested({ api: 'Produce', broker: 'b0:9092', ms: 2_500, ok: false });
  for (let i = 1; i < 40; i++) requested({ api: 'Fetch', broker: `b${i}:9092`, ms: 1, ok: false });
  const families = await read(registry);
  const bucket = (le: string, ok: string) => valueOf(families, `${NODE}kafka_request_seconds_bucket`, { le, api: 'Produce', ok });
  expect([bucket('0.0025', 'true'), bucket('0.005', 'true'), bucket('2', 'false'), bucket('3', 'false')]).toEqual([0, 1, 0, 1]);
  const failures = samplesOf(families, `${NODE}kafka_request_failures_total`);
  expect(failures).toHaveLength(33);
  expect(valueOf(families, `${NODE}kafka_request_failures_total`, { broker: 'b0:9092' })).toBe(1);
  expect(valueOf(families, `${NODE}kafka_request_failures_total`, { broker: 'other' })).toBe(8);
});

test('Kafka: a broker is there from its first answer on, so that its first failure can be seen as a rise', async () => {
  const registry = new Registry();
  kafkaMetrics(registry)({ api: 'Produce', broker: 'b0:9092', ms: 4, ok: true });
  expect(valueOf(await read(registry), `${NODE}kafka_request_failures_total`, { broker: 'b0:9092' })).toBe(0);
});

test('DynamoDB', async () => {
  const registry = new Registry();
  const { requested, retried, failed, leftBehind, scanned } = dynamoMetrics(registry);
  requested('PutItem', 30, true);
  requested('PutItem', 2_000, false);
  retried('STORE_AWAY');
  failed('STORE_AWAY');
  leftBehind(3);
  scanned();
  const families = await read(registry);
  const dynamo = (name: string, labels = {}) => valueOf(families, `${NODE}dynamodb_${name}`, labels);
  expect(dynamo('request_seconds_sum', { operation: 'PutItem', ok: 'true' })).toBeCloseTo(0.03);
  expect(dynamo('request_seconds_count', { operation: 'PutItem', ok: 'false' })).toBe(1);
  expect([dynamo('retries_total', { code: 'STORE_AWAY' }), dynamo('failures_total', { code: 'STORE_AWAY' }), dynamo('rows_left_behind_total'), dynamo('scans_total')]).toEqual([1, 1, 3, 1]);
});

test('copies of decks', async () => {
  const registry = new Registry();
  watchCache(registry, () => ({ hits: 5, misses: 4, errors: 3, bypassed: 2, fills: 1, unfilled: 0 }));
  const families = await read(registry);
  expect(['hits', 'misses', 'errors', 'bypassed', 'fills', 'unfilled'].map((name) => valueOf(families, `${NODE}deck_cache_${name}_total`))).toEqual([5, 4, 3, 2, 1, 0]);
});

describe('membership', () => {
  const member = (name: string) => ({ name, boot: 'b', address: 'a:1' });
  const view: MembershipView = { version: 3, nodes: [member('n1'), member('n2')], routers: ['r1'] };
  const healthy: MembershipStatus = { stale: false, ageMs: 250, ringHash: 'abc', disagreeing: [], replacedBy: undefined, beats: 9, failures: 1 };
  const names = ['stale', 'age_seconds', 'nodes', 'routers', 'disagreeing', 'replaced', 'beats_total', 'beat_failures_total'];
  const values = async (registry: Registry) => {
    const families = await read(registry);
    return names.map((name) => valueOf(families, `${NODE}membership_${name}`));
  };

  test('is shown as it is at the moment', async () => {
    const registry = new Registry();
    let status = healthy;
    watchMembership(registry, { view: () => view, status: () => status });
    expect(await values(registry)).toEqual([0, 0.25, 2, 1, 0, 0, 9, 1]);
    status = { ...healthy, stale: true, ageMs: undefined, disagreeing: ['n2', 'r1'], replacedBy: 'other' };
    expect(await values(registry)).toEqual([1, Infinity, 2, 1, 2, 1, 9, 1]);
  });

  test('shows the present ring alone', async () => {
    const registry = new Registry();
    let ringHash = 'abc';
    watchMembership(registry, { view: () => view, status: () => ({ ...healthy, ringHash }) });
    await registry.metrics();
    ringHash = 'def';
    expect(samplesOf(await read(registry), `${NODE}membership_ring`)).toEqual([{ name: `${NODE}membership_ring`, labels: { hash: 'def' }, value: 1 }]);
  });

  test('one that is configured shows nothing', async () => {
    const registry = new Registry();
    watchMembership(registry, { view: () => view });
    expect(await registry.getMetricsAsJSON()).toEqual([]);
  });
});
