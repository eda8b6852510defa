/** What a player is told of himself: the `d` of `me.result`. */
import { creditOf, gradeOf, hasAnswer } from '../state/answers.js';
import { answerPoints, denominator, gradeNum } from '../state/grading.js';
import { at } from '../state/ints.js';
import { liveRank } from '../state/live-scores.js';
import type { LiveScores } from '../state/live-scores.js';
import type { PackedValue } from '../state/packed-value.js';
import { elapsedOf, isEligible } from '../state/question-run.js';
import type { QuestionRun } from '../state/question-run.js';
import type { Revision } from '../state/standing.js';
import { presentKey, questionAt } from '../state/state.js';
import type { SessionState } from '../state/state.js';

export type Outcome = 'correct' | 'partial' | 'wrong' | 'unanswered' | 'missed' | 'unscored';

export interface ResultView {
  readonly qid: string;
  readonly revision: number;
  readonly outcome: Outcome;
  readonly fraction: readonly [number, number];
  readonly elapsedMs: number | null;
  readonly creditMs: number;
  readonly points: { readonly speed: number; readonly streak: number; readonly total: number };
  readonly score: number;
  readonly rank: number;
  readonly prevRank: number | null;
  readonly of: number;
  readonly behind?: { readonly points: number; readonly nickname: string };
}

export interface Verdict {
  readonly outcome: Outcome;
  readonly num: number;
  readonly den: number;
  readonly elapsedMs: number | null;
  readonly creditMs: number;
  readonly speed: number;
  readonly streak: number;
}

/** What one question brought one player, by the keys and voids of now. `streak`: its bonus. */
export function verdictOf(state: SessionState, run: QuestionRun, row: number, live: LiveScores | null = null): Verdict {
  const question = questionAt(state, run.index);
  const den = denominator(question);
  const { answers } = run;
  if (answers === null || !hasAnswer(answers, row)) {
    const outcome = run.voided ? 'unscored' : isEligible(run, state.players, row) ? 'unanswered' : 'missed';
    return { outcome, num: 0, den, elapsedMs: null, creditMs: 0, speed: 0, streak: 0 };
  }
  const grade = answers.graded === null ? null : gradeOf(answers.graded, row);
  const elapsedMs = grade === null ? elapsedOf(run, question.limitMs, row) : grade.e;
  const creditMs = creditOf(answers, row);
  if (run.voided || question.type === 'poll') return { outcome: 'unscored', num: 0, den, elapsedMs, creditMs, speed: 0, streak: 0 };
  const num = grade === null ? gradeNum(question, presentKey(state, run), answers.values[row] as PackedValue) : grade.num;
  return {
    outcome: num === den ? 'correct' : num > 0 ? 'partial' : 'wrong',
    num,
    den,
    elapsedMs,
    creditMs,
    speed: answerPoints(state, question, elapsedMs, num),
    streak: grade === null ? at(live?.bonus ?? [], row) : grade.bonus,
  };
}

interface Place {
  readonly revision: number;
  readonly score: number;
  readonly rank: number;
  readonly prevRank: number;
  readonly of: number;
  readonly behind: number;
  readonly behindScore: number;
}

function view(state: SessionState, run: QuestionRun, verdict: Verdict, place: Place): ResultView {
  const { outcome, num, den, elapsedMs, creditMs, speed, streak } = verdict;
  return {
    qid: questionAt(state, run.index).qid,
    revision: place.revision,
    outcome,
    fraction: [num, den],
    elapsedMs,
    creditMs,
    points: { speed, streak, total: speed + streak },
    score: place.score,
    rank: place.rank,
    prevRank: place.prevRank === 0 ? null : place.prevRank,
    of: place.of,
    ...(place.behind >= 0 && { behind: { points: place.behindScore - place.score, nickname: state.players.names[place.behind] as string } }),
  };
}

/** The result of a ranked row at the last revision, about the question that the revision was about. */
export function resultView(state: SessionState, row: number): ResultView {
  const run = state.runs[state.resultOf] as QuestionRun;
  const revision = state.revisions.length;
  const { score, rank, of } = state.revisions[revision - 1] as Revision;
  const before = state.revisions[revision - 2];
  const behind = at(state.totals?.behind ?? [], row);
  return view(state, run, verdictOf(state, run, row), {
    revision, of, behind, score: at(score, row), rank: at(rank, row), prevRank: before === undefined ? 0 : at(before.rank, row), behindScore: behind < 0 ? 0 : at(score, behind),
  });
}

/** Immediate mode: as if the question ended now. */
export function liveResultView(state: SessionState, run: QuestionRun, live: LiveScores, row: number): ResultView {
  const { rank, of, behind } = liveRank(state, live, row);
  const last = state.revisions.at(-1);
  return view(state, run, verdictOf(state, run, row, live), {
    revision: state.revisions.length, rank, of, behind, score: at(live.score, row), prevRank: last === undefined ? 0 : at(last.rank, row),
    behindScore: behind < 0 ? 0 : at(live.score, behind),
  });
}
