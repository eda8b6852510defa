/** Any known file to one quiz, with a report by row: what was accepted, what was mended and how, what was refused and why. */
import { normaliseQuiz } from '../../quiz/deck/normalise.js';
import { readCsvQuiz } from './csv-quiz.js';
import { UnreadableFileError, type ImportedFile } from './imported-row.js';
import { readJsonQuiz } from './json-quiz.js';
import { readOpenTdb } from './opentdb.js';

export const importFormats = ['json', 'csv', 'opentdb'] as const;
export type ImportFormat = (typeof importFormats)[number];

export interface RowReport {
  readonly line: number;
  readonly outcome: 'accepted' | 'fixed' | 'refused';
  readonly fixes?: readonly string[];
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

export interface ImportReport {
  readonly title: string;
  readonly accepted: number;
  readonly fixed: number;
  readonly refused: number;
  readonly notes: readonly string[];
  readonly rows: readonly RowReport[];
  /** The quiz made of what was not refused, ready to be stored; undefined when nothing was accepted. */
  readonly quiz: unknown;
}

const readers: Readonly<Record<ImportFormat, (text: string) => ImportedFile>> = { json: readJsonQuiz, csv: readCsvQuiz, opentdb: readOpenTdb };
const questionsMax = 200;
/** Each row is judged and reported. */
const rowsMax = 10_000;

/** @throws UnreadableFileError when the file as a whole is not of that format. */
export function importQuiz(format: ImportFormat, text: string, titleGiven?: string): ImportReport {
  const file = readers[format](text);
  if (file.rows.length > rowsMax) throw new UnreadableFileError(`it has ${file.rows.length} rows; ${rowsMax} are taken at once`);
  const title = titleGiven ?? (file.title?.trim() ? file.title : 'Imported quiz');
  const rows: RowReport[] = [];
  const questions: unknown[] = [];
  const ids = new Set<unknown>();
  for (const row of file.rows) {
    if ('refused' in row) {
      rows.push({ line: row.line, outcome: 'refused', errors: [{ pointer: '', detail: row.refused }] });
      continue;
    }
    const errors = rowErrors(row.question, file.defaults, ids, questions.length);
    if (errors.length > 0) {
      rows.push({ line: row.line, outcome: 'refused', errors });
      continue;
    }
    const { question, fixes } = withFreeId(row.question, row.fixes, ids, questions.length);
    questions.push(question);
    ids.add(question['id'] ?? defaultId(questions.length));
    rows.push(fixes.length > 0 ? { line: row.line, outcome: 'fixed', fixes } : { line: row.line, outcome: 'accepted' });
  }
  const count = (outcome: RowReport['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  const quiz = questions.length > 0 ? { title, ...(file.defaults === undefined ? {} : { defaults: file.defaults }), questions } : undefined;
  return { title, accepted: count('accepted'), fixed: count('fixed'), refused: count('refused'), notes: file.notes, rows, quiz };
}

type Question = Readonly<Record<string, unknown>>;

const defaultId = (number: number): string => `q${number}`;

/** A question without an id gets one by its place; if another one has that already, the next that is free. */
function withFreeId(question: Question, fixes: readonly string[], ids: ReadonlySet<unknown>, before: number): { readonly question: Question; readonly fixes: readonly string[] } {
  if (question['id'] !== undefined || !ids.has(defaultId(before + 1))) return { question, fixes };
  let number = before + 2;
  while (ids.has(defaultId(number))) number += 1;
  const id = defaultId(number);
  return { question: { id, ...question }, fixes: [...fixes, `id: ${id}, as ${defaultId(before + 1)} is another question's`] };
}

function rowErrors(question: Question, defaults: unknown, ids: ReadonlySet<unknown>, taken: number): { pointer: string; detail: string }[] {
  if (taken >= questionsMax) return [{ pointer: '', detail: `a quiz has at most ${questionsMax} questions` }];
  if (question['id'] !== undefined && ids.has(question['id'])) return [{ pointer: '/id', detail: 'another question has this id' }];
  const alone = normaliseQuiz({ title: 'x', ...(defaults === undefined ? {} : { defaults }), questions: [question] });
  return alone.ok ? [] : alone.errors.map((error) => ({ pointer: error.pointer.replace(/^\/questions\/0/, ''), detail: error.detail }));
}
