import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ScoringPolicy } from '../../src/quiz/definition.js';
import type { FrozenInterval } from '../../src/quiz/scoring.js';
import { POLICIES, accuracyBonus, creditMs, elapsedMs, frozenUpTo, partialPoints, streakBonus } from '../../src/quiz/scoring.js';

const P = fc.constantFrom(0, 1000, 2000);
const L = fc.integer({ min: 5_000, max: 240_000 });
const N = fc.integer({ min: 1, max: 200 });

/** P, L and an elapsed time that fits. */
const question = fc.tuple(P, L).chain(([p, l]) => fc.tuple(fc.constant(p), fc.constant(l), fc.integer({ min: 0, max: l })));

/** The formulas over whole numbers without any upper bound. */
const exact: Record<ScoringPolicy, (e: bigint, p: bigint, l: bigint, b: bigint) => bigint> = {
  'halfDecay@1': (e, p, l) => (e < 500n ? p : (p * (2n * l - e) + l) / (2n * l)),
  'fullDecay@1': (e, p, l) => (2n * p * (l - e) + l) / (2n * l),
  'flat@1': (_e, p) => p,
  'accuracyFirst@1': (e, p, l, b) => p + (b * (l - e)) / l,
};
const policies = Object.keys(exact) as ScoringPolicy[];

