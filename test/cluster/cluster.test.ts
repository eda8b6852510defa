/** What players notice of the faults of a cluster: real programs on real Kafka, DynamoDB Local and Redis. One cluster for all; each test leaves it able to play. */
import { expect, it } from '@jest/globals';
import { agree, Client } from '../e2e/harness/player.js';
import { eventually } from '../e2e/harness/waiting.js';
import { describeWithServers } from '../services/describe-with-servers.js';
import type { LocalCluster } from './local-cluster.js';
import { ownCluster } from './own-cluster.js';
import { complete, hostOf, PATIENCE_MS, settled, Tournament, type Actor, type Nodes, type Shards } from './tournament.js';

const SHARDS = 32;
const TEST_MS_MAX = 120_000;

describeWithServers(['own kafka', 'own dynamodb', 'own redis'], 'a cluster', () => {
  let cluster: LocalCluster;
  ownCluster({ nodes: 3, shards: SHARDS, brokers: 1 }, (own) => (cluster = own));

  const everyoneStayed = ({ players }: Tournament): void => expect(players.map(({ isOpen }) => isOpen)).toEqual([true, true, true]);
  const nodeNames = (): string[] => [...cluster.nodes.keys()];

  it('says truly who is there and who owns what', async () => {
    const { nodes, routers } = await settled(cluster, nodeNames());
    expect(routers).toEqual(['router-0', 'router-1']);
    expect(nodes.map(({ name, halted }) => [name, halted])).toEqual([['node-0', 0], ['node-1', 0], ['node-2', 0]]);
    expect(nodes.reduce((sum, { owned }) => sum + owned, 0)).toBe(SHARDS);
    const { shards, unreachable } = await hostOf(cluster).get<Shards>('/v1/admin/shards');
    expect(unreachable).toEqual([]);
    expect(shards.map(({ shard, state, owner }) => ({ shard, state, owner }))).toEqual(shards.map(({ byRing }, shard) => ({ shard, state: 'active', owner: byRing })));
    const tournament = await Tournament.of(cluster);
    const { node, shard, epoch } = await tournament.actor;
    expect(shards[shard]).toMatchObject({ owner: node, epoch });
    await tournament.finished();
  }, TEST_MS_MAX);

  it('kill -9 of the owner: the sockets stay, the question is extended, nothing is lost', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    const before = await tournament.actor;
    cluster.kill(before.node);
    await tournament.answers(tournament.bob, 'q1');
    for (const player of tournament.players) expect((await player.sees('question.extended', undefined, PATIENCE_MS)).d).toMatchObject({ qid: 'q1', reason: 'outage' });
    expect((await tournament.actor).epoch).toBeGreaterThan(before.epoch);
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1']);
    everyoneStayed(tournament);
    agree(tournament.players);
    await settled(cluster, nodeNames());
  }, TEST_MS_MAX);

  it('SIGTERM to the owner while a question is open: the sockets stay, and nothing is lost', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    const { node } = await tournament.actor;
    await Promise.all([cluster.drain(node), tournament.answers(tournament.bob, 'q1')]);
    await tournament.answers(tournament.ada, 'q1');
    expect((await tournament.actor).node).not.toBe(node);
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1']);
    everyoneStayed(tournament);
    agree(tournament.players);
  }, TEST_MS_MAX);

  it('a node that joins gets its shards, and no socket is closed', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    const { name, ready } = cluster.addNode();
    await ready;
    const { nodes } = await settled(cluster, nodeNames());
    expect(nodes.find((node) => node.name === name)?.owned).toBeGreaterThan(0);
    await tournament.answers(tournament.bob, 'q1');
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1']);
    everyoneStayed(tournament);
    agree(tournament.players);
  }, TEST_MS_MAX);

  it('a shard that is moved by order stays where it was moved, and nothing is lost', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    const { node, shard } = await tournament.actor;
    const to = nodeNames().find((name) => name !== node) as string;
    const moved = await tournament.host.must('POST', `/v1/admin/shards/${shard}:move`, { to });
    expect(moved).toMatchObject({ shard, from: node, to });
    await tournament.answers(tournament.bob, 'q1');
    const { sessionTime } = await tournament.actor;
    // Longer than a new ring has to stand before shards go where it gives them, and than a move waits for a quiet phase.
    const seen: Actor[] = [];
    await eventually(async () => (seen.push(await tournament.actor), (seen.at(-1) as Actor).sessionTime > sessionTime + 9_000 ? true : undefined), 'nine seconds to pass', PATIENCE_MS);
    expect(new Set(seen.map((actor) => actor.node))).toEqual(new Set([to]));
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1']);
    everyoneStayed(tournament);
    agree(tournament.players);
  }, TEST_MS_MAX);

  it('Kafka stops in the middle of a question: players see that it stalls, and it goes on by itself', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    await cluster.stopServer('kafka');
    const answered = tournament.answers(tournament.bob, 'q1');
    for (const player of tournament.players) expect((await player.sees('session.stalled', undefined, PATIENCE_MS)).d).toMatchObject({ reason: 'journal' });
    expect(tournament.bob.got('ok')).toEqual([]);
    await cluster.startServer('kafka');
    await answered;
    for (const player of tournament.players) expect((await player.sees('question.extended', undefined, PATIENCE_MS)).d).toMatchObject({ qid: 'q1', reason: 'outage' });
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1']);
    everyoneStayed(tournament);
    agree(tournament.players);
  }, TEST_MS_MAX);

  it('Redis dies: players notice nothing; an owner that dies meanwhile is replaced', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    await cluster.stopServer('redis');
    await tournament.answers(tournament.bob, 'q1');
    expect(tournament.bob.got('question.extended')).toEqual([]);
    const before = await tournament.actor;
    cluster.kill(before.node);
    await tournament.answers(tournament.cy, 'q1');
    expect((await tournament.actor).epoch).toBeGreaterThan(before.epoch);
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1', 'Cy-q1']);
    everyoneStayed(tournament);
    agree(tournament.players);
    await cluster.startServer('redis');
    await complete(cluster, nodeNames(), SHARDS);
  }, TEST_MS_MAX);

  it('DynamoDB stands still: the quiz goes on', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    await cluster.stopServer('dynamodb');
    try {
      await tournament.answers(tournament.bob, 'q1');
      await tournament.order('close');
      await tournament.ada.sees('leaderboard', undefined, PATIENCE_MS);
      await tournament.order('next');
      for (const player of tournament.players) await player.sees('question.opened', ({ d }) => d.qid === 'q2', PATIENCE_MS);
      await tournament.answers(tournament.ada, 'q2');
      expect(tournament.ada.got('session.stalled')).toEqual([]);
    } finally {
      await cluster.startServer('dynamodb');
    }
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Ada-q2', 'Bob-q1']);
    everyoneStayed(tournament);
    agree(tournament.players);
  }, TEST_MS_MAX);

  it('a router dies: its players come back through the other one with their resume tokens', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    const { ada, bob } = tournament;
    const closed = bob.closed(PATIENCE_MS);
    cluster.kill('router-1');
    await closed;
    const [first = ''] = cluster.urls;
    const again = await Client.connect(first, tournament.session.sessionId, 'Bob');
    again.drop();
    await again.connectAgain(bob.position);
    const { playerId } = await again.welcomed({ role: 'player', resume: { token: bob.resumeToken ?? '', ...bob.position } });
    expect(playerId).toBe(bob.playerId);
    tournament.bob = again;
    tournament.cy = await Client.join(first, tournament.session.sessionId, 'Dee');
    await tournament.answers(again, 'q1');
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Bob-q1']);
    expect(ada.isOpen).toBe(true);
    agree([ada, again]);
    await eventually(async () => ((await hostOf(cluster).get<Nodes>('/v1/admin/nodes')).routers.length === 2 ? true : undefined), 'the router to be back', PATIENCE_MS);
  }, TEST_MS_MAX);
});
