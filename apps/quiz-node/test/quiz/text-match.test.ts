import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchesText, normaliseText, withinOneEdit } from '../../src/quiz/text-match.js';

const key = (accept: string[], editDistance: 0 | 1 = 0, accents = true) => ({ accept, editDistance, accents });

describe('normal form', () => {
  test.each([
    ['  Hello \t\n World  ', 'hello world'],
    ['ＦＵＬＬ　ｗｉｄｔｈ', 'full width'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['ﬁne', 'fine'],
    ['Cafe\u0301', 'café'],
    ['a\u0085b\u2003c', 'a b c'],
    ['\u2003', ''],
  ])('%j is %j', (text, expected) => expect(normaliseText(text, true)).toBe(expected));

  test('without accents', () => {
    expect(normaliseText('Crème Brûlée', false)).toBe('creme brulee');
    expect(normaliseText('Łódź', false)).toBe('łodz'); // ł is a letter of its own
    expect(normaliseText('Ёлка', false)).toBe('елка');
  });
});

describe('accepted answers', () => {
  test.each([
    ['paris', key(['Paris']), true],
    [' PARIS ', key(['Paris']), true],
    ['london', key(['Paris', 'London']), true],
    ['paries', key(['Paris']), false],
    ['Sao Paulo', key(['São Paulo']), false],
    ['Sao Paulo', key(['São Paulo'], 0, false), true],
    ['São Paulo', key(['Sao Paulo'], 0, false), true],
    ['pari', key(['Paris'], 1), true],
    ['parris', key(['Paris'], 1), true],
    ['paxis', key(['Paris'], 1), true],
    ['prais', key(['Paris'], 1), false], // two letters changed places: distance 2
    ['rme', key(['Rome'], 1), false], // four code points
    ['Rome', key(['Rome'], 1), true],
    ['😀😀😀😀', key(['😀😀😀😀😀'], 1), true],
    ['😀😀😀', key(['😀😀😀😀'], 1), false], // eight UTF-16 units, four code points
    ['strase', key(['Straß'], 1), true], // strass
    ['abcd', key(['abcde', 'zz'], 1), true],
  ])('%j by %j: %s', (value, textKey, expected) => expect(matchesText(textKey, value)).toBe(expected));
});

test('one edit is Levenshtein distance at most 1', () => {
  const distance = (a: string[], b: string[]): number => {
    let row = b.map((_unused, j) => j + 1);
    for (const [i, x] of a.entries()) {
      const next: number[] = [];
      for (const [j, y] of b.entries()) {
        const diagonal = j === 0 ? i : row[j - 1]!;
        const left = j === 0 ? i + 1 : next[j - 1]!;
        next.push(Math.min(diagonal + (x === y ? 0 : 1), row[j]! + 1, left + 1));
      }
      row = next;
    }
    return row.at(-1) ?? a.length;
  };
  const word = fc.array(fc.constantFrom('a', 'b'), { maxLength: 6 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(withinOneEdit(a, b)).toBe(distance(a, b) <= 1);
    }),
    { numRuns: 2_000 },
  );
});
