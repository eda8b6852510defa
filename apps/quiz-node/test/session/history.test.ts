import { describe, expect, test } from '@jest/globals';
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

describe('more bytes than are kept', () => {
  const long = (s: number, chars: number): SharedFrame => new SharedFrame('e1', s, s * 10, 'question.voided', 1_000 + s, { qid: 'q', reason: 'x'.repeat(chars) });
  const limits = { deltaSharedMax: 64, historyBytesMax: 5_000 };

  test('the oldest fall out: who needs them gets a snapshot, who does not a delta', () => {
    const history = new History(limits);
    for (let s = 1; s <= 10; s++) history.addShared(long(s, 900));
    expect(history.bytes).toBeLessThanOrEqual(5_000);
    const after = (from: number): number | undefined => history.missed({ from: { s: from, p: 0 }, to: { s: 10, p: 0 } }, undefined)?.length;
    expect([after(10), after(9), after(6), after(5), after(0)]).toEqual([0, 1, 4, undefined, undefined]);
  });

  test('one message that is larger than all that may be kept is not kept', () => {
    const history = new History(limits);
    history.addShared(told(1));
    history.addShared(long(2, 6_000));
    expect(history.bytes).toBe(0);
    expect(history.missed({ from: { s: 1, p: 0 }, to: { s: 2, p: 0 } }, undefined)).toBeNull();
    history.addShared(told(3));
    expect(history.missed({ from: { s: 2, p: 0 }, to: { s: 3, p: 0 } }, undefined)).toHaveLength(1);
  });

  test('private messages count, each by its place in the order, however many players there are', () => {
    const history = new History(limits);
    for (let player = 0; player < 1_000; player++) history.addPrivate(result(player, [`p${player}`, 1]));
    expect(history.bytes).toBeLessThanOrEqual(5_000);
    const own = (playerId: string): number | undefined => history.missed({ from: { s: 0, p: 0 }, to: { s: 0, p: 1 } }, playerId)?.length;
    expect([own('p999'), own('p0')]).toEqual([1, undefined]);
    // A batch for many is as heavy as its messages are together.
    history.addPrivate(result(1_000, ...Array.from({ length: 100 }, (_, index): [string, number] => [`p${index}`, 2])));
    expect(history.bytes).toBe(0);
  });

  test('what fell out is not counted any more: bytes come down to those of what is kept', () => {
    const history = new History({ ...limits, historyBytesMax: 1_000_000 });
    for (let s = 1; s <= 64; s++) history.addShared(long(s, 900));
    const full = history.bytes;
    for (let s = 65; s <= 300; s++) history.addShared(long(s, 900));
    expect(history.bytes).toBe(full);
  });
});
