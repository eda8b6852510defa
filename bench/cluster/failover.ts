/** I10: kill -9 of the owner while a question is open, again and again: when the next answer is accepted, and whether anybody lost time. */
import type { Params, SideResult } from '../harness/types.js';
import { BenchCluster } from './cluster.js';
import { Contest, type Acknowledged } from './contest.js';
import { percentile } from './percentile.js';

/** Answers that are acknowledged before the kill. */
const BEFORE = 20;
const SESSIONS_TRIED_MAX = 100;

interface Kill {
  readonly contest: Contest;
  readonly qid: string;
  /** Session time of the kill, ms. */
  readonly killedAt: number;
  readonly nextMs: number;
  readonly slowestMs: number;
  readonly extendedMs: number;
}

export async function run({ kills = 0, players = 0, everyMs = 0, nodes = 0, routers = 0, shards = 0 }: Params): Promise<SideResult> {
  const cluster = await BenchCluster.start({ nodes, routers, shards });
  try {
    const contests = await onePerNode(cluster, players, Math.ceil(kills / nodes));
    const seen: Kill[] = [];
    for (let index = 0; index < kills; index += 1) {
      seen.push(await killOwner(cluster, contests[index % nodes] as Contest, everyMs));
      // As if time had passed: the killed node is back, and has its shards again.
      await cluster.settled();
    }
    const socketsClosed = contests.reduce((sum, contest) => sum + contest.socketsClosed, 0);
    if (socketsClosed > 0) throw new Error(`${socketsClosed} sockets were closed`);
    const outages = new Map(await Promise.all(contests.map(async (contest) => [contest, await contest.outages()] as const)));
    // What an owner has heard counts as played, what came after it is given back: time is lost where that begins after the kill.
    const lost = seen.map(({ contest, qid, killedAt }) => (outages.get(contest)?.get(qid)?.from ?? Infinity) - killedAt);
    let answers = 0;
    for (const contest of contests) answers += await contest.verified();
    const next = seen.map(({ nextMs }) => nextMs);
    return {
      values: {
        p50Ms: percentile(next, 0.5), p99Ms: percentile(next, 0.99), maxMs: Math.max(...next), slowestMs: Math.max(...seen.map(({ slowestMs }) => slowestMs)),
        extendedMs: percentile(seen.map(({ extendedMs }) => extendedMs), 0.5), lostMs: Math.max(...lost),
      },
      verified: `${kills} kills; each of ${answers.toLocaleString('en')} acknowledged answers in the report, as it was acknowledged, once; no socket closed`,
    };
  } finally {
    await cluster.stop();
  }
}

/** A session on each node, so that they die in turn. */
async function onePerNode(cluster: BenchCluster, players: number, questions: number): Promise<Contest[]> {
  const found = new Map<string, Contest>();
  for (let tried = 0; found.size < cluster.nodes && tried < SESSIONS_TRIED_MAX; tried += 1) {
    const contest = await Contest.open(cluster, questions);
    const { node } = await cluster.actor(contest.sessionId);
    if (!found.has(node)) found.set(node, await contest.joinedBy(players));
  }
  if (found.size < cluster.nodes) throw new Error(`no session on each of ${cluster.nodes} nodes among ${SESSIONS_TRIED_MAX}`);
  return [...found.values()];
}

async function killOwner(cluster: BenchCluster, contest: Contest, everyMs: number): Promise<Kill> {
  await contest.nextQuestion();
  contest.flow(everyMs);
  await contest.until(() => contest.acknowledgements.length >= BEFORE, 'answers before the kill');
  const { node } = await cluster.actor(contest.sessionId);
  const offset = await contest.clockOffset();
  const at = await cluster.kill(node);
  const next = (): Acknowledged | undefined => contest.acknowledgements.find(({ sentAt, isNew }) => isNew && sentAt >= at);
  await contest.until(() => next() !== undefined && contest.extendedMs > 0, 'an answer after the kill, and question.extended');
  await contest.still();
  const slowestMs = Math.max(...contest.acknowledgements.map((each) => each.at - each.sentAt));
  const { qid, extendedMs } = contest;
  await contest.closeQuestion();
  return { contest, qid, killedAt: at + offset, nextMs: (next() as Acknowledged).at - at, slowestMs, extendedMs };
}
