import { expect, test } from '@jest/globals';
import { MemoryRecords, type MemoryRows } from '../../../../libs/actors/test/fakes-memory/memory-records.js';
import { SimTime } from '../../../../libs/actors/test/fakes/sim-time.js';
import type { Deck } from '../../src/quiz/definition.js';
import { Decks } from '../../src/session/decks.js';

const deck = (sha256: string): Deck => ({
  sha256,
  title: 'Two',
  questions: [{ qid: 'q1', type: 'trueFalse', text: '?', points: 1000, limitMs: 5000, partial: 'allOrNothing' }],
  keys: [{ qid: 'q1', key: true }],
});

function stage(max?: number) {
  const clock = new SimTime();
  const rows: MemoryRows = new Map();
  const records = new MemoryRecords(() => clock.wall(), rows);
  const fresh = (): Decks => new Decks({ records, clock, ...(max === undefined ? {} : { max, keepMs: 60_000 }) });
  return { clock, rows, fresh };
}

test('a deck is stored once, and is one frozen object for all who play it', async () => {
  const { rows, fresh } = stage();
  const decks = fresh();
  const one = await decks.put(deck('a'));
  expect(await decks.put(deck('a'))).toBe(one);
  expect(Object.isFrozen(one.questions[0])).toBe(true);
  expect([...rows].map(([key, { version }]) => [key, version])).toEqual([['deck/a', 1]]);
});

test('another process finds it, and several who ask at once get the same object', async () => {
  const { fresh } = stage();
  await fresh().put(deck('a'));
  const decks = fresh();
  expect(() => decks.get('a')).toThrow('deck a is not stored');
  await Promise.all([decks.prepare(['a']), decks.prepare(['a', 'a'])]);
  expect(decks.get('a')).toEqual(deck('a'));
  expect(decks.prepare(['a'])).toBeUndefined();
});

test('a deck that is nowhere is a named error', async () => {
  await expect(stage().fresh().prepare(['gone'])).rejects.toMatchObject({ kind: 'permanent', code: 'DECK_MISSING' });
});

test('the least recently used go, but none that somebody may be about to use', async () => {
  const { clock, fresh } = stage(2);
  const decks = fresh();
  for (const sha256 of ['a', 'b', 'c']) await decks.put(deck(sha256));
  expect(decks.size).toBe(3);
  await clock.advance(61_000);
  decks.get('a');
  await decks.put(deck('d'));
  expect(['a', 'b', 'c', 'd'].map((sha256) => decks.peek(sha256) !== undefined)).toEqual([true, false, false, true]);
});
