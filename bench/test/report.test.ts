import { describe, expect, test } from '@jest/globals';
import { cases } from '../catalogue.js';
import { readOptions, UsageError } from '../cli.js';
import { figuresOf, shown, verdictsOf } from '../harness/report.js';
import type { CaseRuns } from '../harness/runner.js';
import type { Case, Side } from '../harness/types.js';

const side = (name: string, role: Side['role']): Side => ({ name, role, what: '', core: 0, load: () => Promise.reject(new Error('not run')) });
const which: Case = {
  name: 'x/y', title: '', metrics: [{ key: 'cpuUs', label: 'CPU', unit: 'µs', better: 'less' }], sides: [side('ours', 'ours'), side('peer', 'peer'), side('gone', 'peer')],
  goals: [{ id: 'G1', metric: 'cpuUs', against: 'peer', timesMin: 2 }, { id: 'G2', metric: 'cpuUs', bound: 9 }, { id: 'G3', metric: 'cpuUs', against: 'gone', timesMin: 1 }],
  params: { quick: {}, default: {}, full: {} },
};
const result = (cpuUs: number) => ({ values: { cpuUs }, verified: '' });
const runs: CaseRuns = {
  case: which, params: {}, sides: which.sides.slice(0, 2), missing: { gone: 'not installed' }, noise: [],
  results: { ours: [result(10), result(20), result(10)], peer: [result(40), result(60), result(20)] },
};

describe('figures', () => {
  test('ratios are those of one repetition, not of two medians', () => {
    expect(figuresOf(runs)[0]!.sides.map(({ value, oursBetter }) => [value.median, oursBetter?.median])).toEqual([[10, undefined], [40, 3]]);
  });

  test('goals are judged by the median, and not at all without their peer', () => {
    expect(verdictsOf(runs, figuresOf(runs)).map(({ id, met, found }) => [id, met, found])).toEqual([['G1', true, '3 ×'], ['G2', false, '10 µs'], ['G3', null, 'not installed']]);
  });

  test('numbers are shown with three digits', () => expect([shown(1.2345), shown(123456), shown(0.00123)]).toEqual(['1.23', '123,000', '0.00123']));
});

describe('catalogue and command line', () => {
  test('every goal names a metric and a side of its case; there is one side of ours, and it is first', () => {
    for (const { metrics, sides, goals } of cases) {
      expect(sides.map(({ role }) => role === 'ours')).toEqual(sides.map((_, i) => i === 0));
      for (const goal of goals) {
        expect(metrics.map(({ key }) => key)).toContain(goal.metric);
        if ('against' in goal) expect(sides.map(({ name }) => name)).toContain(goal.against);
      }
    }
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  test('a benchmark, a case or everything', () => {
    expect(readOptions(['scoring'], cases).chosen.map(({ name }) => name)).toEqual(['scoring/answer', 'scoring/ranks']);
    expect(readOptions(['answers/burst', '--quick'], cases)).toMatchObject({ size: 'quick', reps: 3, chosen: [{ name: 'answers/burst' }] });
    expect(readOptions([], cases)).toMatchObject({ size: 'default', reps: 5, chosen: cases });
  });

  test.each([[['nothing']], [['--reps', '0']], [['--quick', '--full']], [['--slow']]])('refuses %j', (argv) => {
    expect(() => readOptions(argv, cases)).toThrow(UsageError);
  });
});
