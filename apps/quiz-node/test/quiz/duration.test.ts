import { expect, test } from '@jest/globals';
import { readMs } from '../../src/quiz/duration.js';

test.each([
  [0, 2000],
  [10, 2000],
  [11, 2050],
  [100, 6500],
  [170, 10_000],
  [500, 10_000],
])('%i characters are read in %i ms', (length, expected) => {
  expect(readMs('x'.repeat(length))).toBe(expected);
  expect(readMs('😀'.repeat(length))).toBe(expected);
});
