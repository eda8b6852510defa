/** A report as a table: one line a player, ranked; for each question the points and the answer. Nothing in it is taken for a formula by a spreadsheet. */
import { stringify } from 'csv-stringify/sync';
import type { ReportAnswer, ReportHead, ReportPlayer } from '../../quiz/views/report.js';

const personColumns = ['rank', 'nickname', 'score', 'correct', 'answered', 'correctMs', 'playerId'] as const;

export interface CsvRows {
  readonly header: string;
  readonly rowOf: (player: ReportPlayer) => string;
}

/** @param answers by question, in the quiz's order; questions that were not shown may be missing at the end. */
export function csvRows({ questions }: Pick<ReportHead, 'questions'>, answers: readonly (readonly ReportAnswer[])[]): CsvRows {
  const byQuestion = questions.map((_question, index) => new Map((answers[index] ?? []).map((answer) => [answer.playerId, answer])));
  return {
    header: line([...personColumns, ...questions.flatMap(({ n, text }) => [`${n} points`, `${n}: ${text}`])]),
    rowOf: ({ rank, nickname, score, correct, answered, sumE, playerId }) =>
      line([rank, nickname, score, correct, answered, sumE, playerId, ...byQuestion.flatMap((given) => cells(given.get(playerId)))]),
  };
}

const line = (row: readonly (string | number)[]): string => stringify([[...row]], { escape_formulas: true });

function cells(answer: ReportAnswer | undefined): (string | number)[] {
  if (answer === undefined) return ['', ''];
  const { value, points } = answer;
  return [points ?? '', Array.isArray(value) ? value.join(' ') : String(value)];
}
