import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nicknameSkeleton, readNickname } from '../../src/quiz/nickname.js';

const family = '👨\u200d👩\u200d👧\u200d👦';
const stored = (raw: string) => {
  const read = readNickname(raw);
  return read.ok ? read.nickname : null;
};

describe('nicknames', () => {
  test.each([
    ['Ann', 'Ann'],
    ['  Ann \u00a0 Lee\u3000', 'Ann Lee'],
    ['ＡＢＣ', 'ABC'],
    ['Zoe\u0308', 'Zoë'],
    ['𝕬𝖓𝖓', 'Ann'],
    ['ℹ\ufe0f Ann', 'i Ann'],
    ["O'Brien-Núñez", "O'Brien-Núñez"],
    ['한국', '한국'],
    ['नमस्ते', 'नमस्ते'],
    ['ア・イ', 'ア・イ'],
    ['col·lega', 'col·lega'],
    ['❤\ufe0f', '❤\ufe0f'],
    ['1\ufe0f\u20e3 Ann 🇩🇪👍🏽', '1\ufe0f\u20e3 Ann 🇩🇪👍🏽'],
    ['🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
    [`${family} Lee`, `${family} Lee`],
  ])('%j is stored as %j', (raw, expected) => expect(stored(raw)).toBe(expected));

  test.each([
    ['nothing', ''],
    ['blanks', ' \u3000 '],
    ['a tab', 'a\tb'],
    ['a newline at the end', 'a\n'],
    ['NUL', 'a\0'],
    ['C1 controls', 'a\u0085'],
    ['a line separator', 'a\u2028b'],
    ['a bidi override', '\u202eabc'],
    ['a bidi isolate', '\u2066abc'],
    ['a right-to-left mark', 'abc\u200f'],
    ['a zero-width space', 'a\u200bb'],
    ['a joiner between letters', 'a\u200db'],
    ['a non-joiner', 'a\u200cb'],
    ['a joiner behind an emoji', '👍\u200d'],
    ['a joiner between emoji that make none together', '👍\u200d🇩🇪'],
    ['a variation selector on a letter', 'a\ufe0f'],
    ['the text form of an emoji', '☺\ufe0e'],
    ['tags without a flag', 'a\u{e0067}'],
    ['a soft hyphen', 'a\u00adb'],
    ['a Hangul filler', '\u3164'],
    ['half a Hangul filler', '\uffa0'],
    ['the empty Braille pattern', '\u2800'],
    ['half a surrogate pair', 'a\ud800'],
    ['private use', '\ue000'],
    ['no character', '\uffff'],
    ['unassigned', '\u0378'],
    ['jamo without a syllable', '\u1100'],
    ['a mark with nothing under it', '\u0301a'],
    ['a diaeresis, which is a space with a mark', '\u00a8'],
    ['a middle dot elsewhere', 'a·b'],
    ['two kinds of Arabic digits', '\u0661\u06f1'],
    ['a Katakana middle dot without kana', 'a\u30fbb'],
    ['21 letters', 'x'.repeat(21)],
    ['17 emoji: 68 bytes', '😀'.repeat(17)],
    ['one letter with 32 marks: 65 bytes', `x${'\u0323'.repeat(32)}`],
    ['very much', ' '.repeat(5_000)],
  ])('refused: %s', (_name, raw) => expect(stored(raw)).toBeNull());

  test('20 characters as people count them', () => {
    expect(stored('é'.repeat(20))).toBe('é'.repeat(20));
    expect(stored('e\u0323\u0302'.repeat(20))).toBe('ệ'.repeat(20));
    expect(stored(family.repeat(2))).toBe(family.repeat(2));
    expect(stored(`x${'\u0323'.repeat(31)}`)).not.toBeNull();
  });

  test('what is stored is stored again as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 24 }), (raw) => {
        const read = readNickname(raw);
        if (!read.ok) return;
        expect(readNickname(read.nickname)).toEqual(read);
        expect(read.nickname).toBe(read.nickname.trim());
        expect(Buffer.byteLength(read.nickname)).toBeLessThanOrEqual(64);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('skeletons', () => {
  test.each([
    ['Ann', 'ANN'],
    ['paypal', 'pаypаl'], // Cyrillic а
    ['Player', 'ρlаyer'], // Greek ρ, Cyrillic а
    ['modern', 'modem'],
    ['l1', '1l'],
    ['Zoë', 'Zoe\u0308'],
    ['scope', 'ѕсоре'], // Cyrillic all through
  ])('%j looks like %j', (a, b) => expect(nicknameSkeleton(a)).toBe(nicknameSkeleton(b)));

  test.each([
    ['Ann', 'Anna'],
    ['Zoë', 'Zoe'],
    ['p1', 'p2'],
    ['👍', '👍🏽'],
  ])('%j does not look like %j', (a, b) => expect(nicknameSkeleton(a)).not.toBe(nicknameSkeleton(b)));

  test('comes with the nickname', () => expect(readNickname(' Pаul ')).toEqual({ ok: true, nickname: 'Pаul', skeleton: 'paul' }));
});
