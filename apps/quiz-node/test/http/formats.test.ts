/** Files that people bring: each with the report and the quiz that come of it, row by row, and the way back. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCsvQuiz, writeCsvQuiz } from '../../src/http/formats/csv-quiz.js';
import { importQuiz, type ImportFormat } from '../../src/http/formats/import-quiz.js';
import { UnreadableFileError } from '../../src/http/formats/imported-row.js';
import { csvRows } from '../../src/http/formats/report-csv.js';
import { normaliseQuiz } from '../../src/quiz/deck/normalise.js';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

describe('golden files', () => {
  test.each<[string, ImportFormat]>([
    ['mixed.csv', 'csv'],
    ['semicolons.csv', 'csv'],
    ['trivia.opentdb.json', 'opentdb'],
    ['own.quiz.json', 'json'],
  ])('%s', (name, format) => {
    const report = importQuiz(format, fixture(name));
    expect(report).toEqual(JSON.parse(fixture(`${name}.report.json`)));
    expect(normaliseQuiz(report.quiz)).toMatchObject({ ok: true });
    expect(report.accepted + report.fixed + report.refused).toBe(report.rows.length);
  });
});

describe('files that cannot be read at all', () => {
  test.each<[string, ImportFormat, string, RegExp]>([
    ['JSON that is none', 'json', '{', /not JSON/],
    ['JSON of another shape', 'json', '[]', /title and a list named questions/],
    ['an OpenTDB file without results', 'opentdb', '{"response_code":0}', /list named results/],
    ['a table without a question column', 'csv', 'a,b\n1,2\n', /one of them is "question"/],
    ['more rows than are judged', 'json', JSON.stringify({ questions: new Array(10_001).fill(1) }), /10000 are taken/],
    ['a table with an open quote', 'csv', 'question\n"oh', /not CSV/],
  ])('%s', (_name, format, text, message) => {
    expect(() => importQuiz(format, text)).toThrow(UnreadableFileError);
    expect(() => importQuiz(format, text)).toThrow(message);
  });

  test('an empty table has no rows', () => {
    expect(importQuiz('csv', 'question\n')).toMatchObject({ rows: [], quiz: undefined });
  });
});

test('a quiz takes 200 questions; what comes after is refused by name', () => {
  const results = Array.from({ length: 205 }, (_unused, index) => ({ type: 'boolean', question: `Question ${index}`, correct_answer: 'True', incorrect_answers: ['False'] }));
  const report = importQuiz('opentdb', JSON.stringify({ results }));
  expect(report).toMatchObject({ accepted: 200, refused: 5 });
  expect(report.rows[200]).toEqual({ line: 201, outcome: 'refused', errors: [{ pointer: '', detail: 'a quiz has at most 200 questions' }] });
});

test('the right answer of a trivia question is not always in the same place, and stays where it is at the next import', () => {
  const results = Array.from({ length: 40 }, (_unused, index) => ({ type: 'multiple', question: `Question ${index}`, correct_answer: 'right', incorrect_answers: ['x', 'y', 'z'] }));
  const keys = (): unknown[] => (importQuiz('opentdb', JSON.stringify({ results })).quiz as { questions: { key: unknown }[] }).questions.map(({ key }) => key);
  expect(new Set(keys())).toEqual(new Set(['a', 'b', 'c', 'd']));
  expect(keys()).toEqual(keys());
});

describe('a table that we write', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9=+@äß€-]{1,12}$/);
  const sentence = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
  const texts = (min: number) => fc.uniqueArray(sentence, { minLength: min, maxLength: 8 });
  const options = (list: readonly string[]): object[] => list.map((text) => ({ text }));
  const ids = (list: readonly string[]): string[] => list.map((_text, index) => String.fromCharCode(97 + index));
  const shared = { points: fc.constantFrom(0, 1000, 2000), limitMs: fc.integer({ min: 5, max: 240 }).map((seconds) => seconds * 1000), text: sentence };
  const question = fc.oneof(
    fc.record({ ...shared, type: fc.constant('single'), list: texts(2), pick: fc.nat(7) }).map(({ list, pick, ...rest }) => ({ ...rest, options: options(list), key: ids(list)[pick % list.length] })),
    fc.record({ ...shared, type: fc.constant('multiple'), list: texts(2), pick: fc.integer({ min: 1, max: 8 }) }).map(({ list, pick, ...rest }) => ({ ...rest, options: options(list), key: ids(list).slice(0, pick) })),
    fc.record({ ...shared, type: fc.constant('ordering'), list: texts(2) }).map(({ list, ...rest }) => ({ ...rest, options: options(list), key: ids(list).reverse() })),
    fc.record({ ...shared, type: fc.constant('poll'), list: texts(2) }).map(({ list, ...rest }) => ({ ...rest, options: options(list) })),
    fc.record({ ...shared, type: fc.constant('trueFalse'), key: fc.boolean() }),
    fc.record({ ...shared, type: fc.constant('numeric'), key: fc.record({ value: fc.integer({ min: -999, max: 999 }), tolerance: fc.constantFrom(0, 0.5, 2) }) }),
    fc.record({ ...shared, type: fc.constant('text'), key: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }) }),
  );

  test('is read again as the same quiz', () => {
    fc.assert(
      fc.property(fc.array(question, { minLength: 1, maxLength: 6 }), (questions) => {
        const written = normaliseQuiz({ title: 'Round trip', questions });
        if (!written.ok) throw new Error(JSON.stringify(written.errors));
        const report = importQuiz('csv', writeCsvQuiz(written.definition.questions), 'Round trip');
        const read = normaliseQuiz(report.quiz);
        expect(read.ok && read.deck.sha256).toBe(written.deck.sha256);
      }),
    );
  });

  test('has no cell that a spreadsheet would run', () => {
    const { definition } = normaliseQuiz({ title: 'x', questions: [{ type: 'text', text: '=HYPERLINK("x")', key: ['@me', '+1'] }] }) as unknown as { definition: { questions: never[] } };
    const csv = writeCsvQuiz(definition.questions);
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`);
    expect(csv).toContain("'@me|+1");
    const [row] = readCsvQuiz(csv).rows;
    expect(row).toMatchObject({ question: { text: '=HYPERLINK("x")', key: ['@me', '+1'] } });
  });

  test('letters that are also texts are written as texts', () => {
    const { definition, deck } = normaliseQuiz({ title: 'x', questions: [{ type: 'single', text: 'Which?', options: [{ text: 'b' }, { text: 'a' }], key: 'a' }] }) as unknown as { definition: { questions: never[] }; deck: { sha256: string } };
    const read = normaliseQuiz(importQuiz('csv', writeCsvQuiz(definition.questions), 'x').quiz);
    expect(read.ok && read.deck.sha256).toBe(deck.sha256);
  });
});

test('a report as a table: one line a player, formulas disarmed', () => {
  const { header, rowOf } = csvRows({ questions: [{ qid: 'q1', n: 1, type: 'multiple', text: '-2 + 2?', answered: 1, correct: 1, medianMs: 1200, voided: false }] }, [
    [{ playerId: 'p1', qid: 'q1', answerId: 'a', value: ['a', 'b'], receivedAt: 5, outcome: 'correct', points: 900 }],
  ]);
  expect(header).toBe('rank,nickname,score,correct,answered,correctMs,playerId,1 points,1: -2 + 2?\n');
  expect(rowOf({ playerId: 'p1', nickname: '=1+1', score: 900, rank: 1, correct: 1, sumE: 1200, answered: 1 })).toBe("1,'=1+1,900,1,1,1200,p1,900,a b\n");
  expect(rowOf({ playerId: 'p2', nickname: 'Bob', score: 0, rank: 2, correct: 0, sumE: 0, answered: 0 })).toBe('2,Bob,0,0,0,0,p2,,\n');
});
