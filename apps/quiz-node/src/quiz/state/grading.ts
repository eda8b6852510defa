/** From an answer to points: one question for all rows, with the streak that it meets. */
import { correctness } from '../answer-value.js';
import type { KeyValue, PublicQuestion } from '../definition.js';
import { accuracyBonus, partialPoints, POLICIES, streakBonus } from '../scoring.js';
import { hasAnswer, noGrades, putGrade } from './answers.js';
import type { Ints } from './ints.js';
import { unpackValue } from './packed-value.js';
import type { PackedValue } from './packed-value.js';
import { elapsedOf } from './question-run.js';
import type { QuestionRun } from './question-run.js';
import { deckOf, presentKey, questionAt, settingsOf } from './state.js';
import type { SessionState } from './state.js';

/** Denominator of a question's fractions; it depends on the question alone. */
export function denominator(question: PublicQuestion): number {
  const parts = (question.type === 'multiple' && question.partial === 'hamming') || (question.type === 'ordering' && question.partial === 'inPlace');
  return parts ? (question.options?.length ?? 1) : 1;
}

/** Questions that are no poll: the N of accuracyFirst@1. */
export function scoredCount(questions: readonly PublicQuestion[]): number {
  return questions.reduce((count, question) => (question.type === 'poll' ? count : count + 1), 0);
}

/** Points for speed at `e`, before the fraction. */
export function speedPoints(state: SessionState, question: PublicQuestion, e: number): number {
  const { scoring } = settingsOf(state);
  const bonus = scoring === 'accuracyFirst@1' ? accuracyBonus(question.points, scoredCount(deckOf(state).questions)) : 0;
  return POLICIES[scoring].speed(e, question.points, question.limitMs, bonus);
}

/** Points for an answer of which num parts are right, without the streak. */
export function answerPoints(state: SessionState, question: PublicQuestion, e: number, num: number): number {
  return num === 0 || question.points === 0 ? 0 : partialPoints(speedPoints(state, question, e), num, denominator(question));
}

/** num of the fraction by the key that counts now. */
export function gradeNum(question: PublicQuestion, key: KeyValue, packed: PackedValue): number {
  return correctness(question, key, unpackValue(question, packed)).num;
}

/** Sums by row, before and after a question. */
export interface Sums {
  readonly score: Ints;
  readonly correct: Ints;
  readonly sumE: Ints;
  readonly streak: Ints;
}

function add(column: Ints, row: number, amount: number): void {
  column[row] = (column[row] as number) + amount;
}

/** Adds one answer to the sums of its row and returns the streak's bonus. */
export function addAnswer(state: SessionState, question: PublicQuestion, sums: Sums, row: number, e: number, num: number): number {
  add(sums.score, row, answerPoints(state, question, e, num));
  if (num !== denominator(question)) {
    sums.streak[row] = 0;
    return 0;
  }
  add(sums.streak, row, 1);
  add(sums.correct, row, 1);
  add(sums.sumE, row, e);
  if (!settingsOf(state).streak) return 0;
  const bonus = streakBonus(sums.streak[row] as number, question.points);
  add(sums.score, row, bonus);
  return bonus;
}

/** Adds a question to the sums, unless it is a poll or void, and keeps with each answer what came of it. */
export function gradeQuestion(state: SessionState, run: QuestionRun, sums: Sums): void {
  const question = questionAt(state, run.index);
  const key = presentKey(state, run);
  const scored = question.type !== 'poll' && !run.voided;
  const { answers } = run;
  const graded = answers === null ? null : noGrades(answers);
  for (let row = 0; row < sums.score.length; row += 1) {
    if (answers === null || graded === null || !hasAnswer(answers, row)) {
      if (scored) sums.streak[row] = 0;
      continue;
    }
    const e = elapsedOf(run, question.limitMs, row);
    const num = scored ? gradeNum(question, key, answers.values[row] as PackedValue) : 0;
    putGrade(graded, row, e, num, scored ? addAnswer(state, question, sums, row, e, num) : 0);
  }
  if (answers !== null) answers.graded = graded;
}
