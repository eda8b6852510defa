/** P1, the peer: JSON parsed and scored in process, ZADD + ZREVRANK for each answer in pipelines of 1,000 answers, two of them under way. Not durable. */
import type { Params, SideResult } from '../harness/types.js';
import { answersTo, pointsFor, type Answer } from './answers.js';
import { BOARD, openBoard, valuesOf, expectedRanks, type RedisBoard } from './redis-board.js';
import { playerId } from './session.js';

const PIPELINE_ANSWERS = 1_000;
const WARM_UP_QUESTIONS = 1;

export async function run({ players = 0, questions = 0 }: Params): Promise<SideResult> {
  const board = await openBoard();
  const names = Array.from({ length: players }, (_, i) => playerId(i));
  const totals = new Array<number>(players).fill(0);
  let wallMs = 0;
  let cpu = 0;
  for (let question = 0; question < questions + WARM_UP_QUESTIONS; question += 1) {
    const answers = answersTo(question, players);
    globalThis.gc?.();
    const cpuBefore = board.cpuUs();
    const started = performance.now();
    await score(board, answers, totals, names);
    if (question < WARM_UP_QUESTIONS) continue;
    wallMs += performance.now() - started;
    cpu += board.cpuUs() - cpuBefore;
  }
  const found = valuesOf(await names.reduce((pipeline, name) => pipeline.zrevrank(BOARD, name), board.client.pipeline()).exec());
  expectedRanks(totals, names).forEach((rank, i) => {
    if (found[i] !== rank) throw new Error(`${names[i]} has rank ${String(found[i])} in place of ${rank}`);
  });
  await board.close();
  const units = players * questions;
  return { values: { cpuUs: cpu / units, perSecond: (units / wallMs) * 1000 }, verified: `rank of ${players} players against a plain sort` };
}

async function score({ client }: RedisBoard, answers: readonly Answer[], totals: number[], names: readonly string[]): Promise<void> {
  const underWay: Promise<void>[] = [];
  for (let from = 0; from < answers.length; from += PIPELINE_ANSWERS) {
    const batch = answers.slice(from, from + PIPELINE_ANSWERS);
    const pipeline = client.pipeline();
    for (const answer of batch) {
      const { d } = JSON.parse(answer.frame.toString()) as { d: { value: string } };
      const total = (totals[answer.player]! += pointsFor({ ...answer, value: d.value }));
      pipeline.zadd(BOARD, total, names[answer.player]!).zrevrank(BOARD, names[answer.player]!);
    }
    underWay.push(
      pipeline.exec().then((replies) => {
        const values = valuesOf(replies);
        for (let i = 1; i < values.length; i += 2) if (typeof values[i] !== 'number') throw new Error('an answer has no rank');
      }),
    );
    if (underWay.length >= 2) await underWay[underWay.length - 2];
  }
  await Promise.all(underWay);
}
