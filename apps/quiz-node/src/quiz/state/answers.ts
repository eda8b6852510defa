/** The accepted answers to one question, by player's row: what was sent, when it arrived, where in the journal it stands, and, from the reveal on, what came of it. */
import { bytes, ints } from './ints.js';
import type { Bytes, Ints } from './ints.js';
import type { PackedValue } from './packed-value.js';

export interface Answers {
  /** Times are kept as differences from this one, journal numbers as differences from `firstN`. */
  readonly baseAt: number;
  readonly firstN: number;
  /** Pairs [n, epoch]: from record n on the owner's epoch was this. Hardly ever more than one. */
  readonly epochs: number[];
  /** Undefined where there is no answer. */
  readonly ids: (string | undefined)[];
  readonly values: (PackedValue | undefined)[];
  readonly recv: Ints;
  readonly credit: Bytes;
  readonly n: Ints;
  graded: Graded | null;
}

/** Per row; zero where there is no answer. */
export interface Graded {
  /** ms. */
  readonly e: Ints;
  /** Numerator of the fraction that is right. */
  readonly num: Bytes;
  /** Streak bonus; null in sessions without. */
  readonly bonus: Ints | null;
}

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
    recv: ints(rows),
    credit: bytes(rows),
    n: ints(rows),
    graded: null,
  };
}

export function hasAnswer(answers: Answers | null, row: number): boolean {
  return answers !== null && row < answers.ids.length && answers.ids[row] !== undefined;
}

export function putAnswer(answers: Answers, row: number, facts: AnswerFacts): void {
  answers.ids[row] = facts.answerId;
  answers.values[row] = facts.value;
  answers.recv[row] = facts.recvAt - answers.baseAt;
  answers.credit[row] = facts.creditMs;
  answers.n[row] = facts.n - answers.firstN;
  if (answers.epochs.at(-1) !== facts.epoch) answers.epochs.push(facts.n, facts.epoch);
}

/** What was stored for a row that has an answer. */
export function getAnswer(answers: Answers, row: number): AnswerFacts {
  const n = answers.firstN + (answers.n[row] as number);
  let epoch = answers.epochs[1] as number;
  for (let i = 2; i < answers.epochs.length && (answers.epochs[i] as number) <= n; i += 2) epoch = answers.epochs[i + 1] as number;
  return {
    answerId: answers.ids[row] as string,
    value: answers.values[row] as PackedValue,
    recvAt: answers.baseAt + (answers.recv[row] as number),
    creditMs: answers.credit[row] as number,
    epoch,
    n,
  };
}

export function recvAtOf(answers: Answers, row: number): number {
  return answers.baseAt + (answers.recv[row] as number);
}
