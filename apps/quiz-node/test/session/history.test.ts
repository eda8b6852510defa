import { expect, test } from '@jest/globals';
import { PrivateBatch, SharedFrame } from '../../src/session/frames.js';
import { History } from '../../src/session/history.js';

const told = (s: number): SharedFrame => new SharedFrame('e1', s, s * 10, 'session.locked', 1_000 + s, {});
const result = (order: number, ...items: [playerId: string, p: number][]): PrivateBatch =>
  new PrivateBatch('e1', order, 'me.result', 5, items.map(([playerId, p]) => ({ playerId, p, d: {} })));

function heard(until: number): History {
  const history = new History();
  for (let s = 1; s <= until; s++) history.addShared(told(s));
  return history;
}
const text = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

test('what was missed comes dense and in order, each message with its number', () => {
  const missed = heard(5).missed({ from: { s: 2, p: 0 }, to: { s: 5, p: 0 } }, undefined);
  expect(missed?.map(({ s }) => s)).toEqual([3, 4, 5]);
  expect(missed?.map(({ bytes }) => text(bytes))[0]).toEqual({ t: 'session.locked', e: 'e1', s: 3, at: 1_003, d: {} });
});

test('nothing missed is a delta of nothing, also right after a restore', () => {
  expect(new History().missed({ from: { s: 9, p: 3 }, to: { s: 9, p: 3 } }, 'a')).toEqual([]);
});

test('more than 64 missed, or a history that began later, is no delta', () => {
  expect(heard(200).missed({ from: { s: 136, p: 0 }, to: { s: 200, p: 0 } }, undefined)).toHaveLength(64);
  expect(heard(200).missed({ from: { s: 135, p: 0 }, to: { s: 200, p: 0 } }, undefined)).toBeNull();
  const late = new History();
  late.addShared(told(8));
  expect(late.missed({ from: { s: 6, p: 0 }, to: { s: 8, p: 0 } }, undefined)).toBeNull();
});

test('a position from the future is no delta', () => {
  expect(heard(5).missed({ from: { s: 6, p: 0 }, to: { s: 5, p: 0 } }, undefined)).toBeNull();
  expect(heard(5).missed({ from: { s: 5, p: 2 }, to: { s: 5, p: 1 } }, 'a')).toBeNull();
});

test('private messages come between the shared ones where they were said', () => {
  const history = heard(2);
  history.addPrivate(result(15, ['a', 1], ['b', 1]));
  const missed = history.missed({ from: { s: 0, p: 0 }, to: { s: 2, p: 1 } }, 'b');
  expect(missed?.map(({ s, p }) => s ?? `p${p}`)).toEqual([1, 'p1', 2]);
});

test('a private message that is not at hand any more makes a snapshot', () => {
  const history = new History();
  for (let p = 1; p <= 4; p++) history.addPrivate(result(p, ['a', p], ['b', p]));
  expect(history.missed({ from: { s: 0, p: 2 }, to: { s: 0, p: 4 } }, 'a')?.map(({ p }) => p)).toEqual([3, 4]);
  expect(history.missed({ from: { s: 0, p: 1 }, to: { s: 0, p: 4 } }, 'a')).toBeNull();
});

test("others' private messages are never in a delta", () => {
  const history = new History();
  history.addPrivate(result(1, ['a', 1]));
  expect(history.missed({ from: { s: 0, p: 0 }, to: { s: 0, p: 0 } }, 'b')).toEqual([]);
});
