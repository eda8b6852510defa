/** The answers to one question as JSON: only rows that have one. What came of them is not in it, it follows from them. */
import { getAnswer, noAnswers, putAnswer } from '../state/answers.js';
import type { AnswerFacts, Answers } from '../state/answers.js';
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
  const facts = rows.map((row) => getAnswer(answers, row));
  const column = (of: (each: AnswerFacts) => number): string => packInts(facts.map(of));
  return {
    size: answers.ids.length,
    baseAt: answers.baseAt,
    firstN: answers.firstN,
    epochs: answers.epochs,
    rows: packInts(rows),
    ids: rows.map((row) => answers.ids[row] as string),
    values: rows.map((row) => answers.values[row] as PackedValue),
    recv: column(({ recvAt }) => recvAt - answers.baseAt),
    credit: column(({ creditMs }) => creditMs),
    n: column(({ n }) => n - answers.firstN),
  };
}

export function answersFromJson(json: AnswersJson): Answers {
  const answers = noAnswers(json.size, json.baseAt, json.firstN);
  const recv = unpackInts(json.recv);
  const credit = unpackInts(json.credit);
  const n = unpackInts(json.n);
  unpackInts(json.rows).forEach((row, i) => {
    putAnswer(answers, row, {
      answerId: json.ids[i] as string, value: json.values[i] as PackedValue, recvAt: json.baseAt + (recv[i] as number), creditMs: credit[i] as number,
      epoch: 0, n: json.firstN + (n[i] as number),
    });
  });
  answers.epochs = json.epochs;
  return answers;
}
