import { describe, expect, test } from '@jest/globals';
import { generatedName } from '../../src/quiz/generated-names.js';
import { ADJECTIVES, ANIMALS } from '../../src/quiz/name-words.js';
import { nicknameSkeleton, readNickname } from '../../src/quiz/nickname.js';

describe('generated names', () => {
  test('every pair of words is a good nickname, and no two look alike', () => {
    const skeletons = new Set<string>();
    for (let k = 0; k < 16_384; k += 1) {
      const name = generatedName(7, k);
      const read = readNickname(name);
      if (!read.ok || read.nickname !== name) throw new Error(`${name} is not a nickname`);
      skeletons.add(read.skeleton);
    }
    expect(skeletons.size).toBe(16_384);
  });

  test('there are enough for more players than a session takes, and they still fit', () => {
    const names = new Set<string>();
    let longest = '';
    for (let k = 0; k < 100_000; k += 1) {
      const name = generatedName(-5, k);
      names.add(name);
      if (name.length > longest.length) longest = name;
    }
    expect(names.size).toBe(100_000);
    expect(readNickname(longest)).toMatchObject({ ok: true, nickname: longest });
  });

  test('the seed decides, and the same seed gives the same names', () => {
    const some = (seed: number) => Array.from({ length: 50 }, (_unused, k) => generatedName(seed, k));
    expect(some(1)).toEqual(some(1));
    expect(some(1).filter((name) => some(2).includes(name)).length).toBeLessThan(5);
    expect(generatedName(1, 0)).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
  });

  test('those who join one after another get words of their own', () => {
    const names = Array.from({ length: 30 }, (_unused, k) => generatedName(3, k).split(' '));
    expect(new Set(names.map(([adjective]) => adjective)).size).toBeGreaterThan(15);
    expect(new Set(names.map(([, animal]) => animal)).size).toBeGreaterThan(15);
  });

  test('a taken name is given with the next free number', () => {
    const name = generatedName(9, 4);
    expect(generatedName(9, 4, (each) => each === name || each === `${name} 2`)).toBe(`${name} 3`);
    expect(generatedName(9, 4, () => false)).toBe(name);
  });

  test('128 words of each, none twice', () => {
    for (const words of [ADJECTIVES, ANIMALS]) expect(new Set(words.map(nicknameSkeleton)).size).toBe(128);
  });
});
