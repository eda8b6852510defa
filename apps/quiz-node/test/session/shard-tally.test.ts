import { expect, test } from '@jest/globals';
import { newSessionCounters } from '../../src/session/counters.js';
import { ShardTally } from '../../src/session/shard-tally.js';

const start = () => {
  const counters = newSessionCounters();
  const clock = { now: 0, mono: () => clock.now, wall: () => clock.now };
  const handOvers: number[] = [];
  const tally = new ShardTally(counters, clock, { handedOver: (ms) => handOvers.push(ms) });
  const counted = () => [counters.shardsClaimed, counters.shardsHandedOver, counters.shardsLost];
  return { tally, clock, handOvers, counted };
};

test('an epoch counts once, however often its clock is raised', () => {
  const { tally, counted } = start();
  tally.owned(1, 4);
  tally.owned(1, 4);
  tally.owned(2, 4);
  expect(counted()).toEqual([2, 0, 0]);
  tally.lost(1);
  tally.owned(1, 6);
  expect(counted()).toEqual([3, 0, 1]);
});

test('a shard that was let go in a move is not lost, and the move is timed', () => {
  const { tally, clock, handOvers, counted } = start();
  tally.owned(1, 4);
  tally.moving(1);
  clock.now = 40;
  tally.lost(1);
  expect([counted(), handOvers]).toEqual([[1, 1, 0], [40]]);
  tally.owned(1, 6);
  tally.lost(1);
  expect([counted(), handOvers]).toEqual([[2, 1, 1], [40]]);
});

test('a shard whose ownership nobody was told of is not lost', () => {
  const { tally, counted } = start();
  tally.lost(1);
  expect(counted()).toEqual([0, 0, 0]);
});

test('shards are stalled until their journal answers, or they are not owned here any more', () => {
  const { tally } = start();
  for (const shard of [1, 2, 3]) tally.stalled(shard, true);
  tally.stalled(1, false);
  tally.lost(2);
  expect(tally.stalledShards).toBe(1);
});
