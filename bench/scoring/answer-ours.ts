/** P1, our side: frame in, event, state; ranks for all with the reveal, as in a session whose results come then. */
import { decodeClientFrame } from '@ringmaster/protocol';
import type { Params, SideResult } from '../harness/types.js';
import { answersTo, pointsFor, type Answer } from './answers.js';
import { deckOf, DomainSession } from './session.js';
import { Stopwatch } from './stopwatch.js';

/** Scores of the first answers only warm the compiler up. */
const WARM_UP_QUESTIONS = 3;

export async function run(params: Params, side: string): Promise<SideResult> {
  const { players = 0, questions = 0 } = params;
  const immediate = side === 'ringmaster, immediate';
  const session = new DomainSession(deckOf(questions + WARM_UP_QUESTIONS), immediate ? { liveScores: 'immediate' } : {});
  session.join(players);
  // The connection knows its player: no name is put together per answer.
  const ids = session.state.players.ids;
  const watch = new Stopwatch();
  const expected = new Array<number>(players).fill(0);
  const ranks = new Array<number>(players).fill(0);
  session.order('start');
  for (let question = 0; question < questions + WARM_UP_QUESTIONS; question += 1) {
    const answers = answersTo(question, players);
    const opensAt = session.now;
    globalThis.gc?.();
    if (question >= WARM_UP_QUESTIONS) watch.start();
    for (const answer of answers) submit(session, ids[answer.player]!, answer, opensAt);
    session.order('close');
    session.order('reveal');
    const { rank } = session.state.revisions.at(-1)!;
    for (let row = 0; row < players; row += 1) ranks[row] = rank[row]!;
    if (question >= WARM_UP_QUESTIONS) watch.stop();
    for (const answer of answers) expected[answer.player]! += pointsFor(answer);
    if (question < questions + WARM_UP_QUESTIONS - 1) session.order('next');
  }
  verify(session, expected, ranks);
  const units = players * questions;
  return {
    values: { cpuUs: watch.cpuUs / units, perSecond: (units / watch.wallMs) * 1000 },
    verified: `score and rank of ${players} players after ${questions + WARM_UP_QUESTIONS} questions against a plain sort`,
  };
}

function submit(session: DomainSession, id: string, { elapsedMs, frame }: Answer, opensAt: number): void {
  session.now = opensAt + elapsedMs;
  const read = decodeClientFrame(frame);
  if (!read.ok || read.t !== 'answer.submit') throw new Error('a frame could not be read');
  const { answerId, qid, value } = read.d;
  session.tell({ type: 'answer', playerId: id, answerId, qid, value, recvAt: session.now, creditMs: 0 });
}

function verify({ state }: DomainSession, expected: readonly number[], ranks: readonly number[]): void {
  const { score } = state.revisions.at(-1)!;
  const { correct, sumE } = state.totals!;
  const order = expected.map((_, row) => row).sort((a, b) => score[b]! - score[a]! || correct[b]! - correct[a]! || sumE[a]! - sumE[b]!);
  let rank = 0;
  order.forEach((row, place) => {
    if (score[row] !== expected[row]) throw new Error(`player ${row} has ${String(score[row])} points in place of ${String(expected[row])}`);
    const before = order[place - 1];
    if (before === undefined || score[before] !== score[row] || correct[before] !== correct[row] || sumE[before] !== sumE[row]) rank = place + 1;
    if (ranks[row] !== rank) throw new Error(`player ${row} has rank ${String(ranks[row])} in place of ${rank}`);
  });
}
