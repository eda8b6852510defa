/** Hints: coalesced, by role, without numbers. */
import { afterEach, expect, test } from '@jest/globals';
import type { StageClient } from './stage/client.js';
import { answer, host, join, openQuestion, order, playerIdOf } from './stage/play.js';
import { World } from './stage/world.js';

let world: World;
let boss: StageClient;
let ada: StageClient;
let bob: StageClient;

async function stage(liveScores: 'reveal' | 'immediate'): Promise<void> {
  world = await World.open();
  await world.create({}, { liveScores });
  boss = await host(world);
  ada = await join(world, 'Ada');
  bob = await join(world, 'Bob');
}
const count = (client: StageClient, t: string): number => client.types().filter((type) => type === t).length;

afterEach(() => {
  expect(world.router.complaints).toEqual([]);
});

test('immediate scores: a result with each answer, and the leaderboard as a hint, at most four a second', async () => {
  await stage('immediate');
  await join(world, 'Cy');
  await openQuestion(world, boss);
  await answer(world, ada, 'b');
  await answer(world, bob, 'a');
  expect(ada.last('me.result')).toMatchObject({ p: 1, d: { outcome: 'correct', rank: 1, revision: 0 } });
  expect(count(boss, 'leaderboard')).toBe(0);
  await world.time.advance(250);
  expect(count(boss, 'leaderboard')).toBe(1);
  const hint = ada.last('leaderboard')!;
  expect(hint).not.toHaveProperty('s');
  expect(hint.d).toMatchObject({ revision: 0, of: 3, top: [{ rank: 1, playerId: playerIdOf(ada), score: 1000 }, {}, {}] });
  await order(world, boss, 'close');
  expect(ada.last('me.result')).toMatchObject({ p: 2, d: { revision: 1 } });
});

test('a question that is closed has no progress any more', async () => {
  await stage('reveal');
  await openQuestion(world, boss);
  await answer(world, ada, 'b');
  await order(world, boss, 'close');
  await world.time.advance(6_000);
  expect([boss, ada].map((client) => count(client, 'question.progress'))).toEqual([0, 0]);
});

test('progress: many answers, one hint in a quarter of a second', async () => {
  await stage('reveal');
  const more = await Promise.all(['Cy', 'Di', 'Ed', 'Fi'].map((name) => join(world, name)));
  await openQuestion(world, boss);
  for (const player of [ada, bob, ...more.slice(1)]) await answer(world, player, 'b');
  await world.time.advance(1_000);
  expect(count(boss, 'question.progress')).toBe(1);
  expect(boss.last('question.progress')!.d).toEqual({ qid: 'q1', answered: 5, eligible: 6 });
  await answer(world, more[0]!, 'b');
  expect(ada.last('question.closed')!.d).toMatchObject({ reason: 'all' });
});

test('a journal that does not answer is shown to everybody, and so is its return', async () => {
  await stage('reveal');
  world.node.edge.stalled(0, true);
  await world.time.settle();
  world.node.edge.stalled(0, false);
  await world.time.settle();
  for (const client of [boss, ada]) expect(client.types().slice(-2)).toEqual(['session.stalled', 'session.unstalled']);
  expect(ada.last('session.stalled')!.d).toEqual({ reason: 'journal' });
});

test('a session without listeners has no timers left', async () => {
  await stage('reveal');
  await openQuestion(world, boss);
  await answer(world, ada, 'b');
  for (const client of [boss, ada, bob]) client.hangUp();
  const before = world.router.seen.length;
  await world.time.advance(3_000);
  expect(world.router.seen.slice(before)).toEqual([]);
});
