import { expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import { standingsHash } from '../../src/quiz/standings-hash.js';

const row = (rank: number, playerId: string, score = 0, correct = 0, sumE = 0) => ({ rank, playerId, score, correct, sumE });
const rows = [row(2, 'p10', 900, 1, 1200), row(4, 'p3'), row(1, 'p2', 1900, 2, 5000), row(2, 'p1', 900, 1, 1200)];

test('is SHA-256 of the rows by rank, then playerId', () => {
  // printf %s '[[1,"p2",1900,2,5000],[2,"p1",900,1,1200],[2,"p10",900,1,1200],[4,"p3",0,0,0]]' | sha256sum
  expect(standingsHash(rows)).toBe('64ad69c2801ad4e494e88885e4e58ff52c5332c00758d09be07b0a02bdbfc072');
  expect(standingsHash([])).toBe(createHash('sha256').update('[]').digest('hex'));
});

test('does not depend on the order in which the rows come, and leaves them so', () => {
  const given = rows.toReversed();
  expect(standingsHash(given)).toBe(standingsHash(rows));
  expect(given).toEqual(rows.toReversed());
});

test('is over the RFC 8785 form, whatever stands in an id', () => {
  const odd = [row(1, 'é"\\\u0001\u2028😀', 1e6, 200, 48_000_000), row(1, 'a/b')];
  const expected = canonicalize(odd.toReversed().map((each) => [each.rank, each.playerId, each.score, each.correct, each.sumE])) ?? '';
  expect(standingsHash(odd)).toBe(createHash('sha256').update(expected).digest('hex'));
});

test('changes with every column', () => {
  const changed = [row(2, 'p1', 900, 1, 1200), row(1, 'p2', 900, 1, 1200), row(1, 'p1', 901, 1, 1200), row(1, 'p1', 900, 2, 1200), row(1, 'p1', 900, 1, 1201)];
  const hashes = new Set([row(1, 'p1', 900, 1, 1200), ...changed].map((each) => standingsHash([each])));
  expect(hashes.size).toBe(6);
});