describe('speed', () => {
  test.each([
    ['halfDecay@1', 0, 1000, 20_000, 1000],
    ['halfDecay@1', 499, 1000, 20_000, 1000],
    ['halfDecay@1', 500, 1000, 20_000, 988], // 987.5 rounds half up
    ['halfDecay@1', 501, 1000, 20_000, 987],
    ['halfDecay@1', 10_000, 1000, 20_000, 750],
    ['halfDecay@1', 20_000, 1000, 20_000, 500],
    ['halfDecay@1', 20_000, 2000, 20_000, 1000],
    ['halfDecay@1', 2_000, 1000, 30_000, 967],
    ['halfDecay@1', 4_999, 1000, 5_000, 500],
    ['halfDecay@1', 239_999, 2000, 240_000, 1000],
    ['halfDecay@1', 7_000, 0, 20_000, 0],
    ['fullDecay@1', 0, 1000, 20_000, 1000],
    ['fullDecay@1', 10_000, 1000, 20_000, 500],
    ['fullDecay@1', 19_990, 1000, 20_000, 1],
    ['fullDecay@1', 19_991, 1000, 20_000, 0],
    ['fullDecay@1', 20_000, 1000, 20_000, 0],
    ['fullDecay@1', 1, 2000, 240_000, 2000],
    ['flat@1', 0, 1000, 20_000, 1000],
    ['flat@1', 20_000, 2000, 20_000, 2000],
    ['accuracyFirst@1', 0, 1000, 20_000, 1099],
    ['accuracyFirst@1', 10_000, 1000, 20_000, 1049],
    ['accuracyFirst@1', 20_000, 1000, 20_000, 1000],
  ] as const)('%s at %i ms, %i points, %i ms: %i', (policy, e, points, limitMs, expected) => {
    expect(POLICIES[policy].speed(e, points, limitMs, accuracyBonus(points, 10))).toBe(expected);
  });

  test('is the whole division of its formula', () => {
    fc.assert(
      fc.property(question, N, fc.constantFrom(...policies), ([p, l, e], n, policy) => {
        const b = accuracyBonus(p, n);
        const points = POLICIES[policy].speed(e, p, l, b);
        expect(BigInt(points)).toBe(exact[policy](BigInt(e), BigInt(p), BigInt(l), BigInt(b)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('never pays more for a slower answer', () => {
    fc.assert(
      fc.property(question, N, fc.constantFrom(...policies), fc.nat(), ([p, l, e], n, policy, step) => {
        const { speed } = POLICIES[policy];
        const b = accuracyBonus(p, n);
        expect(speed(Math.min(e + step, l), p, l, b)).toBeLessThanOrEqual(speed(e, p, l, b));
      }),
    );
  });

  test('accuracyFirst: any number of the fastest answers loses to one more right one', () => {
    fc.assert(
      fc.property(fc.constantFrom(1000, 2000), L, N, (p, l, n) => {
        const b = accuracyBonus(p, n);
        const { speed } = POLICIES['accuracyFirst@1'];
        expect((n - 1) * speed(0, p, l, b)).toBeLessThan(n * speed(l, p, l, b));
      }),
    );
  });

  test('accuracyBonus is nothing without points or questions', () => {
    expect([accuracyBonus(0, 5), accuracyBonus(1000, 0), accuracyBonus(1000, 1), accuracyBonus(1000, 200)]).toEqual([0, 0, 999, 4]);
  });
});

describe('fractions', () => {
  test.each([
    [1000, 1, 1, 1000],
    [999, 1, 2, 500], // 499.5
    [1000, 1, 3, 333],
    [1000, 2, 3, 667],
    [988, 3, 8, 371], // 370.5
    [750, 0, 4, 0],
  ])('%i points, %i of %i: %i', (speed, num, den, expected) => expect(partialPoints(speed, num, den)).toBe(expected));

  test('round half up', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3999 }), fc.integer({ min: 1, max: 8 }), fc.nat(8), (speed, den, k) => {
        const num = Math.min(k, den);
        const expected = (BigInt(speed * num) + BigInt(den) / 2n) / BigInt(den);
        expect(BigInt(partialPoints(speed, num, den))).toBe(expected);
      }),
    );
  });
});

test('a streak pays from its second question on, up to 500, and nothing on a question without points', () => {
  expect([0, 1, 2, 3, 6, 7, 200].map((s) => streakBonus(s, 1000))).toEqual([0, 0, 100, 200, 500, 500, 500]);
  expect(streakBonus(4, 0)).toBe(0);
});

test('credit is half of the shortest round trip, at most 150 ms, from three samples on', () => {
  expect([creditMs(81, 3), creditMs(300, 9), creditMs(301, 3), creditMs(9_000, 3), creditMs(80, 2), creditMs(0, 3), creditMs(-4, 3)]).toEqual([
    40, 150, 150, 150, 0, 0, 0,
  ]);
});

describe('elapsed', () => {
  const open = { opensAt: 1_000, limitMs: 20_000, closesAt: 21_000, creditMs: 0, intervals: [] };

  test.each([
    ['at once', { ...open, recvAt: 1_000 }, 0],
    ['after 3 s', { ...open, recvAt: 4_000 }, 3_000],
    ['less the credit', { ...open, recvAt: 4_000, creditMs: 150 }, 2_850],
    ['no less than nothing', { ...open, recvAt: 1_100, creditMs: 150 }, 0],
    ['at the close', { ...open, recvAt: 21_000, creditMs: 150 }, 19_850],
    ['in grace: the whole limit, credit or not', { ...open, recvAt: 21_001, creditMs: 150 }, 20_000],
    ['after an extension by the host', { ...open, closesAt: 61_000, recvAt: 50_000 }, 20_000],
    ['after a pause', { ...open, closesAt: 26_000, recvAt: 10_000, intervals: [{ from: 3_000, to: 8_000 }] }, 4_000],
    ['in a pause', { ...open, closesAt: Infinity, recvAt: 7_000, intervals: [{ from: 3_000, to: Infinity }] }, 2_000],
    ['before a pause, judged after it', { ...open, closesAt: 26_000, recvAt: 2_500, intervals: [{ from: 3_000, to: 8_000 }] }, 1_500],
  ])('%s', (_name, timing, expected) => expect(elapsedMs(timing)).toBe(expected));

  test('stays within the limit, and time frozen is time not spent', () => {
    const spans = fc.array(fc.tuple(fc.integer({ min: 1_000, max: 40_000 }), fc.integer({ min: 0, max: 9_000 })), { maxLength: 5 });
    fc.assert(
      fc.property(spans, fc.integer({ min: 1_000, max: 60_000 }), fc.integer({ min: 0, max: 150 }), (raw, recvAt, credit) => {
        const intervals: FrozenInterval[] = raw.map(([from, length]) => ({ from, to: from + length })).sort((a, b) => a.from - b.from);
        let still = 0;
        for (let t = 1_000; t < recvAt; t += 1) if (intervals.some(({ from, to }) => from <= t && t < to)) still += 1;
        expect(frozenUpTo(intervals, recvAt)).toBe(still);
        const e = elapsedMs({ recvAt, opensAt: 1_000, limitMs: 20_000, closesAt: Infinity, creditMs: credit, intervals });
        expect(e).toBe(Math.min(Math.max(recvAt - 1_000 - still - credit, 0), 20_000));
      }),
      { numRuns: 60 },
    );
  });
});
