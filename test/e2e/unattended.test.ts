import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { agree, Client, closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { quizOf, swift } from './harness/quizzes.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

const autoAdvance = { revealMs: 100, boardMs: 100, podiumMs: 100 };

describe('nobody at the wheel', () => {
  it('goes on to the end when the host is gone', async () => {
    const game = await Game.of(product, { ...swift, autoAdvance }, quizOf(3));
    const { ada, bob } = game;
    const host = await game.hostSocket();
    await host.ok('host.cmd', { cmdId: '1', cmd: 'start' });
    host.drop();
    for (const qid of ['q1', 'q2', 'q3']) {
      await ada.sees('question.opened', ({ d }) => d.qid === qid);
      await bob.sees('question.opened', ({ d }) => d.qid === qid);
      await ada.answer(qid, 'b');
      await bob.answer(qid, 'a');
    }
    const { d: finished } = await ada.sees('session.finished');
    await bob.sees('session.finished');
    expect(finished.podium.map(({ rank, nickname }) => [rank, nickname])).toEqual([[1, 'Ada'], [2, 'Bob']]);
    expect((await product.host.report(game.id)).standingsHash).toBe(finished.standingsHash);
    agree([ada, bob]);
  });

  it('goes on to the end over a crash between two questions', async () => {
    const game = await Game.of(product, { ...swift, autoAdvance: { revealMs: 1_500, boardMs: 1_500, podiumMs: 100 } });
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.bob.answer('q1', 'b');
    await game.ada.sees('leaderboard');
    await product.crashNode();
    await game.ada.sees('question.opened');
    await game.bob.sees('question.opened');
    await game.ada.answer('q2', 'b');
    await game.bob.answer('q2', 'b');
    await game.ada.sees('session.finished');
  });

  it('nobody answers: the question closes at its time, and everybody has 0', async () => {
    const game = await Game.of(product, { ...swift, graceMs: 0 }, quizOf(1, { limitMs: 5_000 }));
    await game.open();
    expect((await game.ada.sees('question.closed')).d).toEqual({ qid: 'q1', reason: 'deadline', answered: 0, eligible: 2 });
    expect((await game.ada.sees('question.revealed')).d.stats).toEqual({ byOption: { a: 0, b: 0, c: 0 }, correct: 0, unanswered: 2, medianMs: null });
    expect((await game.ada.sees('me.result')).d).toMatchObject({ outcome: 'unanswered', score: 0, rank: 1, of: 2 });
    expect((await game.bob.sees('me.result')).d).toMatchObject({ outcome: 'unanswered', score: 0, rank: 1 });
  });
});

describe('closing early', () => {
  it('when all who are eligible have answered, the disconnected too', async () => {
    const game = await Game.of(product);
    await game.open();
    await game.ada.answer('q1', 'b');
    game.ada.drop();
    await game.bob.answer('q1', 'b');
    expect((await game.bob.sees('question.closed')).d).toEqual({ qid: 'q1', reason: 'all', answered: 2, eligible: 2 });
  });

  it('does not wait for one who has been gone for 10 s, but does for 9', async () => {
    const game = await Game.of(product);
    await game.open();
    game.ada.drop();
    const gone = performance.now();
    await game.bob.answer('q1', 'b');
    expect((await game.bob.sees('question.closed', undefined, 14_000)).d).toEqual({ qid: 'q1', reason: 'all', answered: 1, eligible: 2 });
    expect(performance.now() - gone).toBeGreaterThan(9_500);
  });

  it('when the last one who is missing leaves or is kicked', async () => {
    const game = await Game.of(product);
    const cy = await game.join('Cy');
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.bob.ok('leave', {});
    await game.order('kick', { playerId: cy.playerId });
    expect((await game.ada.sees('question.closed')).d).toEqual({ qid: 'q1', reason: 'all', answered: 1, eligible: 1 });
  });
});

describe('hints', () => {
  it('tell the lobby who came, and host and players how many have answered', async () => {
    const game = await Game.of(product);
    const host = await game.hostSocket();
    const cy = await game.join('Cy');
    expect((await game.ada.sees('lobby.updated', ({ d }) => d.count === 3)).d).toMatchObject({ locked: false });
    expect(game.ada.got('lobby.updated').flatMap(({ d }) => d.joined)).toContain('Cy');
    await game.open();
    await cy.answer('q1', 'a');
    expect((await host.sees('question.progress', ({ d }) => d.answered === 1)).d).toEqual({ qid: 'q1', answered: 1, eligible: 3 });
    expect((await game.ada.sees('question.progress', ({ d }) => d.answered === 1)).d).toEqual({ qid: 'q1', answered: 1, eligible: 3 });
  });

  it('liveScores immediate: points with each answer, and the board while the question is open', async () => {
    const game = await Game.of(product, { ...swift, liveScores: 'immediate' });
    await game.open();
    await game.ada.answer('q1', 'b');
    const { d: now } = await game.ada.sees('me.result');
    expect(now).toMatchObject({ outcome: 'correct', rank: 1, of: 2, revision: 0 });
    expect((await game.bob.sees('leaderboard', (frame) => frame.s === undefined)).d.top[0]).toMatchObject({ nickname: 'Ada', score: now.score });
    await game.bob.answer('q1', 'a');
    expect((await game.ada.sees('me.result', ({ d }) => d.revision === 1)).d.score).toBe(now.score);
    agree([game.ada, game.bob]);
  });
});

it('spectators see the whole game and never a private message', async () => {
  const game = await Game.of(product);
  const fan = await Client.as('spectator', product.url, game.id);
  await game.open();
  await game.ada.answer('q1', 'b');
  await game.bob.answer('q1', 'a');
  await fan.sees('leaderboard');
  expect(fan.frames.filter(({ p, t }) => p !== undefined && t !== 'snapshot')).toEqual([]);
  expect(fan.got('snapshot')[0]?.d.me).toBeUndefined();
  agree([fan, game.ada, game.bob]);
});
