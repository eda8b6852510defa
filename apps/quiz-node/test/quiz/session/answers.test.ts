/** An answer is judged in the documented order; each test breaks two rules at once and hears of the first. */
import { describe, expect, it } from '@jest/globals';
import type { AnswerValue } from '../../../src/quiz/definition.js';
import { World } from './world.js';

const AT_ONCE = { timing: { startMs: 0, readMs: 0 } };

/** Question 1 is open from 400 to 10,400 for ann, bob and cat; dan came later. */
function openWorld(settings: object = {}): World {
  const world = new World(undefined, { ...AT_ONCE, ...settings });
  for (const name of ['ann', 'bob', 'cat']) world.join(name);
  world.host('start');
  world.join('dan');
  world.until(1_000);
  return world;
}
const code = (world: World, who: string, qid: string, value: AnswerValue, more: object = {}): number | string => {
  const { reply } = world.answer(who, qid, value, more);
  if (reply === 'stash') return 'held';
  return reply.ok ? 'ok' : reply.code;
};

describe('the order of checks', () => {
  it('shape before everything', () => {
    const world = openWorld();
    for (const answerId of ['', 'x'.repeat(65), 7 as never]) expect(code(world, 'nobody', 'q9', 'b', { answerId })).toBe(102);
    for (const value of [null, {}, [1], undefined] as never[]) expect(code(world, 'ann', 'q1', value)).toBe(102);
    expect(code(world, 'ann', 7 as never, 'b')).toBe(102);
    expect(code(world, 'ann', 'q1', 'b', { recvAt: Number.NaN })).toBe(102);
    expect(code(world, 'ann', 'q1', 'b', { answerId: 'x'.repeat(64) })).toBe('ok');
  });

  it('known before the question, for the whole life of the session', () => {
    const world = openWorld();
    expect(code(world, 'ann', 'q1', 'b')).toBe('ok');
    world.host('close');
    world.host('next');
    expect(code(world, 'ann', 'q1', 'c')).toBe('ok');
    expect(code(world, 'ann', 'q1', 'c', { answerId: 'other' })).toBe(302);
    world.host('kick', { playerId: 'ann' });
    world.host('end');
    expect(world.answer('ann', 'q1', 'c').reply).toMatchObject({ ok: true, dup: true, value: 'b' });
  });

  it('another question: 301 where it was open once, else 304, and 300 where none is on', () => {
    const lobby = new World(undefined, AT_ONCE);
    lobby.join('ann');
    expect(code(lobby, 'ann', 'q1', 'b')).toBe(300);
    expect(code(lobby, 'ann', 'nonsense', 'b')).toBe(300);
    const world = openWorld();
    expect(code(world, 'dan', 'q2', 1)).toBe(304);
    world.host('close');
    world.host('next');
    expect(code(world, 'ann', 'q1', 'b')).toBe(301);
    world.host('end');
    expect(code(world, 'ann', 'q2', 1)).toBe(301);
    expect(code(world, 'ann', 'q3', 1)).toBe(300);
  });

  it('preview is 300, before eligibility and without a hint', () => {
    const world = new World(undefined, { timing: { startMs: 0, readMs: 5_000 } });
    world.join('ann');
    world.host('start');
    world.host('pause');
    expect(world.answer('ann', 'q1', 'b').reply).toEqual({ ok: false, code: 300 });
  });

  it('not eligible is 306, before the pause', () => {
    const world = openWorld();
    world.turn({ type: 'leave', playerId: 'bob', recvAt: world.now });
    world.host('pause');
    expect(code(world, 'dan', 'q1', 'b')).toBe(306);
    expect(code(world, 'bob', 'q1', 'b')).toBe(306);
    expect(code(world, 'ann', 'q1', 'nonsense')).toBe(305);
    expect(code(world, 'nobody', 'q1', 'b')).toBe(201);
  });

  it('paused is 305, before the phase; what arrived before the pause is taken', () => {
    const world = openWorld({ reveal: 'host' });
    world.host('pause', {}, { recvAt: 900 });
    expect(world.answer('ann', 'q1', 'b', { recvAt: 900 }).reply).toEqual({ ok: false, code: 305, extra: { retry: true } });
    expect(code(world, 'ann', 'q1', 'b', { recvAt: 899 })).toBe('ok');
    world.host('resume');
    world.host('close');
    world.host('pause');
    expect(code(world, 'bob', 'q1', 'b')).toBe(305);
    expect(code(world, 'bob', 'q1', 'b', { recvAt: 999 })).toBe(301);
  });

  it('within the lead is 300 with a time to come back, before the value', () => {
    const world = new World(undefined, AT_ONCE);
    world.join('ann');
    world.host('start');
    world.until(100);
    expect(world.answer('ann', 'q1', 'nonsense').reply).toEqual({ ok: false, code: 300, extra: { retry: true, retryAfterMs: 300 } });
    expect(code(world, 'ann', 'q1', 'b', { recvAt: 400 })).toBe('ok');
  });

  it('late is held while the question is open, and 301 then; the value comes last', () => {
    const world = openWorld();
    world.until(10_899);
    expect(code(world, 'ann', 'q1', 'nonsense', { recvAt: 10_900 })).toBe(303);
    expect(code(world, 'ann', 'q1', 'nonsense', { recvAt: 10_901 })).toBe('held');
    world.until(10_900);
    expect(world.unstashedReplies).toEqual([{ ok: false, code: 301 }]);
    expect(code(world, 'bob', 'q1', 'b', { recvAt: 9_000 })).toBe(301);
  });
});

