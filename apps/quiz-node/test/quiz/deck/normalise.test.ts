import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deckSha256, normaliseQuiz } from '../../../src/quiz/deck/normalise.js';

type Json = Record<string, unknown>;

const single = { type: 'single', text: '2+2?', options: [{ text: '3' }, { text: '4' }], key: 'b' };
const numeric = { type: 'numeric', text: '7·6?', key: 42 };
const poll = { type: 'poll', text: 'Tea?', options: [{ text: 'yes' }, { text: 'no' }] };
const quiz = (...questions: unknown[]) => ({ title: 'Two', questions });

function accepted(input: unknown) {
  const result = normaliseQuiz(input);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result;
}
const first = (question: Json, defaults?: Json) => accepted({ ...quiz(question), ...(defaults === undefined ? {} : { defaults }) }).definition.questions[0];
const pointers = (input: unknown) => {
  const result = normaliseQuiz(input);
  return result.ok ? [] : result.errors.map((error) => error.pointer);
};
/** Pointers inside the only question. */
const wrong = (question: Json) => pointers(quiz(question)).map((pointer) => pointer.replace('/questions/0', ''));

describe('what is accepted', () => {
  test('defaults are filled in, question and key are apart', () => {
    const { deck, definition } = accepted({ title: 'Two', questions: [{ ...single, limitMs: 5000, explanation: 'It is.' }, { ...numeric, key: { value: 42, tolerance: 0 } }] });
    expect(definition).toEqual({
      title: 'Two',
      questions: [
        {
          id: 'q1', type: 'single', text: '2+2?', options: [{ id: 'a', text: '3' }, { id: 'b', text: '4' }], key: 'b',
          points: 1000, limitMs: 5000, partial: 'allOrNothing', explanation: 'It is.',
        },
        { id: 'q2', type: 'numeric', text: '7·6?', key: { value: 42, tolerance: 0 }, points: 1000, limitMs: 20_000, partial: 'allOrNothing' },
      ],
    });
    expect(deck.questions.map((question) => question.qid)).toEqual(['q1', 'q2']);
    expect(deck.keys).toEqual([{ qid: 'q1', key: 'b', explanation: 'It is.' }, { qid: 'q2', key: { value: 42, tolerance: 0 } }]);
    expect(JSON.stringify(deck.questions)).not.toMatch(/key|It is/);
  });

  test('the quiz says defaults for its questions', () => {
    const defaults = { points: 2000, limitMs: 30_000, readMs: 0, partial: 'hamming' };
    const multiple = { ...single, type: 'multiple', key: ['a'] };
    expect(first(multiple, defaults)).toMatchObject({ points: 2000, limitMs: 30_000, readMs: 0, partial: 'hamming' });
    expect(first({ ...multiple, points: 0, limitMs: 5000, readMs: 7000, partial: 'allOrNothing' }, defaults)).toMatchObject({
      points: 0, limitMs: 5000, readMs: 7000, partial: 'allOrNothing',
    });
    expect(first(single, defaults)).toMatchObject({ partial: 'allOrNothing' });
    expect(first(poll, defaults)).toMatchObject({ points: 0 });
  });

  test.each<[string, Json, unknown]>([
    ['a plain list of texts', { type: 'text', text: '?', key: ['Paris'] }, { accept: ['Paris'], editDistance: 0, accents: true }],
    ['a full text key', { type: 'text', text: '?', key: { accept: ['Paris'], editDistance: 1, accents: false } }, { accept: ['Paris'], editDistance: 1, accents: false }],
    ['a plain number', numeric, { value: 42, tolerance: 0 }],
    ['a number without tolerance', { ...numeric, key: { value: -0 } }, { value: 0, tolerance: 0 }],
    ['true or false', { type: 'trueFalse', text: '?', key: false }, false],
    ['several options', { ...single, type: 'multiple', key: ['b', 'a'] }, ['b', 'a']],
    ['an order', { ...single, type: 'ordering', key: ['b', 'a'] }, ['b', 'a']],
    ['none for a poll', poll, undefined],
    ['null for a poll', { ...poll, key: null, points: 1000 }, undefined],
  ])('key: %s', (_name, question, key) => expect(first(question)?.key).toStrictEqual(key));

  test('own ids', () => {
    const own = { ...single, id: 'sum-1', options: [{ id: 'größer', text: '3' }, { id: '0', text: '4' }], key: '0' };
    expect(first(own)).toMatchObject({ id: 'sum-1', options: [{ id: 'größer' }, { id: '0' }], key: '0' });
  });

  test('texts of 500 code points, and 200 questions', () => {
    expect(first({ ...numeric, text: '😀'.repeat(500) })?.text).toHaveLength(1000);
    expect(accepted(quiz(...Array.from({ length: 200 }, () => numeric))).deck.questions[199]?.qid).toBe('q200');
  });

  test('everything is frozen and shares nothing with the input', () => {
    const input = { title: 'x', questions: [{ ...single, type: 'multiple', key: ['a'] }] };
    const { deck, definition } = accepted(input);
    input.questions[0]!.key.push('b');
    expect(deck.keys[0]?.key).toEqual(['a']);
    const all = (value: unknown): boolean => typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(all));
    expect(all(deck) && all(definition)).toBe(true);
  });

  test('a definition reads as itself, and the hash names what is played', () => {
    const { deck, definition } = accepted({ ...quiz({ ...single, media: 'https://example.org/a.png' }, numeric, poll), defaults: { readMs: 2500 } });
    const again = accepted(JSON.parse(JSON.stringify(definition)));
    expect(again.definition).toEqual(definition);
    expect(again.deck).toEqual(deck);
    expect(deckSha256(JSON.parse(JSON.stringify(deck)))).toBe(deck.sha256);
    expect(accepted(quiz({ ...single, key: 'a' }, numeric, poll)).deck.sha256).not.toBe(deck.sha256);
  });

  test('the hash is SHA-256 of RFC 8785 JSON', () => {
    // By: printf %s '{"keys":[{"key":{"tolerance":0,"value":42},"qid":"q1"}],"questions":[{"limitMs":20000,"partial":"allOrNothing","points":1000,"qid":"q1","text":"7·6?","type":"numeric"}],"title":"One"}' | sha256sum
    expect(accepted({ title: 'One', questions: [numeric] }).deck.sha256).toBe('b21bf7a6668f2613e0f560637f9b80a4df300373d140374a0d51e9e795126829');
  });
});

