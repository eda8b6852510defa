/**
 * DynamoDB is away for long. Who has an owner plays on to the end, also when a node dies that owned other shards; those wait for its return, and so do new sessions,
 * which hosts are told at once. Then all of it mends by itself.
 */
import { expect, it } from '@jest/globals';
import { agree, Client } from '../e2e/harness/player.js';
import type { NewSession } from '../e2e/harness/host.js';
import { quizOf, swift } from '../e2e/harness/quizzes.js';
import { eventually } from '../e2e/harness/waiting.js';
import { describeWithServers } from '../services/describe-with-servers.js';
import type { LocalCluster } from './local-cluster.js';
import { ownCluster } from './own-cluster.js';
import { hostOf, PATIENCE_MS, settled, Tournament, type Actor, type Shards } from './tournament.js';

const SHARDS = 16;
const TEST_MS_MAX = 240_000;
const AWAY_MS_MIN = 20_000;
/** A host's program waits longer than this for no answer. */
const ANSWER_MS_MAX = 15_000;

describeWithServers(['own kafka', 'own dynamodb', 'own redis'], 'a cluster without DynamoDB', () => {
  let cluster: LocalCluster;
  ownCluster({ nodes: 3, shards: SHARDS, brokers: 1 }, (own) => (cluster = own));

  it('plays on where there is an owner, waits where it died, says so, and mends by itself', async () => {
    const host = hostOf(cluster);
    const { quizId } = await host.must<{ quizId: string }>('POST', '/v1/quizzes', quizOf(3, { limitMs: 120_000 }));
    const begin = (headers: Record<string, string> = {}) => host.ask<NewSession & { code?: number }>('POST', '/v1/sessions', { quizId, settings: swift }, headers);
    const used = new Set<number>();
    /** In a shard of its own: a session that is not put away yet holds the replayFrom of its shard. */
    const alone = async (): Promise<Tournament> => {
      for (;;) {
        const tournament = await Tournament.of(cluster);
        const { shard: its } = await tournament.actor;
        if (used.has(its)) continue;
        used.add(its);
        return tournament;
      }
    };
    const lives = await (await alone()).begun();
    const { node: living, shard } = await lives.actor;
    let waits = await alone();
    while ((await waits.actor).node === living) waits = await alone();
    await waits.begun();
    const orphaned = await waits.actor;
    const replayFrom = async (of: number): Promise<number> => (await host.get<Shards>('/v1/admin/shards')).shards[of]?.replayFrom ?? 0;
    const from = await replayFrom(shard);

    await cluster.stopServer('dynamodb');
    const stoppedAt = performance.now();
    cluster.kill(orphaned.node);
    let acknowledged = false;
    const answered = waits.answers(waits.bob, 'q1').then(() => void (acknowledged = true));
    for (const player of waits.players) await player.sees('session.stalled', undefined, PATIENCE_MS);

    await lives.answers(lives.bob, 'q1');
    await lives.order('close');
    await lives.order('next');
    await lives.ada.sees('question.opened', ({ d }) => d.qid === 'q2', PATIENCE_MS);
    await lives.answers(lives.ada, 'q2');
    await lives.order('end');
    for (const player of lives.players) await player.sees('session.finished', undefined, PATIENCE_MS);
    expect(lives.players.flatMap((player) => player.got('session.stalled'))).toEqual([]);

    for (const headers of [{}, { 'idempotency-key': 'while it is away' }]) {
      const askedAt = performance.now();
      const refused = await begin(headers);
      expect(refused).toMatchObject({ status: 503, body: { code: 502 } });
      expect(refused.headers.get('retry-after')).not.toBeNull();
      expect(performance.now() - askedAt).toBeLessThan(ANSWER_MS_MAX);
    }
    await eventually(() => Promise.resolve(performance.now() - stoppedAt > AWAY_MS_MIN || undefined), 'DynamoDB to be away for long', PATIENCE_MS);
    expect(acknowledged).toBe(false);
    expect(await replayFrom(shard)).toBe(from);

    await cluster.startServer('dynamodb');
    await answered;
    for (const player of waits.players) expect((await player.sees('question.extended', undefined, PATIENCE_MS)).d).toMatchObject({ qid: 'q1', reason: 'outage' });
    expect(await waits.finished()).toEqual(['Ada-q1', 'Bob-q1']);
    const again = async (): Promise<NewSession | undefined> => {
      const { status, body } = await begin({ 'idempotency-key': 'while it is away' });
      return status === 201 ? body : undefined;
    };
    const created = await eventually(again, 'a session from the stored quiz', PATIENCE_MS);
    await Client.join(cluster.urls[1] ?? '', created.sessionId, 'Dee');
    used.add((await host.get<Actor>(`/v1/admin/sessions/${created.sessionId}/actor`)).shard);
    await settled(cluster, [...cluster.nodes.keys()]);
    const later = await (await alone()).begun();
    const { shard: written } = await later.actor;
    const before = await replayFrom(written);
    await later.order('close');
    await eventually(async () => ((await replayFrom(written)) > before ? true : undefined), 'replayFrom to move on', PATIENCE_MS);
    for (const { players } of [lives, waits]) {
      expect(players.map(({ isOpen }) => isOpen)).toEqual([true, true, true]);
      agree(players);
    }
  }, TEST_MS_MAX);
});
