import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkValue, correctness } from '../../src/quiz/answer-value.js';
import type { AnswerValue, KeyValue, PartialCredit, PublicQuestion, QuestionType } from '../../src/quiz/definition.js';

const withOptions: readonly QuestionType[] = ['single', 'multiple', 'ordering', 'poll'];

function question(type: QuestionType, ids = 'abcd', partial: PartialCredit = 'allOrNothing'): PublicQuestion {
  const options = withOptions.includes(type) ? { options: [...ids].map((id) => ({ id, text: id.toUpperCase() })) } : {};
  return { qid: 'q1', type, text: '?', ...options, points: 1000, limitMs: 20_000, partial };
}

describe('values', () => {
  const e = (n: number) => '😀'.repeat(n);

  test.each<[QuestionType, unknown, AnswerValue | null]>([
    ['single', 'b', 'b'],
    ['single', 'e', null],
    ['single', ['b'], null],
    ['single', 0, null],
    ['poll', 'd', 'd'],
    ['poll', 'B', null],
    ['multiple', ['c', 'a'], ['c', 'a']],
    ['multiple', [], null],
    ['multiple', ['a', 'a'], null],
    ['multiple', ['a', 'x'], null],
    ['multiple', ['a', 'b', 'c', 'd', 'a'], null],
    ['multiple', 'a', null],
    ['ordering', ['d', 'c', 'b', 'a'], ['d', 'c', 'b', 'a']],
    ['ordering', ['d', 'c', 'b'], null],
    ['ordering', ['d', 'c', 'b', 'b'], null],
    ['trueFalse', false, false],
    ['trueFalse', 'true', null],
    ['trueFalse', 1, null],
    ['text', ' Paris ', ' Paris '],
    ['text', '', null],
    ['text', ' \t\u2003', null],
    ['text', e(500), e(500)],
    ['text', e(501), null],
    ['text', 'x'.repeat(501), null],
    ['text', 'a\ud800', 'a\ufffd'],
    ['text', 7, null],
    ['numeric', 12.5, 12.5],
    ['numeric', -0, 0],
    ['numeric', Infinity, null],
    ['numeric', NaN, null],
    ['numeric', '12', null],
    ['numeric', null, null],
  ])('%s takes %j as %j', (type, value, expected) => expect(checkValue(question(type), value)).toStrictEqual(expected));

  test('a list is a copy of what was sent', () => {
    const sent = ['a', 'b'];
    const value = checkValue(question('multiple'), sent);
    sent.push('c');
    expect(value).toEqual(['a', 'b']);
  });
});

describe('correctness', () => {
  const key3 = ['a', 'b', 'c'];
  test.each<[string, PublicQuestion, KeyValue, AnswerValue, [number, number]]>([
    ['single, right', question('single'), 'b', 'b', [1, 1]],
    ['single, wrong', question('single'), 'b', 'a', [0, 1]],
    ['true or false, right', question('trueFalse'), false, false, [1, 1]],
    ['true or false, wrong', question('trueFalse'), false, true, [0, 1]],
    ['multiple, all, in another order', question('multiple'), ['a', 'c'], ['c', 'a'], [1, 1]],
    ['multiple, one missed', question('multiple'), ['a', 'c'], ['a'], [0, 1]],
    ['hamming, all', question('multiple', 'abcd', 'hamming'), ['a', 'c'], ['c', 'a'], [4, 4]],
    ['hamming, one missed', question('multiple', 'abcd', 'hamming'), ['a', 'c'], ['a'], [2, 4]],
    ['hamming, one too many', question('multiple', 'abcd', 'hamming'), ['a', 'c'], ['a', 'b', 'c'], [2, 4]],
    ['hamming, everything ticked', question('multiple', 'abcd', 'hamming'), ['a', 'c'], ['a', 'b', 'c', 'd'], [0, 4]],
    ['hamming, all wrong', question('multiple', 'abcd', 'hamming'), ['a', 'c'], ['b', 'd'], [0, 4]],
    ['hamming of an odd number', question('multiple', 'abcde', 'hamming'), ['a'], ['a', 'b'], [3, 5]],
    ['ordering, right', question('ordering', 'abc'), key3, ['a', 'b', 'c'], [1, 1]],
    ['ordering, wrong', question('ordering', 'abc'), key3, ['a', 'c', 'b'], [0, 1]],
    ['in place, all', question('ordering', 'abc', 'inPlace'), key3, ['a', 'b', 'c'], [3, 3]],
    ['in place, one', question('ordering', 'abc', 'inPlace'), key3, ['a', 'c', 'b'], [1, 3]],
    ['in place, none', question('ordering', 'abc', 'inPlace'), key3, ['b', 'c', 'a'], [0, 3]],
    ['text', question('text'), { accept: ['Paris'], editDistance: 0, accents: true }, 'PARIS', [1, 1]],
    ['text, wrong', question('text'), { accept: ['Paris'], editDistance: 0, accents: true }, 'Rome', [0, 1]],
    ['numeric', question('numeric'), { value: 1, tolerance: 0.1 }, 1.1, [1, 1]],
    ['numeric, wrong', question('numeric'), { value: 1, tolerance: 0.1 }, 1.11, [0, 1]],
    ['poll', question('poll'), null, 'a', [0, 1]],
  ])('%s', (_name, q, key, value, [num, den]) => expect(correctness(q, key, value)).toEqual({ num, den }));

  test('hamming is max(0, n − 2h) of n, h the size of the symmetric difference', () => {
    const ids = fc.subarray([...'abcdefgh'], { minLength: 1 });
    fc.assert(
      fc.property(ids, ids, fc.integer({ min: 2, max: 8 }), (a, b, n) => {
        const options = 'abcdefgh'.slice(0, n);
        const [key, value] = [a, b].map((list) => list.filter((id) => options.includes(id)));
        fc.pre(key!.length > 0 && value!.length > 0);
        const h = [...options].filter((id) => key!.includes(id) !== value!.includes(id)).length;
        expect(correctness(question('multiple', options, 'hamming'), key!, value!)).toEqual({ num: Math.max(0, n - 2 * h), den: n });
      }),
    );
  });
});
