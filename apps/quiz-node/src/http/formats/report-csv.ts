/** A report as a table: one line a player, ranked; for each question the points and the answer. Nothing in it is taken for a formula by a spreadsheet. */
import { stringify } from 'csv-stringify/sync';
import type { Report, ReportAnswer } from '../../quiz/views/report.js';

const personColumns = ['rank', 'nickname', 'score', 'correct', 'answered', 'correctMs', 'playerId'] as const;

export function reportCsv({ players, questions, answers }: Report): string {
  const given = new Map(answers.map((answer) => [`${answer.playerId} ${answer.qid}`, answer]));
  const header = [...personColumns, ...questions.flatMap(({ n, text }) => [`${n} points`, `${n}: ${text}`])];
  const rows = players.map(({ rank, nickname, score, correct, answered, sumE, playerId }) => [
    rank, nickname, score, correct, answered, sumE, playerId,
    ...questions.flatMap(({ qid }) => cells(given.get(`${playerId} ${qid}`))),
  ]);
  return stringify([header, ...rows], { escape_formulas: true });
}

function cells(answer: ReportAnswer | undefined): (string | number)[] {
  if (answer === undefined) return ['', ''];
  const { value, points } = answer;
  return [points ?? '', Array.isArray(value) ? value.join(' ') : String(value)];
}
