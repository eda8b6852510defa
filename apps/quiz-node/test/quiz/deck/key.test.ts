import { describe, expect, test } from '@jest/globals';
import type { PublicQuestion, QuestionType } from '../../../src/quiz/definition.js';
import { normaliseKey } from '../../../src/quiz/deck/key.js';

const question = (type: QuestionType): PublicQuestion => ({
  qid: 'q1', type, text: '?', points: 1000, limitMs: 20_000, partial: 'allOrNothing',
  ...(['single', 'multiple', 'ordering', 'poll'].includes(type) ? { options: [{ id: 'a', text: 'A' }, { id: 'b', text: 'B' }] } : {}),
});

describe('the key of a correction', () => {
  test.each<[QuestionType, unknown, unknown]>([
    ['single', 'a', 'a'],
    ['multiple', ['b'], ['b']],
    ['ordering', ['b', 'a'], ['b', 'a']],
    ['trueFalse', true, true],
    ['text', ['x', 'y'], { accept: ['x', 'y'], editDistance: 0, accents: true }],
    ['numeric', 1.5, { value: 1.5, tolerance: 0 }],
    ['poll', undefined, null],
  ])('%s', (type, raw, key) => {
    const result = normaliseKey(question(type), raw);
    expect(result).toEqual({ ok: true, key });
    expect(result.ok && Object.isFrozen(result.key)).toBe(true);
  });

  test.each<[QuestionType, unknown, string]>([
    ['single', 'c', ''],
    ['single', undefined, ''],
    ['multiple', ['a', 'c'], '/1'],
    ['text', { accept: ['x', 5] }, '/accept/1'],
    ['numeric', null, ''],
    ['poll', 'a', ''],
  ])('%s refuses %j at %j', (type, raw, pointer) => {
    const result = normaliseKey(question(type), raw);
    expect(result.ok ? [] : result.errors.map((error) => error.pointer)).toEqual([pointer]);
  });
});