describe('what is refused, and where', () => {
  test.each<[string, unknown, string[]]>([
    ['no object', [], ['']],
    ['null', null, ['']],
    ['nothing', {}, ['/title', '/questions']],
    ['no questions', quiz(), ['/questions']],
    ['questions that are no list', { title: 'x', questions: {} }, ['/questions']],
    ['too many questions', quiz(...Array.from({ length: 201 }, () => numeric)), ['/questions']],
    ['a blank title', { ...quiz(numeric), title: ' \u2003' }, ['/title']],
    ['a long title', { ...quiz(numeric), title: 'x'.repeat(501) }, ['/title']],
    ['an unknown field', { ...quiz(numeric), 'a/b~c': 1 }, ['/a~1b~0c']],
    ['a question that is no object', quiz(numeric, 'x'), ['/questions/1']],
    ['an id twice', quiz({ ...numeric, id: 'x' }, { ...numeric, id: 'x' }), ['/questions/1/id']],
    ['an id that a default takes', quiz({ ...numeric, id: 'q2' }, numeric), ['/questions/1/id']],
    ['bad defaults', { ...quiz(numeric), defaults: { points: 500, limitMs: 1, readMs: -1, partial: 'some', x: 1 } }, [
      '/defaults/x', '/defaults/points', '/defaults/limitMs', '/defaults/readMs', '/defaults/partial',
    ]],
    ['defaults that are no object', { ...quiz(numeric), defaults: 5 }, ['/defaults']],
  ])('%s', (_name, input, expected) => expect(pointers(input)).toEqual(expected));

  test.each<[string, Json, string[]]>([
    ['an unknown type', { ...numeric, type: 'essay' }, ['/type']],
    ['no type', { text: 'x', key: 1 }, ['/type']],
    ['an unknown field', { ...numeric, time: 5 }, ['/time']],
    ['a field named like a prototype', JSON.parse('{"type":"numeric","text":"x","key":1,"__proto__":{}}') as Json, ['/__proto__']],
    ['no text', { type: 'numeric', key: 1 }, ['/text']],
    ['a text that is none', { ...numeric, text: 5 }, ['/text']],
    ['half a surrogate pair', { ...numeric, text: 'a\ud800' }, ['/text']],
    ['501 code points', { ...numeric, text: '😀'.repeat(501) }, ['/text']],
    ['a long explanation', { ...numeric, explanation: 'x'.repeat(501) }, ['/explanation']],
    ['other points', { ...numeric, points: 500 }, ['/points']],
    ['points in words', { ...numeric, points: '1000' }, ['/points']],
    ['other points of a poll', { ...poll, points: 5 }, ['/points']],
    ['a short limit', { ...numeric, limitMs: 4999 }, ['/limitMs']],
    ['a long limit', { ...numeric, limitMs: 240_001 }, ['/limitMs']],
    ['part of a millisecond', { ...numeric, limitMs: 5000.5 }, ['/limitMs']],
    ['a negative time to read', { ...numeric, readMs: -1 }, ['/readMs']],
    ['an id with a slash', { ...numeric, id: 'a/b' }, ['/id']],
    ['an empty id', { ...numeric, id: '' }, ['/id']],
    ['an id that is a number', { ...numeric, id: 7 }, ['/id']],
    ['a script for media', { ...numeric, media: 'javascript:alert(1)' }, ['/media']],
    ['a path for media', { ...numeric, media: '/a.png' }, ['/media']],
    ['long media', { ...numeric, media: `https://x/${'y'.repeat(500)}` }, ['/media']],
    ['credit that a type does not know', { ...single, partial: 'hamming' }, ['/partial']],
    ['hamming in an order', { ...single, type: 'ordering', key: ['a', 'b'], partial: 'hamming' }, ['/partial']],
    ['places in a set', { ...single, type: 'multiple', key: ['a'], partial: 'inPlace' }, ['/partial']],
    ['no options', { type: 'single', text: '?', key: 'a' }, ['/options']],
    ['one option', { ...single, options: [{ text: 'x' }] }, ['/options']],
    ['nine options', { ...single, options: Array.from({ length: 9 }, () => ({ text: 'x' })) }, ['/options']],
    ['options of a number', { ...numeric, options: single.options }, ['/options']],
    ['an option that is a text', { ...single, options: ['3', '4'] }, ['/options/0', '/options/1']],
    ['an option without text', { ...single, options: [{ id: 'a' }, { text: '4' }] }, ['/options/0/text']],
    ['an option id twice', { ...single, options: [{ id: 'b', text: '3' }, { text: '4' }] }, ['/options/1/id']],
    ['an unknown field of an option', { ...single, options: [{ text: '3', correct: true }, { text: '4' }] }, ['/options/0/correct']],
    ['an option id that JavaScript keeps', { ...single, options: [{ id: '__proto__', text: '3' }, { text: '4' }] }, ['/options/0/id']],
    ['no key', { ...numeric, key: undefined }, ['/key']],
    ['a key that is no option', { ...single, key: 'c' }, ['/key']],
    ['a list for one option', { ...single, key: ['b'] }, ['/key']],
    ['an empty set', { ...single, type: 'multiple', key: [] }, ['/key']],
    ['one option for a set', { ...single, type: 'multiple', key: 'a' }, ['/key']],
    ['an option twice', { ...single, type: 'multiple', key: ['a', 'a'] }, ['/key/1']],
    ['an option that is not there', { ...single, type: 'multiple', key: ['a', 'x'] }, ['/key/1']],
    ['half an order', { ...single, type: 'ordering', key: ['a'] }, ['/key']],
    ['a word for true', { type: 'trueFalse', text: '?', key: 'true' }, ['/key']],
    ['a key of a poll', { ...poll, key: 'a' }, ['/key']],
    ['one text', { type: 'text', text: '?', key: 'Paris' }, ['/key']],
    ['no texts', { type: 'text', text: '?', key: [] }, ['/key']],
    ['a blank text', { type: 'text', text: '?', key: ['Paris', ' '] }, ['/key/1']],
    ['a text of accents alone', { type: 'text', text: '?', key: { accept: ['\u0301'], accents: false } }, ['/key/accept/0']],
    ['101 texts', { type: 'text', text: '?', key: Array.from({ length: 101 }, () => 'x') }, ['/key']],
    ['other slips', { type: 'text', text: '?', key: { accept: ['x'], editDistance: 2, accents: 1, fuzzy: true } }, ['/key/fuzzy', '/key/accents', '/key/editDistance']],
    ['no accepted text', { type: 'text', text: '?', key: {} }, ['/key/accept']],
    ['no number', { ...numeric, key: '42' }, ['/key']],
    ['no finite number', { ...numeric, key: { value: Infinity } }, ['/key/value']],
    ['a tolerance below 0', { ...numeric, key: { value: 1, tolerance: -1 } }, ['/key/tolerance']],
    ['a number without value', { ...numeric, key: { tolerance: 1 } }, ['/key/value']],
  ])('%s', (_name, question, expected) => expect(wrong(question)).toEqual(expected));

  test('all faults are named at once, at most 100', () => {
    expect(wrong({ type: 'single', text: '', options: [{ text: 'x' }, { text: '' }], points: 1, key: 'z' })).toEqual(['/text', '/options/1/text', '/points']);
    expect(pointers(quiz(...Array.from({ length: 150 }, () => ({ ...numeric, text: 5 }))))).toHaveLength(100);
  });

  test('any JSON is answered: with a deck, or with errors', () => {
    const fields = fc.constantFrom('id', 'type', 'text', 'options', 'key', 'points', 'limitMs', 'readMs', 'partial', 'media', 'explanation');
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('single', 'multiple', 'text', 'poll', 'ordering', single.options, ['a'], 'b'));
    const question = fc.dictionary(fields, value).map((changes): Json => ({ ...single, ...changes }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.array(question, { maxLength: 3 }).map((list) => quiz(...list))), (input) => {
        const result = normaliseQuiz(input);
        if (result.ok) expect(accepted(JSON.parse(JSON.stringify(result.definition))).deck).toEqual(result.deck);
        else expect(result.errors.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
