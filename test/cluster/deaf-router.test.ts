/** A router that alone cannot reach Redis: real programs on real servers. It knows the nodes that it had, and learns of the others from them. */
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { agree, Client, closeClients } from '../e2e/harness/player.js';
import { Host } from '../e2e/harness/host.js';
import { Chance } from '../faults/chance.js';
import { FaultyProxy } from '../faults/proxy/proxy.js';
import { describeWithServers, START_MS_MAX } from '../services/describe-with-servers.js';
import { LocalCluster, type Servers } from './local-cluster.js';
import { nodesAreReady } from './ready.js';
import { PATIENCE_MS, Tournament, type Nodes } from './tournament.js';

const SHARDS = 8;
const TEST_MS_MAX = 120_000;

describeWithServers(['own kafka', 'own dynamodb', 'own redis'], 'a router that Redis does not answer', () => {
  let cluster: LocalCluster;
  let servers: Servers;
  let redis: FaultyProxy;
  const lines: string[] = [];
  /** Routers that have heard from Redis that somebody is a member. */
  const heardOf = (member: string): string[] => ['router-0', 'router-1'].filter((router) => lines.some((line) => line.startsWith(router) && line.includes('members changed') && line.includes(member)));

  beforeAll(async () => {
    redis = new FaultyProxy({ upstream: () => Number(new URL(servers.redis.address).port), chance: new Chance(1) });
    await redis.listen();
    cluster = await LocalCluster.start({
      nodes: 1, routers: 2, shards: SHARDS, brokers: 1, port: 0, host: '127.0.0.1', logLevel: 'info',
      line: (name, text) => void lines.push(`${name}: ${text}`),
      front: (started) => {
        servers = started;
        return {};
      },
      memberEnv: (name): NodeJS.ProcessEnv => (name === 'router-1' ? { REDIS_URL: `redis://127.0.0.1:${redis.port}` } : {}),
    });
    await nodesAreReady(cluster);
  }, START_MS_MAX);
  afterEach(closeClients);
  afterAll(async () => {
    await cluster?.stop();
    redis.close();
  }, 60_000);

  it('serves what a newcomer owns, also when the newcomer is all that is left', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    const { host, ada, bob, session } = tournament;
    redis.set({ refuse: true });
    redis.reset();

    const newcomer = cluster.addNode();
    await newcomer.ready;
    const { shard } = await tournament.actor;
    await host.must('POST', `/v1/admin/shards/${shard}:move`, { to: newcomer.name });
    await tournament.answers(bob, 'q1');
    expect((await tournament.actor).node).toBe(newcomer.name);
    expect([heardOf('node-0'), heardOf(newcomer.name)]).toEqual([['router-0', 'router-1'], ['router-0']]);

    await cluster.drain('node-0');
    await tournament.order('close');
    await ada.sees('leaderboard', undefined, PATIENCE_MS);
    await tournament.order('next');
    for (const player of tournament.players) await player.sees('question.opened', ({ d }) => d.qid === 'q2', PATIENCE_MS);
    await tournament.answers(bob, 'q2');

    // REST and those who come later find the newcomer by this router too.
    const [, deaf = ''] = cluster.urls;
    const { nodes } = await new Host(deaf, cluster.hostApiKey).must<Nodes>('GET', '/v1/admin/nodes');
    expect(nodes.map(({ name }) => name)).toEqual([newcomer.name]);
    await Client.join(deaf, session.sessionId, 'Dee');
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1', 'Bob-q2']);
    expect(tournament.players.map(({ isOpen }) => isOpen)).toEqual([true, true, true]);
    expect(bob.got('session.stalled')).toEqual([]);
    agree(tournament.players);
  }, TEST_MS_MAX);
});
