import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { quizOf, swift } from './harness/quizzes.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

const short = { ...swift, graceMs: 300 };

describe('one counted answer for each player and question', () => {
  it('the same answerId gets the same ok; another one gets 302 with the first', async () => {
    const game = await Game.of(product);
    const { ada } = game;
    await game.open();
    const first = await ada.answer('q1', 'b', 'x-1');
    expect(first).toEqual({ answerId: 'x-1', receivedAt: expect.any(Number), receipt: { shard: expect.any(Number), epoch: expect.any(Number), n: expect.any(Number) } });
    expect(await ada.answer('q1', 'b', 'x-1')).toEqual({ ...first, dup: true, value: 'b' });
    expect(await ada.answer('q1', 'a', 'x-1')).toEqual({ ...first, dup: true, value: 'b' });
    const { receivedAt } = first;
    expect(await ada.err('answer.submit', { answerId: 'x-2', qid: 'q1', value: 'a' })).toMatchObject({ code: 302, retry: false, answered: { qid: 'q1', answerId: 'x-1', value: 'b', receivedAt } });
    expect((await product.host.report(game.id)).answers).toEqual([{ playerId: ada.playerId, qid: 'q1', answerId: 'x-1', value: 'b', receivedAt, outcome: null, points: null }]);
  });

  it('ten copies at once: one is counted, and all get its verdict', async () => {
    const game = await Game.of(product);
    await game.open();
    const ids = Array.from({ length: 8 }, (_, index) => game.ada.send('answer.submit', { answerId: index % 2 === 0 ? 'even' : 'odd', qid: 'q1', value: index % 2 === 0 ? 'a' : 'b' }));
    const replies = await Promise.all(ids.map((id) => game.ada.reply(id)));
    expect(replies.map(({ t, d }) => (t === 'ok' ? `ok ${String(d['dup'] ?? 'first')}` : d['code']))).toEqual(['ok first', 302, 'ok true', 302, 'ok true', 302, 'ok true', 302]);
    expect((await product.host.report(game.id)).answers).toHaveLength(1);
  });

  it('is known for the whole life of the session', async () => {
    const game = await Game.of(product);
    await game.open();
    const first = await game.ada.answer('q1', 'b', 'x-1');
    await game.order('close');
    await game.order('next');
    await game.ada.sees('question.opened');
    expect(await game.ada.answer('q1', 'b', 'x-1')).toEqual({ ...first, dup: true, value: 'b' });
    await game.order('end');
    expect(await game.ada.answer('q1', 'b', 'x-1')).toEqual({ ...first, dup: true, value: 'b' });
    expect(await game.ada.err('answer.submit', { answerId: 'x-9', qid: 'q1', value: 'b' })).toMatchObject({ code: 302 });
  });
});

