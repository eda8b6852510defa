import { describe, expect, it } from '@jest/globals';
import { Chance } from '../src/chance.js';
import { choose } from '../src/knowledge.js';
import { Latencies } from '../src/latency.js';

describe('latencies', () => {
  it('gives nearest-rank percentiles and the rate of the last second', () => {
    const latencies = new Latencies();
    for (let value = 100; value >= 1; value -= 1) latencies.add(value, value * 20);
    expect([latencies.percentile(0.5), latencies.percentile(0.99), latencies.percentile(1)]).toEqual([50, 99, 100]);
  });

  it('has no percentile of nothing', () => {
    expect(new Latencies().percentile(0.5)).toBeNull();
  });

  it('counts the last second', () => {
    const latencies = new Latencies();
    for (const at of [0, 500, 900, 1_400]) latencies.add(1, at);
    expect(latencies.perSecond(1_450)).toBe(3);
  });
});

describe('what a bot knows', () => {
  const options = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  it.each([
    [{ id: 'q', type: 'single', options, key: 'b' }, 'b'],
    [{ id: 'q', type: 'multiple', options, key: ['a', 'c'] }, ['a', 'c']],
    [{ id: 'q', type: 'ordering', options, key: ['c', 'a', 'b'] }, ['c', 'a', 'b']],
    [{ id: 'q', type: 'trueFalse', key: false }, false],
    [{ id: 'q', type: 'numeric', key: { value: 4, tolerance: 0 } }, 4],
    [{ id: 'q', type: 'text', key: { accept: ['bank', 'a bank'] } }, 'bank'],
  ])('a bot of full skill answers %j with %j', (question, value) => {
    expect(choose(question, 1, new Chance(3))).toEqual(value);
  });

  it('draws the same for the same seed', () => {
    const draw = () => Array.from({ length: 5 }, () => choose({ id: 'q', type: 'ordering', options, key: [] }, 0, new Chance(9)));
    expect(draw()).toEqual(draw());
  });
});
