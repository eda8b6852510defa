/** Pauses, outages and deadlines: what they do to the times of a question, and when a session acts by itself. */
import { describe, expect, it } from '@jest/globals';
import { quizDecider } from '../../../src/quiz/decider.js';
import { ABANDONED_MS, LINGER_MS, LOBBY_MS_MAX } from '../../../src/quiz/deadline.js';
import { explain } from '../../../src/quiz/views/explain.js';
import { liveBoard } from '../../../src/quiz/views/leaderboard.js';
import { World } from './world.js';

/** Opened at 0: opensAt 400, closesAt 10,400. */
function openWorld(settings: object = {}): World {
  const world = new World(undefined, { timing: { startMs: 0, readMs: 0 }, ...settings });
  for (const name of ['ann', 'bob', 'cat']) world.join(name);
  world.host('start');
  return world;
}
const times = (world: World): number[] => {
  const run = world.state.runs.at(-1);
  return [run?.opensAt ?? -1, run?.closesAt ?? -1];
};
const types = (turn: { readonly events: readonly { readonly type: string }[] }): string[] => turn.events.map(({ type }) => type);
const elapsed = (world: World, who: string): number | undefined => explain(world.state, who, 'q1')?.answer?.elapsedMs;

/** Nothing happens by itself while a session is away. */
function outage(world: World, from: number, to: number): void {
  world.now = to;
  world.turn({ type: 'outage', from, to });
}

describe('outages (T2)', () => {
  it('one that began before opensAt moves it by its whole length', () => {
    const world = openWorld();
    outage(world, 100, 2_100);
    expect(times(world)).toEqual([2_400, 12_400]);
    expect(world.outputs.at(-1)).toMatchObject({ t: 'question.extended', d: { qid: 'q1', opensAt: 2_400, closesAt: 12_400, byMs: 2_000, reason: 'outage' } });
    world.until(2_500);
    world.answer('ann', 'q1', 'b');
    expect(elapsed(world, 'ann')).toBe(100);
  });

  it('a later one is frozen time: up to the arrival for who answered within', () => {
    const world = openWorld();
    world.until(1_000);
    world.answer('ann', 'q1', 'b');
    outage(world, 2_000, 5_000);
    expect(times(world)).toEqual([400, 13_400]);
    expect(world.outputs.at(-1)).toMatchObject({ t: 'question.extended', d: { qid: 'q1', closesAt: 13_400, byMs: 3_000, reason: 'outage' } });
    expect(world.outputs.at(-1)).not.toHaveProperty('d.opensAt');
    world.answer('bob', 'q1', 'b', { recvAt: 3_000 });
    world.until(5_500);
    world.answer('cat', 'q1', 'b');
    expect(['ann', 'bob', 'cat'].map((who) => elapsed(world, who))).toEqual([600, 1_600, 2_100]);
  });

  it('counts for an answer that was accepted before it was known', () => {
    const world = openWorld();
    world.until(4_000);
    world.answer('ann', 'q1', 'b');
    outage(world, 2_000, 3_500);
    expect(elapsed(world, 'ann')).toBe(2_100);
  });

  it('in immediate mode the standings of now follow at once', () => {
    const world = openWorld({ liveScores: 'immediate' });
    world.until(4_400);
    world.answer('ann', 'q1', 'b');
    expect(liveBoard(world.state).top[0]).toMatchObject({ score: 800 });
    outage(world, 2_400, 4_400);
    expect(liveBoard(world.state).top[0]).toMatchObject({ score: 900 });
  });

  it('the same time is not given back twice', () => {
    const world = openWorld();
    outage(world, 2_000, 4_000);
    world.turn({ type: 'outage', from: 1_000, to: 4_000 });
    expect(times(world)).toEqual([400, 12_400]);
    world.until(5_000);
    world.host('pause', {}, { recvAt: 3_000 });
    world.until(6_000);
    world.host('resume');
    expect(times(world)).toEqual([400, 14_400]);
    world.turn({ type: 'outage', from: 5_500, to: 6_500 });
    expect(times(world)).toEqual([400, 14_900]);
  });

  it('while paused, or while no question is open, nothing is lost', () => {
    const world = openWorld({ reveal: 'host' });
    world.host('pause');
    world.until(5_000);
    expect(types(world.turn({ type: 'outage', from: 1_000, to: 5_000 }))).toEqual([]);
    world.host('resume');
    world.host('close');
    expect(types(world.turn({ type: 'outage', from: 5_000, to: 9_000 }))).toEqual([]);
  });

  it('never shortens what is left, and one of no length changes nothing', () => {
    const world = openWorld();
    for (const [from, to] of [[2_000, 2_000], [3_000, 2_000], [Number.NaN, 5]] as const) expect(types(world.turn({ type: 'outage', from, to }))).toEqual([]);
    // Everybody was away beyond the end: the whole rest of the time comes back.
    outage(world, 5_000, 60_000);
    expect(types(world.until(60_000))).toEqual([]);
    expect(times(world)).toEqual([400, 65_400]);
  });
});

