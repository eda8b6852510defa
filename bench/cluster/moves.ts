/** O3: shards are handed over by the admin API while their players answer: for how long nobody is acknowledged. */
import type { Params, SideResult } from '../harness/types.js';
import { pause } from '../wire/until.js';
import { BenchCluster } from './cluster.js';
import { Contest, type Acknowledged } from './contest.js';
import { percentile } from './percentile.js';

/** A question is left for the next one in time for one more move. */
const LEFT_MS_MIN = 30_000;
/** An order waits so long for a phase in which nobody loses time; with an open question there is none (`quietWaitMs` of the runtime). */
const QUIET_WAIT_MS = 3_000;
/** Answers that were under way so long before the end of that wait, or sent so long after the move, count as its own. */
const AROUND_MS = 250;

interface Move {
  readonly pauseMs: number;
  /** The longest wait of an answer while nothing was done yet: what this machine does by itself. */
  readonly usualMs: number;
  readonly tookMs: number;
  /** Another node than the wanted one has the shard afterwards: the ring changed meanwhile, or the wanted one was too slow. */
  readonly strayed: boolean;
}

export async function run({ moves = 0, sessions = 0, players = 0, everyMs = 0, nodes = 0, routers = 0, shards = 0 }: Params): Promise<SideResult> {
  const cluster = await BenchCluster.start({ nodes, routers, shards });
  try {
    const each = Math.ceil(moves / sessions);
    const contests = await onDifferentShards(cluster, sessions, players, each);
    const seen = (await Promise.all(contests.map((contest) => moveAgainAndAgain(cluster, contest, each, everyMs)))).flat();
    const socketsClosed = contests.reduce((sum, contest) => sum + contest.socketsClosed, 0);
    if (socketsClosed > 0) throw new Error(`${socketsClosed} sockets were closed`);
    let answers = 0;
    for (const contest of contests) answers += await contest.verified();
    const pauses = seen.map(({ pauseMs }) => pauseMs);
    const usual = seen.map(({ usualMs }) => usualMs);
    return {
      values: {
        p50Ms: percentile(pauses, 0.5), p99Ms: percentile(pauses, 0.99), maxMs: Math.max(...pauses),
        usualP50Ms: percentile(usual, 0.5), usualP99Ms: percentile(usual, 0.99), tookMs: percentile(seen.map(({ tookMs }) => tookMs), 0.5),
        strayed: seen.filter(({ strayed }) => strayed).length,
      },
      verified: `${seen.length} moves; each of ${answers.toLocaleString('en')} acknowledged answers in the report, as it was acknowledged, once; no socket closed`,
    };
  } finally {
    await cluster.stop();
  }
}

async function onDifferentShards(cluster: BenchCluster, sessions: number, players: number, questions: number): Promise<Contest[]> {
  const found = new Map<number, Contest>();
  while (found.size < sessions) {
    const contest = await Contest.open(cluster, questions);
    const { shard } = await cluster.actor(contest.sessionId);
    if (!found.has(shard)) found.set(shard, await contest.joinedBy(players));
  }
  return [...found.values()];
}

async function moveAgainAndAgain(cluster: BenchCluster, contest: Contest, moves: number, everyMs: number): Promise<Move[]> {
  const seen: Move[] = [];
  await contest.nextQuestion();
  contest.flow(everyMs);
  while (seen.length < moves) {
    if ((await contest.leftMs()) < LEFT_MS_MIN) {
      await contest.still();
      await contest.closeQuestion();
      await contest.nextQuestion();
      contest.flow(everyMs);
    }
    seen.push(await move(cluster, contest));
  }
  await contest.still();
  await contest.closeQuestion();
  return seen;
}

async function move(cluster: BenchCluster, contest: Contest): Promise<Move> {
  const { shard, node } = await cluster.actor(contest.sessionId);
  const { nodes } = await cluster.ask<{ nodes: readonly { readonly name: string }[] }>('GET', '/v1/admin/nodes');
  const to = nodes[(nodes.findIndex(({ name }) => name === node) + 1) % nodes.length] as { readonly name: string };
  contest.acknowledgements = [];
  const orderedAt = performance.now();
  const { ms } = await cluster.ask<{ ms: number }>('POST', `/v1/admin/shards/${shard}:move`, { to: to.name });
  const doneAt = performance.now();
  await pause(AROUND_MS);
  await contest.until(() => contest.acknowledgements.some(({ sentAt }) => sentAt > doneAt), 'an answer after the move');
  const begins = orderedAt + Math.min(ms, QUIET_WAIT_MS) - AROUND_MS;
  const longest = (acknowledgements: readonly Acknowledged[]): number => Math.max(0, ...acknowledgements.map(({ sentAt, at }) => at - sentAt));
  const now = await cluster.actor(contest.sessionId);
  // An answer every few ms: the one that waited longest was sent when the pause began.
  const pauseMs = longest(contest.acknowledgements.filter(({ at }) => at >= begins));
  const usualMs = longest(contest.acknowledgements.filter(({ at }) => at < begins && at >= begins - 1_000));
  return { pauseMs, usualMs, tookMs: ms, strayed: now.node !== to.name };
}
