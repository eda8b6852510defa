import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { within } from '../../src/quiz/decimal.js';

test.each([
  [1.1, 1.0, 0.1, true],
  [1.0, 1.1, 0.1, true],
  [0.3, 0.1, 0.2, true],
  [0.3, 0.1, 0.19999999999999998, false],
  [1.1000000000000001, 1.0, 0.1, true], // the same double as 1.1
  [1.1000000000000003, 1.0, 0.1, false],
  [42, 42, 0, true],
  [0, -0, 0, true],
  [43, 42, 0, false],
  [43, 42, 0.9999999999999999, false],
  [42.5, 42, 0.5, true],
  [-3, 3, 6, true],
  [-3, 3, 5.999, false],
  [1e21, 1e21 + 131072, 131072, true],
  [9007199254740992, 9007199254740990, 1, false],
  [1.7976931348623157e308, -1.7976931348623157e308, 1.7976931348623157e308, false],
  [1.7976931348623157e308, 5e-324, 1.7976931348623157e308, true],
  [5e-324, 0, 5e-324, true],
  [1.5e-7, 0, 1e-7, false],
])('|%d − %d| ≤ %d: %s', (a, b, tolerance, expected) => expect(within(a, b, tolerance)).toBe(expected));

test('two-place decimals are counted in hundredths', () => {
  const hundredths = fc.integer({ min: -1_000_000, max: 1_000_000 });
  fc.assert(
    fc.property(hundredths, hundredths, fc.nat(1_000_000), (a, b, t) => {
      expect(within(a / 100, b / 100, t / 100)).toBe(Math.abs(a - b) <= t);
    }),
  );
});

test('the order of the two does not matter, and everything is within its own distance in whole numbers', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, finite, fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }), (a, b, t) => {
      expect(within(a, b, t)).toBe(within(b, a, t));
      expect(within(a, a, t)).toBe(true);
    }),
  );
});
