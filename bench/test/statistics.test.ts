import { describe, expect, test } from '@jest/globals';
import { pairedRatios, percentile, spread } from '../harness/statistics.js';

describe('statistics', () => {
  test('median of odd and even numbers of values', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spread([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(() => spread([])).toThrow(RangeError);
  });

  test('percentiles by nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([50, 99, 100]);
    expect(percentile([7], 0.01)).toBe(7);
  });

  test('ratios are paired, and above 1 where ours is better', () => {
    expect(pairedRatios('less', [10, 20], [20, 10])).toEqual([2, 0.5]);
    expect(pairedRatios('more', [10, 20], [20, 10])).toEqual([0.5, 2]);
  });
});
