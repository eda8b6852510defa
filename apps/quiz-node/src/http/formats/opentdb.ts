/** The JSON of the Open Trivia Database: `{response_code, results:[{type, question, correct_answer, incorrect_answers}]}`. */
import { createHash } from 'node:crypto';
import { decodeHTMLStrict } from 'entities';
import { type ImportedFile, type ImportedRow, isRecord, parseJson, tidy, UnreadableFileError } from './imported-row.js';

/** @throws UnreadableFileError */
export function readOpenTdb(text: string): ImportedFile {
  const file = parseJson(text);
  if (!isRecord(file) || !Array.isArray(file['results'])) throw new UnreadableFileError('expected an object with a list named results');
  const results = file['results'] as unknown[];
  const categories = new Set(results.flatMap((result) => (isRecord(result) && typeof result['category'] === 'string' ? [decodeHTMLStrict(result['category'])] : [])));
  const [category] = categories;
  return {
    ...(categories.size === 1 && category ? { title: category } : {}),
    rows: results.map((result, index) => readResult(result, index + 1)),
    notes: [],
  };
}

function readResult(result: unknown, line: number): ImportedRow {
  if (!isRecord(result)) return { line, refused: 'a result is an object' };
  const { question, type } = result;
  const correct = result['correct_answer'];
  const incorrect = result['incorrect_answers'];
  if (typeof question !== 'string') return { line, refused: 'question is missing' };
  if (typeof correct !== 'string') return { line, refused: 'correct_answer is missing' };
  const fixes: string[] = [];
  const clean = (value: string, what: string) => tidy(decoded(value, what, fixes), what, fixes);
  const text = clean(question, 'question');
  if (type === 'boolean') {
    const key = correct.trim().toLowerCase();
    if (key !== 'true' && key !== 'false') return { line, refused: `correct_answer of a boolean question is ${JSON.stringify(correct)}` };
    return { line, question: { type: 'trueFalse', text, key: key === 'true' }, fixes };
  }
  if (type !== 'multiple') return { line, refused: `type ${JSON.stringify(type)} is not known: it is multiple or boolean` };
  if (!Array.isArray(incorrect) || !incorrect.every((answer) => typeof answer === 'string')) return { line, refused: 'incorrect_answers is no list of texts' };
  const right = clean(correct, 'correct_answer');
  const wrong: string[] = [];
  for (const answer of incorrect.map((each) => clean(each, 'incorrect answer'))) {
    if (answer === right || wrong.includes(answer)) fixes.push(`answer "${answer}" stood there twice`);
    else wrong.push(answer);
  }
  return { line, question: withOptions(text, right, wrong), fixes };
}

/** The right answer goes to a place that depends on the text alone: not always first, and the same at every import. */
function withOptions(text: string, right: string, wrong: readonly string[]): Record<string, unknown> {
  const place = (createHash('sha256').update(text).digest()[0] ?? 0) % (wrong.length + 1);
  const texts = [...wrong.slice(0, place), right, ...wrong.slice(place)];
  const options = texts.map((option, index) => ({ id: String.fromCharCode(97 + index), text: option }));
  return { type: 'single', text, options, key: options[place]?.id };
}

function decoded(text: string, what: string, fixes: string[]): string {
  const plain = decodeHTMLStrict(text);
  if (plain !== text) fixes.push(`${what}: HTML entities decoded`);
  return plain;
}
