/**
 * Questions as a table: `question, type, option1 … option8, correct, points, limitSeconds, explanation, media`.
 * `correct` names options by letter, number or text, several separated by `;`; true or false; accepted texts separated by
 * `|`; a number, with a tolerance as `12.5 ± 0.5`.
 */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { QuestionOption } from '../../quiz/definition.js';
import type { NormalisedQuestion } from '../../quiz/deck/question.js';
import { type ImportedFile, type ImportedRow, tidy, UnreadableFileError } from './imported-row.js';

const optionColumns = Array.from({ length: 8 }, (_, index) => `option${index + 1}`);
export const csvColumns = ['question', 'type', ...optionColumns, 'correct', 'points', 'limitSeconds', 'explanation', 'media'] as const;
const columnByLower = new Map(csvColumns.map((name) => [name.toLowerCase(), name]));

type Cells = Readonly<Record<string, string>>;

/** @throws UnreadableFileError */
export function readCsvQuiz(text: string): ImportedFile {
  let notes: string[] = [];
  let parsed: { info: { lines: number }; record: Cells }[];
  try {
    parsed = parse(text, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      delimiter: delimiterOf(text),
      columns: (header: string[]) => {
        notes = header.filter((name) => name.trim() !== '' && !columnByLower.has(name.trim().toLowerCase())).map((name) => `column "${name}" is not known and was left out`);
        return header.map((name) => columnByLower.get(name.trim().toLowerCase()) ?? false);
      },
    }) as unknown as typeof parsed;
  } catch (error) {
    throw new UnreadableFileError(`not CSV: ${(error as Error).message}`, { cause: error });
  }
  const first = parsed[0]?.record;
  if (first && !('question' in first)) throw new UnreadableFileError(`the first line names the columns, and one of them is "question" (known: ${csvColumns.join(', ')})`);
  return { rows: parsed.map(({ info, record }) => readRow(record, info.lines - lineBreaks(record))), notes };
}

/** A record is counted at its last line; people look for its first. */
function lineBreaks(cells: Cells): number {
  return Object.values(cells).reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
}

/** Spreadsheets of many countries write semicolons or tabs. */
function delimiterOf(text: string): string {
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function readRow(cells: Cells, line: number): ImportedRow {
  const fixes: string[] = [];
  const cell = (name: string) => tidy(unescaped(cells[name] ?? ''), name, fixes);
  const options = optionColumns.map(cell);
  while (options.at(-1) === '') options.pop();
  if (options.includes('')) return { line, refused: `option${options.indexOf('') + 1} is empty, but a later one is not` };
  const correct = cell('correct');
  const type = cell('type') || (options.length > 0 ? (correct.includes(';') ? 'multiple' : 'single') : 'text');
  const question: Record<string, unknown> = { type, text: cell('question') };
  if (options.length > 0) question['options'] = options.map((option, index) => ({ id: letter(index), text: option }));
  const key = readKey(type, correct, options);
  if (key instanceof Error) return { line, refused: key.message };
  if (key !== undefined) question['key'] = key;
  for (const [column, field, factor] of [['points', 'points', 1], ['limitSeconds', 'limitMs', 1000]] as const) {
    const given = cell(column);
    if (given === '') continue;
    const number = Number(given);
    if (!Number.isFinite(number)) return { line, refused: `${column} "${given}" is no number` };
    question[field] = Math.round(number * factor);
  }
  for (const name of ['explanation', 'media']) if (cell(name) !== '') question[name] = cell(name);
  return { line, question, fixes: [...new Set(fixes)] };
}

const letter = (index: number): string => String.fromCharCode(97 + index);

function readKey(type: string, correct: string, options: readonly string[]): unknown {
  if (type === 'poll') return correct === '' ? undefined : new Error('a poll has no correct answer');
  if (correct === '') return new Error('correct is empty');
  switch (type) {
    case 'single':
      return optionId(correct, options);
    case 'multiple':
    case 'ordering': {
      const ids = correct.split(';').map((each) => optionId(each.trim(), options));
      return ids.find((id) => id instanceof Error) ?? ids;
    }
    case 'trueFalse': {
      const word = correct.toLowerCase();
      if (['true', 't', 'yes', '1'].includes(word)) return true;
      return ['false', 'f', 'no', '0'].includes(word) ? false : new Error(`correct "${correct}" is neither true nor false`);
    }
    case 'numeric': {
      const parts = correct.split(/±|\+-/).map((part) => part.trim());
      if (parts.some((part) => /^-?\d{1,3}(,\d{3})+$/.test(part))) return new Error(`correct "${correct}" may be thousands or a fraction: write it without a comma`);
      const [value, tolerance = '0'] = parts.map((part) => part.replace(',', '.'));
      const key = { value: Number(value || NaN), tolerance: Number(tolerance || NaN) };
      return Number.isFinite(key.value) && Number.isFinite(key.tolerance) ? key : new Error(`correct "${correct}" is no number`);
    }
    default:
      return correct.split('|').map((each) => each.trim());
  }
}

function optionId(text: string, options: readonly string[]): string | Error {
  const byText = options.indexOf(text);
  if (byText >= 0) return letter(byText);
  const index = /^[a-h]$/i.test(text) ? text.toLowerCase().charCodeAt(0) - 97 : /^[1-8]$/.test(text) ? Number(text) - 1 : -1;
  return index >= 0 && index < options.length ? letter(index) : new Error(`correct "${text}" is none of the options`);
}

/** An apostrophe that protects a cell from being taken for a formula is not part of the text. */
const unescaped = (cell: string): string => (/^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell);

/** A quiz as a table that `readCsvQuiz` reads again. What a table cannot hold (ids, partial credit) is left out. */
export function writeCsvQuiz(questions: readonly NormalisedQuestion[]): string {
  const rows = questions.map((question) => {
    const options = question.options ?? [];
    return [
      question.text,
      question.type,
      ...optionColumns.map((_, index) => options[index]?.text ?? ''),
      writeKey(question.key, options),
      question.points,
      question.limitMs / 1000,
      question.explanation ?? '',
      question.media ?? '',
    ];
  });
  return stringify([[...csvColumns], ...rows], { escape_formulas: true });
}

function writeKey(key: unknown, options: readonly QuestionOption[]): string {
  const name = (id: unknown): string => optionName(options, options.findIndex((option) => option.id === id));
  if (key === undefined || key === null) return '';
  if (typeof key === 'boolean' || typeof key === 'number') return String(key);
  if (typeof key === 'string') return name(key);
  if (Array.isArray(key)) return options.length > 0 ? key.map(name).join(';') : key.join('|');
  const { accept, value, tolerance } = key as { accept?: readonly string[]; value?: number; tolerance?: number };
  return accept ? accept.join('|') : tolerance ? `${value} ± ${tolerance}` : String(value);
}

/** By letter, unless an option's text is such a letter: a text goes before a letter when it is read. */
function optionName(options: readonly QuestionOption[], place: number): string {
  const ambiguous = options.some(({ text }) => /^[a-h]$/i.test(text.trim()));
  return ambiguous ? (options[place]?.text ?? '') : letter(place);
}
