/** What players notice when partitions are given other leaders by hand, on three brokers that all live: nothing that is acknowledged is lost, and nobody else comes to own the session. */
import { expect, it } from '@jest/globals';
import { agree } from '../e2e/harness/player.js';
import { describeWithServers } from '../services/describe-with-servers.js';
import type { LocalCluster } from './local-cluster.js';
import { carryOut } from './orders.js';
import { ownCluster } from './own-cluster.js';
import { PATIENCE_MS, Tournament } from './tournament.js';

const SHARDS = 16;
const TEST_MS_MAX = 120_000;

describeWithServers(['own kafka', 'own dynamodb', 'own redis'], 'a cluster on three brokers', () => {
  let cluster: LocalCluster;
  ownCluster({ nodes: 2, shards: SHARDS, brokers: 3 }, (own) => (cluster = own));

  it('leaders move while a question is open: the owner stays, answers under way are acknowledged once, and sockets stay', async () => {
    const tournament = await (await Tournament.of(cluster)).begun();
    const { ada, bob, cy } = tournament;
    const before = await tournament.actor;
    const moved = carryOut(cluster, 'move leaders');
    await Promise.all([tournament.answers(bob, 'q1'), moved]);
    expect(await moved).toBe(`${SHARDS} partitions have another leader`);
    // The owner still writes to the leader that it knows, and has to learn who is the new one; twice, so that the first comes into it again.
    await Promise.all([carryOut(cluster, 'move leaders'), tournament.answers(cy, 'q1')]);
    await tournament.order('next');
    await ada.sees('question.opened', ({ d }) => d.qid === 'q2', PATIENCE_MS);
    await tournament.answers(ada, 'q2');
    expect(await tournament.actor).toMatchObject({ node: before.node, epoch: before.epoch });
    expect(await tournament.finished()).toEqual(['Ada-q1', 'Ada-q2', 'Bob-q1', 'Cy-q1']);
    expect(tournament.players.map(({ isOpen }) => isOpen)).toEqual([true, true, true]);
    agree(tournament.players);
  }, TEST_MS_MAX);
});