describe('an accepted answer', () => {
  it('gets its place in the journal, and a repeat gets the same under another owner', () => {
    const world = openWorld();
    const first = world.answer('ann', 'q1', 'b').reply;
    expect(first).toEqual({ ok: true, type: 'answered', answerId: 'ann-q1', receivedAt: 1_000, receipt: { shard: 3, epoch: 1, n: world.n } });
    world.epoch = 9;
    world.answer('bob', 'q1', 'b');
    expect(world.answer('ann', 'q1', 'zzz').reply).toEqual({ ...(first as object), value: 'b', dup: true });
    expect(world.answer('bob', 'q1', 'b').reply).toMatchObject({ receipt: { epoch: 9, n: world.n } });
  });

  it('is told alike whether it is right or wrong', () => {
    const world = openWorld();
    const shape = (who: string, value: AnswerValue): string => JSON.stringify(world.answer(who, 'q1', value).reply).replaceAll(who, '').replace(/"n":\d+/, '');
    expect(shape('ann', 'b')).toBe(shape('bob', 'a'));
  });

  it('never takes more credit than there is', () => {
    const world = openWorld();
    const credit = (who: string, creditMs: number): number => (world.answer(who, 'q1', 'b', { creditMs }).events[0] as { creditMs: number }).creditMs;
    expect([credit('ann', 1_000), credit('bob', -5), credit('cat', Number.NaN)]).toEqual([150, 0, 0]);
  });

  it('counts whoever leaves afterwards, in the scores but not in the counts', () => {
    const world = openWorld();
    world.answer('ann', 'q1', 'b');
    world.turn({ type: 'leave', playerId: 'ann', recvAt: world.now });
    world.turn({ type: 'leave', playerId: 'cat', recvAt: world.now });
    const { outputs } = world.host('close');
    expect(outputs).toContainEqual(expect.objectContaining({ t: 'question.closed', d: { qid: 'q1', reason: 'host', answered: 0, eligible: 1 } }));
    expect(outputs).toContainEqual(expect.objectContaining({ t: 'question.revealed', d: expect.objectContaining({ stats: { byOption: { a: 0, b: 0, c: 0 }, correct: 0, unanswered: 1, medianMs: null } }) }));
    const results = outputs.find(({ kind }) => kind === 'each') as unknown as { items: { playerId: string; d: { outcome: string; score: number } }[] };
    expect(results.items.map(({ playerId, d }) => [playerId, d.outcome, d.score])).toEqual([['ann', 'correct', 970], ['bob', 'unanswered', 0], ['cat', 'missed', 0], ['dan', 'missed', 0]]);
  });
});

describe('closing early', () => {
  it('when all have answered; without anybody eligible it takes its time', () => {
    const world = openWorld();
    world.answer('ann', 'q1', 'b');
    world.answer('bob', 'q1', 'b');
    expect(world.host('kick', { playerId: 'cat' }).events.map(({ type }) => type)).toEqual(['player.kicked', 'question.closed', 'question.revealed']);
    const empty = new World(undefined, AT_ONCE);
    empty.host('start');
    expect(empty.until(10_899).events).toEqual([]);
    expect(empty.until(10_900).events.map(({ type }) => type)).toEqual(['question.closed', 'question.revealed']);
  });

  it('when the others are gone and somebody is present', () => {
    const world = openWorld();
    world.answer('ann', 'q1', 'b');
    const closeIfAll = (gone: string[], present: boolean): string[] => world.turn({ type: 'closeIfAll', gone: new Set(gone), present }).events.map(({ type }) => type);
    expect(closeIfAll(['bob'], true)).toEqual([]);
    expect(closeIfAll(['bob', 'cat'], false)).toEqual([]);
    world.host('pause');
    expect(closeIfAll(['bob', 'cat'], true)).toEqual([]);
    world.host('resume');
    expect(closeIfAll(['bob', 'cat'], true)).toEqual(['question.closed', 'question.revealed']);
    expect(closeIfAll(['bob', 'cat'], true)).toEqual([]);
  });

  it('not while paused, but right after', () => {
    const world = openWorld();
    world.host('pause');
    for (const who of ['ann', 'bob', 'cat']) expect(code(world, who, 'q1', 'b', { recvAt: 999 })).toBe('ok');
    expect(world.state.phase).toBe('open');
    expect(world.host('resume').reply).toMatchObject({ phase: 'revealed' });
  });
});
