/** The accepted answers to one question, by player's row: what was sent, when it arrived, where in the journal it stands, and, from the reveal on, what came of it. */
import { ints } from './ints.js';
import type { Ints } from './ints.js';
import type { PackedValue } from './packed-value.js';

export interface Answers {
  /** Times are kept as differences from this one, journal numbers as differences from `firstN`. */
  readonly baseAt: number;
  readonly firstN: number;
  /** Pairs [n, epoch]: from record n on the owner's epoch was this. Hardly ever more than one. */
  epochs: readonly number[];
  /** Undefined where there is no answer. */
  readonly ids: (string | undefined)[];
  readonly values: (PackedValue | undefined)[];
  /** STRIDE numbers a row, in one column: a session of five has many questions. */
  readonly cells: Ints;
  /** Null until the reveal. STRIDE numbers a row; zero where there is no answer. */
  graded: Ints | null;
}

const STRIDE = 3;
const RECV = 0;
const CREDIT = 1;
const N = 2;
const E = 0;
const NUM = 1;
const BONUS = 2;

export interface AnswerFacts {
  readonly answerId: string;
  readonly value: PackedValue;
  readonly recvAt: number;
  readonly creditMs: number;
  readonly epoch: number;
  readonly n: number;
}

export function noAnswers(rows: number, baseAt: number, firstN: number): Answers {
  return {
    baseAt,
    firstN,
    epochs: [],
    ids: new Array<string | undefined>(rows).fill(undefined),
    values: new Array<PackedValue | undefined>(rows).fill(undefined),
    cells: ints(rows * STRIDE, 0, rows),
    graded: null,
  };
}

export function hasAnswer(answers: Answers | null, row: number): boolean {
  return answers !== null && row < answers.ids.length && answers.ids[row] !== undefined;
}

export function putAnswer(answers: Answers, row: number, facts: AnswerFacts): void {
  answers.ids[row] = facts.answerId;
  answers.values[row] = facts.value;
  const first = row * STRIDE;
  answers.cells[first + RECV] = facts.recvAt - answers.baseAt;
  answers.cells[first + CREDIT] = facts.creditMs;
  answers.cells[first + N] = facts.n - answers.firstN;
  if (answers.epochs.at(-1) !== facts.epoch) answers.epochs = answers.epochs.concat(facts.n, facts.epoch);
}

export function recvAtOf(answers: Answers, row: number): number {
  return answers.baseAt + (answers.cells[row * STRIDE + RECV] as number);
}
export function creditOf(answers: Answers, row: number): number {
  return answers.cells[row * STRIDE + CREDIT] as number;
}

/** What was stored for a row that has an answer. */
export function getAnswer(answers: Answers, row: number): AnswerFacts {
  const n = answers.firstN + (answers.cells[row * STRIDE + N] as number);
  let epoch = answers.epochs[1] as number;
  for (let i = 2; i < answers.epochs.length && (answers.epochs[i] as number) <= n; i += 2) epoch = answers.epochs[i + 1] as number;
  return { answerId: answers.ids[row] as string, value: answers.values[row] as PackedValue, recvAt: recvAtOf(answers, row), creditMs: creditOf(answers, row), epoch, n };
}

/** What came of an answer: elapsed ms, numerator of the fraction that is right, bonus of the streak. */
export interface Grade {
  readonly e: number;
  readonly num: number;
  readonly bonus: number;
}

export function noGrades(answers: Answers): Ints {
  return ints(answers.ids.length * STRIDE, 0, answers.ids.length);
}

export function putGrade(graded: Ints, row: number, e: number, num: number, bonus: number): void {
  graded[row * STRIDE + E] = e;
  graded[row * STRIDE + NUM] = num;
  graded[row * STRIDE + BONUS] = bonus;
}

export function gradeOf(graded: Ints, row: number): Grade {
  return { e: graded[row * STRIDE + E] as number, num: graded[row * STRIDE + NUM] as number, bonus: graded[row * STRIDE + BONUS] as number };
}
