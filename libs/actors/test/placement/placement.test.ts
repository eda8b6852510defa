import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { placeShards, shardOf } from '@ringmaster/actors';

const names = (count: number) => Array.from({ length: count }, (_, i) => `quiz-node-${i}`);
const digest = (placement: readonly string[]) => crc32(placement.join());

describe('shardOf', () => {
  test('CRC-32 of the id in UTF-8, mod S (vectors by another implementation)', () => {
    expect(['7K3M9QRT', '00000000', 'ZZZZZZZZ', 'ü'].map((id) => shardOf(id, 2 ** 32))).toEqual([2323453154, 3221785859, 4154864625, 1675192789]);
    expect(shardOf('7K3M9QRT', 256)).toBe(226);
  });
});

describe('the ring', () => {
  test('golden vectors', () => {
    expect([1, 2, 3, 7, 14, 28, 49].map((count) => digest(placeShards(names(count), 256)))).toMatchInlineSnapshot(`
[
  3678320923,
  2426789232,
  4103162264,
  4234284909,
  3466582459,
  1226499726,
  2499482861,
]
`);
  });

  test('does not depend on the order in which nodes are named', () => {
    expect(placeShards([...names(5)].reverse(), 64)).toEqual(placeShards(names(5), 64));
  });

  test('every node gets its share, give or take', () => {
    for (const count of [2, 3, 7, 14]) {
      const placement = placeShards(names(count), 4_096);
      for (const name of names(count)) {
        const share = placement.filter((owner) => owner === name).length / (4_096 / count);
        expect(share).toBeGreaterThan(0.6);
        expect(share).toBeLessThan(1.5);
      }
    }
  });

  test('a node that goes moves only its own shards', () => {
    const before = placeShards(names(5), 256);
    const after = placeShards(names(5).filter((name) => name !== 'quiz-node-2'), 256);
    before.forEach((owner, shard) => {
      if (owner !== 'quiz-node-2') expect(after[shard]).toBe(owner);
    });
  });

  test('is made once for the same names, and again when others were asked for meanwhile', () => {
    const first = placeShards(names(3), 64);
    expect(placeShards([...names(3)].reverse(), 64)).toBe(first);
    expect(placeShards(names(3), 32)).toHaveLength(32);
    for (let count = 4; count < 40; count += 1) placeShards(names(count), 8);
    expect(placeShards(names(3), 64)).toEqual(first);
    expect(placeShards(['a', 'b,c'], 64)).not.toEqual(placeShards(['a,b', 'c'], 64));
  });

  test('no node, no owner', () => {
    expect(placeShards([], 2)).toEqual(['', '']);
  });
});