describe('time', () => {
  it('before opensAt: 300, to be tried again after the time that is left', async () => {
    const game = await Game.of(product, { ...swift, leadMs: 700 });
    await game.order('start');
    const { d: opened } = await game.ada.sees('question.opened');
    const early = await game.ada.err('answer.submit', { answerId: 'x', qid: 'q1', value: 'b' });
    expect(early).toMatchObject({ code: 300, retry: true });
    expect(early.retryAfterMs).toBeLessThanOrEqual(700);
    await new Promise((resolve) => setTimeout(resolve, early.retryAfterMs));
    const { receivedAt } = await game.ada.answer('q1', 'b', 'x');
    expect(receivedAt).toBeGreaterThanOrEqual(opened.opensAt);
    expect(receivedAt).toBeLessThan(opened.opensAt + 500);
  });

  it('in the lobby and in the preview: 300; another question: 304, or 301 once it is over', async () => {
    const game = await Game.of(product, { ...swift, timing: { startMs: 0, readMs: 60_000 } });
    const code = async (qid: string) => (await game.ada.err('answer.submit', { answerId: 'x', qid, value: 'b' })).code;
    expect(await code('q1')).toBe(300);
    await game.order('start');
    expect([await code('q1'), await code('q2')]).toEqual([300, 304]);
    await game.order('next');
    await game.ada.sees('question.opened');
    expect([await code('q2'), await code('q77')]).toEqual([304, 304]);
    await game.order('close');
    expect([await code('q1'), await code('q2')]).toEqual([301, 304]);
    await game.order('next');
    expect(await code('q1')).toBe(301);
  });

  it('at the boundary: what arrives until closesAt + grace counts with e = L, what comes later is 301', async () => {
    const game = await Game.of(product, short, quizOf(1, { limitMs: 5_000 }));
    const { ada, bob } = game;
    await game.order('start');
    const { d: opened } = await ada.sees('question.opened');
    const offset = await ada.clockOffset(() => performance.now());
    const until = (at: number) => new Promise((resolve) => setTimeout(resolve, at - offset - performance.now()));
    await until(opened.closesAt + 60);
    const { receivedAt } = await ada.answer('q1', 'b');
    expect(receivedAt - opened.closesAt).toBeGreaterThan(0);
    expect(receivedAt - opened.closesAt).toBeLessThanOrEqual(300);
    const { d: closed, at } = await bob.sees('question.closed');
    expect(closed).toEqual({ qid: 'q1', reason: 'deadline', answered: 1, eligible: 2 });
    expect(at).toBeGreaterThanOrEqual(opened.closesAt + 300);
    expect(await bob.err('answer.submit', { answerId: 'late', qid: 'q1', value: 'b' })).toMatchObject({ code: 301, retry: false });
    expect((await ada.sees('me.result')).d).toMatchObject({ outcome: 'correct', elapsedMs: 5_000, points: { speed: 500, total: 500 } });
    expect((await bob.sees('me.result')).d).toMatchObject({ outcome: 'unanswered', elapsedMs: null, score: 0 });
  });
});

describe('what does not fit', () => {
  it('the question: 303; the schema: 102; and the right shape still counts afterwards', async () => {
    const game = await Game.of(product);
    await game.open();
    const code = async (value: unknown) => (await game.ada.err('answer.submit', { answerId: 'x', qid: 'q1', value: value as string })).code;
    expect(await code('z')).toBe(303);
    expect(await code(['a'])).toBe(303);
    expect(await code(true)).toBe(303);
    expect(await code(12.5)).toBe(303);
    expect(await code('')).toBe(303);
    expect(await code(null)).toBe(102);
    expect(await code({ a: 1 })).toBe(102);
    expect(await game.bob.answer('q1', 'b')).toMatchObject({ answerId: 'Bob-q1' });
  });

  it.each([
    { type: 'multiple', key: ['a', 'c'], right: ['c', 'a'], wrong: ['a'], bad: [[], ['a', 'a'], ['z'], 'a'] },
    { type: 'trueFalse', key: true, right: true, wrong: false, bad: ['true', 1] },
    { type: 'text', key: ['Ångström'], right: '  ÅNGSTRÖM ', wrong: 'meter', bad: ['', '   ', 'x'.repeat(501), 7] },
    { type: 'numeric', key: { value: 12.5, tolerance: 0.5 }, right: 13, wrong: 13.01, bad: ['13', true] },
    { type: 'ordering', key: ['b', 'a', 'c'], right: ['b', 'a', 'c'], wrong: ['a', 'b', 'c'], bad: [['a', 'b'], ['a', 'b', 'b'], ['a', 'b', 'c', 'd']] },
    { type: 'poll', key: undefined, right: 'a', wrong: 'b', bad: ['z', ['a']] },
  ])('every type of question takes its shape only: $type', async ({ type, key, right, wrong, bad }) => {
    const options = ['multiple', 'ordering', 'poll'].includes(type) ? { options: [{ text: 'one' }, { text: 'two' }, { text: 'three' }] } : {};
    const game = await Game.of(product, swift, { title: type, questions: [{ type, text: 'What?', ...options, ...(key !== undefined && { key }) }] });
    await game.open();
    for (const value of bad) expect([value, (await game.ada.err('answer.submit', { answerId: 'x', qid: 'q1', value: value as string })).code]).toEqual([value, 303]);
    await game.ada.answer('q1', right as string);
    await game.bob.answer('q1', wrong as string);
    const results = [(await game.ada.sees('me.result')).d.outcome, (await game.bob.sees('me.result')).d.outcome];
    expect(results).toEqual(type === 'poll' ? ['unscored', 'unscored'] : ['correct', 'wrong']);
  });
});
