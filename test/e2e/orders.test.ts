import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Game } from './harness/game.js';
import { agree, closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { quizOf, swift } from './harness/quizzes.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

describe('pause', () => {
  it('stops the clock: 305 to who answers, and the time that was left afterwards', async () => {
    const game = await Game.of(product);
    const { ada, bob } = game;
    await game.order('start');
    const { d: opened } = await ada.sees('question.opened');
    await ada.answer('q1', 'b');
    expect(await game.order('pause', { reason: 'fire drill' })).toMatchObject({ phase: 'paused' });
    const paused = await bob.sees('session.paused');
    expect(paused.d).toEqual({ reason: 'fire drill' });
    expect(await bob.err('answer.submit', { answerId: 'x', qid: 'q1', value: 'a' })).toMatchObject({ code: 305, retry: true });
    expect(await game.refused('next')).toEqual({ status: 409, code: 401 });
    expect(await game.order('resume')).toMatchObject({ phase: 'open' });
    const resumed = await bob.sees('session.resumed');
    expect(resumed.d).toMatchObject({ qid: 'q1', opensAt: opened.opensAt });
    const length = (resumed.at as number) - (paused.at as number);
    expect(Math.abs((resumed.d.closesAt as number) - opened.closesAt - length)).toBeLessThanOrEqual(5);
    await bob.answer('q1', 'b', 'x');
    expect((await bob.sees('me.result')).d.outcome).toBe('correct');
    agree([ada, bob]);
  });

  it('in the preview keeps the reading time that was left', async () => {
    const game = await Game.of(product, { ...swift, timing: { startMs: 0, readMs: 1_500 } });
    await game.order('start');
    await game.order('pause');
    await game.ada.sees('session.paused');
    expect(await game.refused('next')).toEqual({ status: 409, code: 401 });
    const { s } = await game.order('resume');
    expect(s).toBe((await game.ada.sees('session.resumed')).s);
    const resumedAt = game.ada.got('session.resumed')[0]?.at as number;
    const opened = await game.ada.sees('question.opened');
    expect((opened.at as number) - resumedAt).toBeGreaterThan(1_000);
  });
});

describe('time', () => {
  it('extend gives exactly what was asked for, 1 to 240,000 ms', async () => {
    const game = await Game.of(product);
    await game.order('start');
    const { d: opened } = await game.ada.sees('question.opened');
    await game.order('extend', { ms: 5_000 });
    expect((await game.ada.sees('question.extended')).d).toEqual({ qid: 'q1', closesAt: opened.closesAt + 5_000, byMs: 5_000, reason: 'host' });
    for (const ms of [0, -1, 240_001, 1.5, '5']) expect((await game.refused('extend', { ms })).status).toBe(422);
    await game.order('close');
    expect(await game.refused('extend', { ms: 1_000 })).toEqual({ status: 409, code: 401 });
  });
});

describe('taking a question back', () => {
  it('skip: shown, and worth nothing', async () => {
    const game = await Game.of(product);
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.order('skip');
    expect((await game.bob.sees('question.closed')).d).toMatchObject({ reason: 'host', answered: 1 });
    expect((await game.bob.sees('question.revealed')).d.key).toBe('b');
    expect((await game.ada.sees('me.result')).d).toMatchObject({ outcome: 'unscored', score: 0, points: { total: 0 } });
    expect((await game.ada.sees('leaderboard')).d).toMatchObject({ revision: 1, of: 2 });
    agree([game.ada, game.bob]);
  });

  it('void of a revealed question takes its points away, in a revision of its own', async () => {
    const game = await Game.of(product);
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.bob.answer('q1', 'a');
    await game.ada.sees('leaderboard');
    await game.order('void', { qid: 'q1', reason: 'wrong picture' });
    expect((await game.ada.sees('question.voided')).d).toEqual({ qid: 'q1', reason: 'wrong picture' });
    expect((await game.ada.sees('scores.revised')).d).toMatchObject({ revision: 2, qid: 'q1' });
    expect((await game.ada.sees('me.result', ({ d }) => d.revision === 2)).d).toMatchObject({ outcome: 'unscored', score: 0, rank: 1 });
    expect((await game.ada.sees('leaderboard')).d).toMatchObject({ revision: 2 });
    expect(await game.refused('void', { qid: 'q1' })).toEqual({ status: 409, code: 401 });
    expect(await game.refused('void', { qid: 'q2' })).toEqual({ status: 409, code: 401 });
    expect((await game.refused('void', { qid: 'q99' })).status).toBe(404);
    agree([game.ada, game.bob]);
  });

  it('a corrected key turns the ranking over, during the game and after its end', async () => {
    const game = await Game.of(product, swift, quizOf(1));
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.bob.answer('q1', 'a');
    expect((await game.bob.sees('me.result')).d).toMatchObject({ outcome: 'wrong', rank: 2 });
    const correct = (key: string) => product.host.must('POST', `/v1/sessions/${game.id}/questions/q1:correctKey`, { key, reason: 'typo' });
    await correct('a');
    expect((await game.bob.sees('scores.revised')).d).toEqual({ revision: 2, reason: 'typo', qid: 'q1', key: 'a' });
    expect((await game.bob.sees('me.result')).d).toMatchObject({ revision: 2, outcome: 'correct', rank: 1, prevRank: 2 });
    await game.order('end');
    const { d: finished } = await game.bob.sees('session.finished');
    await correct('b');
    await game.ada.sees('scores.revised', ({ d }) => d.revision === 4);
    expect((await game.ada.sees('me.result', ({ d }) => d.revision === 4)).d).toMatchObject({ outcome: 'correct', rank: 1 });
    const report = await product.host.report(game.id);
    expect(report.revision).toBe(4);
    expect(report.standingsHash).not.toBe(finished.standingsHash);
    agree([game.ada, game.bob]);
  });
});

describe('what anybody can check', () => {
  it('the key was fixed before the question opened, and the hash is that of the standings', async () => {
    const game = await Game.of(product, swift, quizOf(1));
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.bob.answer('q1', 'a');
    const { commit } = (await game.ada.sees('question.preview')).d;
    const { key, salt } = (await game.ada.sees('question.revealed')).d;
    expect(createHmac('sha256', Buffer.from(salt, 'hex')).update(canonicalize(key) as string).digest('hex')).toBe(commit);
    await game.order('end');
    const { standingsHash } = (await game.ada.sees('session.finished')).d;
    const { players } = await product.host.report(game.id);
    const rows = players.map(({ rank, playerId, score, correct, sumE }) => [rank, playerId, score, correct, sumE] as const).sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
    expect(createHash('sha256').update(canonicalize(rows) as string).digest('hex')).toBe(standingsHash);
  });

  it('points are those of the formula', async () => {
    const game = await Game.of(product, swift, quizOf(1));
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.bob.answer('q1', 'b');
    const { elapsedMs, points } = (await game.ada.sees('me.result')).d;
    expect(points.speed).toBe((elapsedMs as number) < 500 ? 1000 : Math.floor((1000 * (40_000 - (elapsedMs as number)) + 20_000) / 40_000));
  });
});

describe('orders', () => {
  it('are done once: a known cmdId gets the first ok, over WebSocket and REST, also after kill -9', async () => {
    const game = await Game.of(product);
    const host = await game.hostSocket();
    const path = `/v1/sessions/${game.id}/commands`;
    const first = await host.ok('host.cmd', { cmdId: 'c-1', cmd: 'start' });
    expect(await product.host.must('POST', path, { cmdId: 'c-1', cmd: 'start' })).toEqual({ ...first, dup: true });
    await product.crashNode();
    expect(await host.ok('host.cmd', { cmdId: 'c-1', cmd: 'start' })).toEqual({ ...first, dup: true });
    expect(host.got('session.started')).toHaveLength(1);
  });

  it('with ifSeq skip nothing when they are sent twice', async () => {
    const game = await Game.of(product);
    const host = await game.hostSocket();
    await host.ok('host.cmd', { cmdId: '1', cmd: 'start' });
    const { s } = await host.ok('host.cmd', { cmdId: '2', cmd: 'skip' });
    await host.ok('host.cmd', { cmdId: '3', cmd: 'next', ifSeq: s });
    expect(await host.err('host.cmd', { cmdId: '4', cmd: 'next', ifSeq: s })).toMatchObject({ code: 400 });
    expect((await host.sees('question.opened', ({ d }) => d.n === 2)).d.qid).toBe('q2');
  });

  it('that do not fit the phase are 401, and change nothing', async () => {
    const game = await Game.of(product);
    for (const cmd of ['next', 'close', 'reveal', 'leaderboard', 'pause', 'resume', 'skip']) expect([cmd, await game.refused(cmd)]).toEqual([cmd, { status: 409, code: 401 }]);
    expect(await game.refused('kick', { playerId: 'nobody' })).toEqual({ status: 404, code: 402 });
    await game.order('end');
    for (const cmd of ['start', 'next', 'pause', 'lock', 'end']) expect([cmd, await game.refused(cmd)]).toEqual([cmd, { status: 409, code: 401 }]);
  });
});
