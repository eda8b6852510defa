import { expect, test } from '@jest/globals';
import { parseMetrics, valueOf } from './exposition.js';

const head = '# HELP a_seconds Some help\n# TYPE a_seconds histogram\n';

test('reads families with their samples', () => {
  const families = parseMetrics(`${head}a_seconds_bucket{le="+Inf",api="say \\"x\\""} 3\na_seconds_sum 0.5\n# HELP b Other\n# TYPE b gauge\nb Nan\nb{x="1"} +Inf\n`);
  expect([...families.values()].map(({ name, type, help }) => [name, type, help])).toEqual([['a_seconds', 'histogram', 'Some help'], ['b', 'gauge', 'Other']]);
  expect(valueOf(families, 'a_seconds_bucket', { api: 'say \\"x\\"', le: '+Inf' })).toBe(3);
  expect([valueOf(families, 'b'), valueOf(families, 'b', { x: '1' })]).toEqual([NaN, Infinity]);
  expect(() => valueOf(families, 'b', { x: '2' })).toThrow('there is no b');
});

test.each([
  ['a sample twice', `${head}a_seconds_sum 1\na_seconds_sum 1\n`],
  ['a sample of another family', `${head}b 1\n`],
  ['a name that a histogram does not have', `${head}a_seconds 1\n`],
  ['a family twice', head + head],
  ['a family without help', '# TYPE a gauge\na 1\n'],
  ['a value that is no number', `${head}a_seconds_sum one\n`],
  ['labels that do not end', `${head}a_seconds_bucket{le="1} 1\n`],
  ['a line that does not end', `${head}a_seconds_sum 1`],
])('refuses %s', (_what, text) => {
  expect(() => parseMetrics(text)).toThrow();
});
