/** The answers to one question as JSON: only rows that have one. What came of them is not in it, it follows from them. */
import { noAnswers } from '../state/answers.js';
import type { Answers } from '../state/answers.js';
import type { PackedValue } from '../state/packed-value.js';
import { packInts, unpackInts } from './bytes.js';

export interface AnswersJson {
  readonly size: number;
  readonly baseAt: number;
  readonly firstN: number;
  readonly epochs: readonly number[];
  readonly rows: string;
  readonly ids: readonly string[];
  readonly values: readonly PackedValue[];
  readonly recv: string;
  readonly credit: string;
  readonly n: string;
}

export function answersToJson(answers: Answers): AnswersJson {
  const rows: number[] = [];
  for (let row = 0; row < answers.ids.length; row += 1) if (answers.ids[row] !== undefined) rows.push(row);
  const column = (of: ArrayLike<number>): string => packInts(rows.map((row) => of[row] as number));
  return {
    size: answers.ids.length,
    baseAt: answers.baseAt,
    firstN: answers.firstN,
    epochs: answers.epochs,
    rows: packInts(rows),
    ids: rows.map((row) => answers.ids[row] as string),
    values: rows.map((row) => answers.values[row] as PackedValue),
    recv: column(answers.recv),
    credit: column(answers.credit),
    n: column(answers.n),
  };
}

export function answersFromJson(json: AnswersJson): Answers {
  const answers = noAnswers(json.size, json.baseAt, json.firstN);
  answers.epochs.push(...json.epochs);
  const recv = unpackInts(json.recv);
  const credit = unpackInts(json.credit);
  const n = unpackInts(json.n);
  unpackInts(json.rows).forEach((row, i) => {
    answers.ids[row] = json.ids[i] as string;
    answers.values[row] = json.values[i] as PackedValue;
    answers.recv[row] = recv[i] as number;
    answers.credit[row] = credit[i] as number;
    answers.n[row] = n[i] as number;
  });
  return answers;
}
