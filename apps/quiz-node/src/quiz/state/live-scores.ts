/** Immediate mode: the sums as if the open question ended now. Ranks are counted when they are asked for. */
import { addAnswer, gradeNum } from './grading.js';
import type { Sums } from './grading.js';
import { hasAnswer } from './answers.js';
import { at } from './ints.js';
import type { PackedValue } from './packed-value.js';
import { isRanked } from './players.js';
import { elapsedOf } from './question-run.js';
import type { QuestionRun } from './question-run.js';
import { presentSums } from './standing.js';
import { presentKey, questionAt } from './state.js';
import type { SessionState } from './state.js';

export interface LiveScores extends Sums {
  /** Streak bonus of the answer of a row. */
  readonly bonus: number[];
}

/** The sums before the question, plus the answers that it already has. */
export function liveScores(state: SessionState, run: QuestionRun): LiveScores {
  const live: LiveScores = { ...presentSums(state), bonus: [] };
  for (let row = 0; row < run.rowsAtOpen; row += 1) if (hasAnswer(run.answers, row)) countLive(state, run, live, row);
  return live;
}

/** Counts the answer of `row`, which has just been accepted. A poll moves nothing. */
export function countLive(state: SessionState, run: QuestionRun, live: LiveScores, row: number): void {
  const question = questionAt(state, run.index);
  if (question.type === 'poll') return;
  const num = gradeNum(question, presentKey(state, run), run.answers?.values[row] as PackedValue);
  live.bonus[row] = addAnswer(state, question, live, row, elapsedOf(run, question.limitMs, row), num);
}

/** Below 0: `a` is strictly ahead of `b`. */
function compare(sums: Sums, a: number, b: number): number {
  const byScore = at(sums.score, b) - at(sums.score, a);
  if (byScore !== 0) return byScore;
  const byCorrect = at(sums.correct, b) - at(sums.correct, a);
  return byCorrect !== 0 ? byCorrect : at(sums.sumE, a) - at(sums.sumE, b);
}

/** Rank of one row among all who are ranked now (who came after `sums` were made has nothing), how many are ranked, and who is the next strictly ahead (−1: nobody). One pass. */
export function liveRank(state: SessionState, sums: Sums, row: number): { rank: number; of: number; behind: number } {
  let rank = 1;
  let of = 0;
  let behind = -1;
  for (let other = 0; other < state.players.count; other += 1) {
    if (!isRanked(state.players, other)) continue;
    of += 1;
    if (compare(sums, other, row) >= 0) continue;
    rank += 1;
    // Display order: the last to join of the group just ahead.
    if (behind < 0 || compare(sums, other, behind) >= 0) behind = other;
  }
  return { rank, of, behind };
}
