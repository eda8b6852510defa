/** What operators see of a cluster, healthy and not: the metrics of real programs on real servers. Each quiz-node has another of the Kafka clients. */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { closeClients } from '../e2e/harness/player.js';
import { eventually } from '../e2e/harness/waiting.js';
import { quizOf } from '../e2e/harness/quizzes.js';
import { parseMetrics, samplesOf, valueOf, type Family } from '../metrics/exposition.js';
import { describeWithServers, START_MS_MAX } from '../services/describe-with-servers.js';
import { LocalCluster, type Member } from './local-cluster.js';
import { nodesAreReady } from './ready.js';
import { PATIENCE_MS, settled, Tournament } from './tournament.js';

const SHARDS = 16;
const TEST_MS_MAX = 120_000;
const NODES = ['node-0', 'node-1'];

type Families = ReadonlyMap<string, Family>;

const scrape = async ({ port }: Member): Promise<Families> => parseMetrics(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
const sum = (families: Families, name: string, labels: Readonly<Record<string, string>> = {}): number =>
  samplesOf(families, `ringmaster_node_${name}`).filter((sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value)).reduce((total, { value }) => total + value, 0);

describeWithServers(['own kafka', 'own dynamodb', 'own redis'], 'the metrics of a cluster', () => {
  let cluster: LocalCluster;

  beforeAll(async () => {
    cluster = await LocalCluster.start({
      nodes: 2, routers: 2, shards: SHARDS, brokers: 1, port: 0, host: '127.0.0.1', logLevel: 'fatal', line: () => undefined,
      memberEnv: (name) => (name === 'node-1' ? { KAFKA_CLIENT: 'platformatic' } : {}),
    });
    await nodesAreReady(cluster);
  }, START_MS_MAX);
  afterEach(closeClients);
  afterAll(async () => cluster?.stop(), 60_000);

  const nodes = (): Promise<Families[]> => Promise.all([...cluster.nodes.values()].map(scrape));
  const routers = (): Promise<Families[]> => Promise.all([...cluster.routers.values()].map(scrape));
  /** Values of one membership gauge at every process. */
  const membership = async (name: string): Promise<number[]> => [
    ...(await nodes()).map((each) => valueOf(each, `ringmaster_node_membership_${name}`)),
    ...(await routers()).map((each) => valueOf(each, `ringmaster_router_membership_${name}`)),
  ];
  /** Resolves when the gauge fits at every process. */
  const untilAll = (name: string, fits: (value: number) => boolean): Promise<true> =>
    eventually(async () => ((await membership(name)).every(fits) ? true : undefined), `another ${name} at every process`, PATIENCE_MS);
  const total = async (name: string, labels?: Readonly<Record<string, string>>): Promise<number> => (await nodes()).reduce((all, each) => all + sum(each, name, labels), 0);
  /** Resolves when the total over all nodes fits. */
  const untilTotal = (name: string, fits: (value: number) => boolean): Promise<number> =>
    eventually(async () => [await total(name)].find(fits), `another ${name}`, PATIENCE_MS);

  it('a healthy one: every request is timed, by whichever client, and all agree on who is there', async () => {
    await settled(cluster, NODES);
    const before = await total('answers_accepted_total');
    const tournament = await (await Tournament.of(cluster)).begun();
    const { node: from, shard } = await tournament.actor;
    const to = NODES.find((name) => name !== from) as string;
    await tournament.host.must('POST', `/v1/admin/shards/${shard}:move`, { to });
    await tournament.answers(tournament.bob, 'q1');
    expect((await tournament.actor).node).toBe(to);
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1']);

    expect(await total('answers_accepted_total')).toBeGreaterThanOrEqual(before + 2);
    expect([await total('shards_owned'), ...(await nodes()).map((each) => valueOf(each, 'ringmaster_node_cluster_shards'))]).toEqual([SHARDS, SHARDS, SHARDS]);
    expect([await total('shards_halted'), await total('shards_stalled'), await total('shards_unclear'), await total('sessions_quarantined_total')]).toEqual([0, 0, 0, 0]);
    const [left, got] = await Promise.all([from, to].map((name) => scrape(cluster.nodes.get(name) as Member)));
    expect(sum(left as Families, 'shards_handed_over_total')).toBeGreaterThan(0);
    expect(sum(left as Families, 'shard_hand_over_seconds_count')).toBe(sum(left as Families, 'shards_handed_over_total'));
    expect(sum(got as Families, 'shard_recovery_seconds_count')).toBeGreaterThan(0);

    for (const each of await nodes()) {
      for (const api of ['Produce', 'Fetch', 'ListOffsets', 'Metadata', 'DescribeConfigs']) {
        const count = sum(each, 'kafka_request_seconds_count', { api, ok: 'true' });
        expect([api, count > 0, sum(each, 'kafka_request_seconds_sum', { api, ok: 'true' }) / count < 3]).toEqual([api, true, true]);
      }
      expect(sum(each, 'kafka_request_failures_total')).toBe(sum(each, 'kafka_request_seconds_count', { ok: 'false' }));
      for (const operation of ['DescribeTable', 'GetItem', 'Query']) expect([operation, sum(each, 'dynamodb_request_seconds_count', { operation, ok: 'true' }) > 0]).toEqual([operation, true]);
      expect(sum(each, 'journal_append_seconds_count')).toBeGreaterThan(0);
    }
    await untilAll('stale', (stale) => stale === 0);
    expect([await membership('nodes'), await membership('routers'), await membership('replaced')]).toEqual([[2, 2, 2, 2], [2, 2, 2, 2], [0, 0, 0, 0]]);
    expect((await membership('beats_total')).every((beats) => beats > 0)).toBe(true);
    await untilAll('age_seconds', (age) => age < 2);
    const rings = [...(await nodes()).flatMap((each) => samplesOf(each, 'ringmaster_node_membership_ring')), ...(await routers()).flatMap((each) => samplesOf(each, 'ringmaster_router_membership_ring'))];
    expect(rings.map(({ value }) => value)).toEqual([1, 1, 1, 1]);
    expect(new Set(rings.map(({ labels }) => labels['hash'])).size).toBe(1);
    await untilAll('disagreeing', (members) => members === 0);
  }, TEST_MS_MAX);

  it('Redis away: every process says that it hears nothing, and keeps what it knew', async () => {
    const failures = await membership('beat_failures_total');
    await cluster.stopServer('redis');
    await untilAll('stale', (stale) => stale === 1);
    expect(await membership('nodes')).toEqual([2, 2, 2, 2]);
    expect((await membership('age_seconds')).every((age) => age >= 2 && age < 120)).toBe(true);
    expect((await membership('beat_failures_total')).every((now, i) => now > (failures[i] as number))).toBe(true);
    await cluster.startServer('redis');
    await untilAll('stale', (stale) => stale === 0);
  }, TEST_MS_MAX);

  it('DynamoDB standing still: its calls are tried again and fail, by code', async () => {
    const { host } = await Tournament.of(cluster);
    await cluster.stopServer('dynamodb');
    try {
      expect((await host.ask('POST', '/v1/quizzes', quizOf(1))).status).toBe(503);
      await untilTotal('dynamodb_failures_total', (failures) => failures > 0);
    } finally {
      await cluster.startServer('dynamodb');
    }
    expect(await total('dynamodb_retries_total', { code: 'STORE_AWAY' })).toBeGreaterThan(0);
    expect(await total('dynamodb_request_seconds_count', { ok: 'false' })).toBeGreaterThan(1);
  }, TEST_MS_MAX);

  it('Kafka away: shards are stalled, and the journal says why', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    await cluster.stopServer('kafka');
    const answered = tournament.answers(tournament.bob, 'q1');
    await untilTotal('shards_stalled', (stalled) => stalled > 0);
    await untilTotal('kafka_request_failures_total', (failures) => failures > 0);
    expect(await total('journal_failures_total', { call: 'append' })).toBeGreaterThan(0);
    await cluster.startServer('kafka');
    await answered;
    await untilTotal('shards_stalled', (stalled) => stalled === 0);
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1']);
  }, TEST_MS_MAX);
});
