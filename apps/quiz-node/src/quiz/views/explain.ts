/** How one answer came to its points, so that a host can check it by hand. */
import type { AnswerValue } from '../definition.js';
import { verdictOf } from '../outputs/results.js';
import type { Outcome } from '../outputs/results.js';
import { accuracyBonus, frozenUpTo, POLICIES } from '../scoring.js';
import { getAnswer, hasAnswer } from '../state/answers.js';
import type { Answers } from '../state/answers.js';
import { scoredCount, speedPoints } from '../state/grading.js';
import { unpackValue } from '../state/packed-value.js';
import { rowOf } from '../state/players.js';
import { closesAtAsOf, intervalsOf } from '../state/question-run.js';
import type { QuestionRun } from '../state/question-run.js';
import { deckOf, indexOfQid, questionAt, settingsOf } from '../state/state.js';
import type { SessionState } from '../state/state.js';

export interface ExplainedPoints {
  readonly outcome: Outcome;
  readonly fraction: readonly [number, number];
  /** Points for speed before the fraction, after it, bonus of the streak, and all. */
  readonly speed: number;
  readonly scored: number;
  readonly streak: number;
  readonly total: number;
}
export interface ExplainedAnswer {
  readonly answerId: string;
  readonly value: AnswerValue;
  readonly receivedAt: number;
  readonly opensAt: number;
  /** As it stood when the answer arrived. */
  readonly closesAt: number;
  readonly frozenMs: number;
  readonly creditMs: number;
  readonly elapsedMs: number;
  readonly inGrace: boolean;
  readonly journal: { readonly epoch: number; readonly n: number };
}
export interface Explanation {
  readonly playerId: string;
  readonly qid: string;
  readonly policy: string;
  readonly formula: string;
  readonly elapsed: string;
  readonly rounding: string;
  readonly inputs: { readonly P: number; readonly L: number; readonly B?: number; readonly N?: number };
  /** Absent without an answer. */
  readonly answer?: ExplainedAnswer;
  /** Absent before the reveal. */
  readonly points?: ExplainedPoints;
}

const ELAPSED = 'e = clamp(receivedAt − opensAt − frozen − credit, 0, L); L if received after closesAt';
const ROUNDING = 'points = (speed·num + den div 2) div den';

function explainAnswer(state: SessionState, run: QuestionRun, row: number): ExplainedAnswer {
  const question = questionAt(state, run.index);
  const { answerId, value, recvAt, creditMs, epoch, n } = getAnswer(run.answers as Answers, row);
  const closesAt = closesAtAsOf(run, question.limitMs, recvAt);
  return {
    answerId,
    value: unpackValue(question, value),
    receivedAt: recvAt,
    opensAt: run.opensAt,
    closesAt,
    frozenMs: frozenUpTo(intervalsOf(run), recvAt),
    creditMs,
    elapsedMs: verdictOf(state, run, row).elapsedMs ?? 0,
    inGrace: recvAt > closesAt,
    journal: { epoch, n },
  };
}

function explainPoints(state: SessionState, run: QuestionRun, row: number): ExplainedPoints {
  const { outcome, num, den, elapsedMs, speed, streak } = verdictOf(state, run, row);
  const before = elapsedMs === null || outcome === 'unscored' ? 0 : speedPoints(state, questionAt(state, run.index), elapsedMs);
  return { outcome, fraction: [num, den], speed: before, scored: speed, streak, total: speed + streak };
}

/** Null: no such player, or a question that was never shown. */
export function explain(state: SessionState, playerId: string, qid: string): Explanation | null {
  const row = rowOf(state.players, playerId);
  const run = state.runs[indexOfQid(state, qid)];
  if (row < 0 || run === undefined) return null;
  const { points: P, limitMs: L } = questionAt(state, run.index);
  const { scoring } = settingsOf(state);
  const N = scoredCount(deckOf(state).questions);
  return {
    playerId,
    qid,
    policy: scoring,
    formula: POLICIES[scoring].formula,
    elapsed: ELAPSED,
    rounding: ROUNDING,
    inputs: { P, L, ...(scoring === 'accuracyFirst@1' && { B: accuracyBonus(P, N), N }) },
    ...(hasAnswer(run.answers, row) && { answer: explainAnswer(state, run, row) }),
    ...(run.revealed && { points: explainPoints(state, run, row) }),
  };
}