describe('pauses', () => {
  it('count from the arrival of the command, but not from before the question', () => {
    const world = new World(undefined, { timing: { startMs: 0, readMs: 1_000 } });
    world.join('ann');
    world.host('start');
    world.until(1_200);
    expect(times(world)).toEqual([1_400, 11_400]);
    world.host('pause', {}, { recvAt: 500 });
    world.until(2_000);
    world.host('resume');
    expect(times(world)).toEqual([2_400, 12_400]);
  });

  it('keep the rest of starting and of the reading time', () => {
    const world = new World(undefined, { timing: { startMs: 1_000, readMs: 1_000 } });
    world.host('start');
    world.until(600);
    world.host('pause');
    expect(types(world.until(50_000))).toEqual([]);
    world.host('resume');
    expect(types(world.until(50_399))).toEqual([]);
    expect(types(world.until(50_400))).toEqual(['question.previewed']);
    world.until(50_900);
    world.host('pause');
    world.until(51_900);
    world.host('resume');
    expect(types(world.until(52_399))).toEqual([]);
    expect(types(world.until(52_400))).toEqual(['question.opened']);
  });
});

describe('the grace', () => {
  it('an arrival after closesAt counts as the whole limit, whatever the credit', () => {
    const world = openWorld();
    world.until(10_450);
    world.answer('ann', 'q1', 'b', { recvAt: 10_400, creditMs: 150 });
    world.answer('bob', 'q1', 'b', { recvAt: 10_401, creditMs: 150 });
    expect([elapsed(world, 'ann'), elapsed(world, 'bob')]).toEqual([9_850, 10_000]);
    // It stays so when the time is extended later.
    world.host('extend', { ms: 5_000 });
    expect(elapsed(world, 'bob')).toBe(10_000);
    world.until(12_000);
    world.answer('cat', 'q1', 'b', { creditMs: 150 });
    expect(elapsed(world, 'cat')).toBe(10_000);
  });

  it('closes behind what was received: the deadline says so', () => {
    const world = openWorld({ graceMs: 700 });
    expect(quizDecider.nextDeadline(world.state)).toMatchObject({ at: 11_100, behindReceived: true });
  });
});

describe('what nobody cares for', () => {
  it('a lobby ends after a day, whoever waits in it', () => {
    const world = new World();
    expect(types(world.until(LOBBY_MS_MAX - 1))).toEqual([]);
    expect(world.until(LOBBY_MS_MAX).events).toEqual([{ type: 'session.cancelled', reason: 'never started' }]);
    expect(types(world.until(LOBBY_MS_MAX + LINGER_MS))).toEqual(['session.retired']);
  });

  it('a running session is cancelled after two hours without anybody', () => {
    const world = openWorld();
    world.host('close');
    expect(world.until(ABANDONED_MS).events).toEqual([{ type: 'presence.noted', host: true }]);
    world.hostPresent = false;
    expect(world.until(2 * ABANDONED_MS).events).toEqual([{ type: 'presence.noted', host: false }]);
    world.present = false;
    expect(types(world.until(3 * ABANDONED_MS - 1))).toEqual([]);
    expect(world.until(3 * ABANDONED_MS).events).toEqual([{ type: 'session.cancelled', reason: 'abandoned' }]);
  });

  it('whatever a player does is a sign of life', () => {
    const world = openWorld();
    world.host('close');
    world.present = false;
    world.hostPresent = false;
    world.until(ABANDONED_MS - 1);
    world.join('dan');
    expect(types(world.until(2 * ABANDONED_MS - 2))).toEqual([]);
    expect(types(world.until(2 * ABANDONED_MS - 1))).toEqual(['session.cancelled']);
  });

  it('a paused session is given up as well', () => {
    const world = openWorld();
    world.host('pause');
    world.present = false;
    world.hostPresent = false;
    expect(types(world.until(ABANDONED_MS))).toEqual(['session.cancelled']);
  });

  it('a podium without a host for two hours finishes, even with players', () => {
    const world = openWorld();
    for (const order of ['close', 'next', 'close', 'next'] as const) world.host(order);
    expect(world.until(ABANDONED_MS).events).toEqual([{ type: 'presence.noted', host: true }]);
    world.hostPresent = false;
    expect(types(world.until(2 * ABANDONED_MS))).toEqual(['session.finished']);
  });
});
