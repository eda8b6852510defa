import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { newStandings, podiumSize, rankAll } from '../../src/quiz/ranking.js';

interface Row {
  readonly score: number;
  readonly correct: number;
  readonly sumE: number;
  readonly in: boolean;
}

const columns = (rows: readonly Row[]) => ({
  score: Int32Array.from(rows, (row) => row.score),
  correct: Int32Array.from(rows, (row) => row.correct),
  sumE: Int32Array.from(rows, (row) => row.sumE),
});
const rank = (rows: readonly Row[]) => rankAll(columns(rows), rows.length, Uint8Array.from(rows, (row) => (row.in ? 1 : 0)));

const ahead = (a: Row, b: Row) => b.score - a.score || b.correct - a.correct || a.sumE - b.sumE;

/** The definition, word for word: count who is strictly ahead. */
function naive(rows: readonly Row[]) {
  const order = rows.flatMap((row, i) => (row.in ? [i] : [])).sort((a, b) => ahead(rows[a]!, rows[b]!) || a - b);
  const ranks = rows.map((row) => (row.in ? 1 + rows.filter((other) => other.in && ahead(other, row) < 0).length : 0));
  const behind = rows.map((row) => (row.in ? (order.filter((i) => ahead(rows[i]!, row) < 0).at(-1) ?? -1) : -1));
  return { order, ranks, behind };
}

const row = (score: number, correct = 0, sumE = 0): Row => ({ score, correct, sumE, in: true });

/** Narrow ranges make ties, wide ones make every digit matter. */
const rowsOf = (score: number, correct: number, sumE: number) =>
  fc.array(
    fc.record({
      score: fc.nat(score),
      correct: fc.nat(correct),
      sumE: fc.nat(sumE),
      in: fc.integer({ min: 0, max: 9 }).map((x) => x > 0),
    }),
    { maxLength: 300, size: 'max' },
  );

describe('rankAll', () => {
  test('1-2-2-4, more right answers before less, less time before more, order of joining inside a tie', () => {
    const standings = rank([row(500, 1, 9), row(900, 2, 50), row(500, 2, 9), row(900, 2, 50), row(500, 1, 8), row(1000)]);
    expect([...standings.rank]).toEqual([6, 2, 4, 2, 5, 1]);
    expect([...standings.order]).toEqual([5, 1, 3, 2, 4, 0]);
    expect([...standings.behind]).toEqual([4, 5, 3, 5, 2, -1]);
    expect(standings.count).toBe(6);
  });

  test('leaves out who is not included', () => {
    const standings = rank([row(5), { ...row(9), in: false }, row(7)]);
    expect([...standings.rank]).toEqual([2, 0, 1]);
    expect([...standings.behind]).toEqual([2, -1, -1]);
    expect([...standings.order.subarray(0, standings.count)]).toEqual([2, 0]);
  });

  test('of nobody is nothing', () => {
    expect(rankAll(columns([]), 0).count).toBe(0);
    expect(rank([{ ...row(1), in: false }]).count).toBe(0);
  });

  test.each([
    ['all ties', 2, 1, 2],
    ['tied scores', 3, 200, 48_000_000],
    ['a quiz', 20_000, 20, 400_000],
    ['the widest', 500_000, 200, 48_000_000],
  ])('equals the definition: %s', (_name, score, correct, sumE) => {
    fc.assert(
      fc.property(rowsOf(score, correct, sumE), (rows) => {
        const standings = rank(rows);
        const expected = naive(rows);
        expect([...standings.order.subarray(0, standings.count)]).toEqual(expected.order);
        expect([...standings.rank]).toEqual(expected.ranks);
        expect([...standings.behind]).toEqual(expected.behind);
      }),
      { numRuns: 60 },
    );
  });

  test('bears scores that crowd at every level of the distribution', () => {
    const rows = Array.from({ length: 3_000 }, (_unused, i) => row(i === 0 ? 500_000 : i === 1 ? 40_000 : i % 3, i % 2, i === 2 ? 48_000_000 : i % 50));
    const order = rows.map((_row, i) => i).sort((a, b) => ahead(rows[a]!, rows[b]!) || a - b);
    expect([...rank(rows).order]).toEqual(order);
  });

  test('a second use of the same standings leaves nothing of the first', () => {
    const standings = newStandings(3);
    rankAll(columns([row(1), row(2), row(3)]), 3, null, standings);
    rankAll(columns([row(1), row(2), row(3)]), 3, [true, false, true], standings);
    expect([standings.count, ...standings.rank, ...standings.behind]).toEqual([2, 2, 0, 1, 2, -1, -1]);
  });

  test('takes other standings where those given are too small', () => {
    const small = newStandings(1);
    const standings = rankAll(columns([row(1), row(2)]), 2, null, small);
    expect(standings).not.toBe(small);
    expect([...standings.rank]).toEqual([2, 1]);
  });
});

describe('podium', () => {
  test('takes all with rank 3 or better', () => {
    expect(podiumSize(rank([row(9), row(8), row(8), row(7)]))).toBe(3);
    expect(podiumSize(rank([row(9), row(8), row(7), row(7), row(7), row(6)]))).toBe(5);
    expect(podiumSize(rank([row(9), row(8)]))).toBe(2);
    expect(podiumSize(rank([]))).toBe(0);
  });

  test('holds at most 100', () => expect(podiumSize(rank(Array.from({ length: 150 }, () => row(3))))).toBe(100));
});
