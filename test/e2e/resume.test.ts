import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { agree, closeClients, type Client } from './harness/player.js';
import { Product } from './harness/product.js';
import { quizOf, swift } from './harness/quizzes.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

async function refusedHello(client: Client, token: string): Promise<[number, number]> {
  const from = client.position;
  await client.connectAgain(from);
  const { t, d } = await client.hello({ role: 'player', resume: { token, ...from } });
  expect(t).toBe('err');
  return [d['code'] as number, (await client.closed()).code];
}

describe('coming back', () => {
  it('gets exactly what was missed, in order: a delta', async () => {
    const game = await Game.of(product);
    const { ada, bob } = game;
    await game.open();
    await ada.answer('q1', 'b');
    ada.drop();
    await bob.answer('q1', 'a');
    await bob.sees('leaderboard');
    expect((await ada.resume()).resume).toBe('delta');
    expect((await ada.sees('question.revealed')).d.key).toBe('b');
    expect((await ada.sees('me.result')).d).toMatchObject({ outcome: 'correct', rank: 1 });
    expect((await ada.sees('leaderboard')).d.top.map(({ nickname }) => nickname)).toEqual(['Ada', 'Bob']);
    agree([ada, bob]);
  });

  it('gets a snapshot when more than 64 shared messages were missed', async () => {
    const game = await Game.of(product, swift, quizOf(20));
    const { ada, bob } = game;
    await game.open();
    ada.drop();
    for (let question = 1; question <= 17; question += 1) {
      await game.order('skip');
      await game.order('next');
    }
    await bob.sees('question.opened', ({ d }) => d.qid === 'q18');
    const { s } = bob.position;
    expect(s).toBeGreaterThan(64);
    const welcome = await ada.resume();
    expect(welcome).toMatchObject({ resume: 'snapshot', playerId: ada.playerId, s });
    expect((await ada.sees('snapshot', (frame) => frame.s === s)).d).toMatchObject({ phase: 'open', question: { qid: 'q18' }, me: { nickname: 'Ada' } });
  });

  it('gets a snapshot for a position that never was, or of another history', async () => {
    const { ada } = await Game.of(product);
    const { e, s, p } = ada.position;
    for (const from of [{ e: 'another', s, p }, { e, s: s + 1000, p }, { e, s, p: p + 1000 }]) {
      ada.drop();
      expect(await ada.resume(from)).toMatchObject({ resume: 'snapshot', e, s });
    }
  });

  it('gets a snapshot with the final result after the end', async () => {
    const game = await Game.of(product);
    await game.open();
    await game.ada.answer('q1', 'b');
    game.ada.drop();
    await game.order('end');
    expect((await game.ada.resume()).resume).toBe('snapshot');
    const { d } = await game.ada.sees('snapshot', (frame) => frame.d.phase === 'finished');
    expect(d).toMatchObject({ me: { nickname: 'Ada', of: 2 }, top: [{ nickname: 'Ada' }, { nickname: 'Bob' }] });
  });

  it('is the same player with the same joinId, whatever nickname comes with it', async () => {
    const game = await Game.of(product);
    game.ada.drop();
    const again = await game.join('Somebody', 'join-Ada');
    expect([again.playerId, again.resumeToken]).toEqual([game.ada.playerId, game.ada.resumeToken]);
    expect((await again.sees('snapshot')).d.me?.nickname).toBe('Ada');
  });

  it('repeats an answer whose ok was lost, and gets the same verdict', async () => {
    const game = await Game.of(product);
    const { ada } = game;
    await game.open();
    const first = await ada.answer('q1', 'b');
    ada.drop();
    await ada.resume();
    expect(await ada.answer('q1', 'c')).toEqual({ ...first, dup: true, value: 'b' });
  });
});

describe('not coming back', () => {
  it.each(['', 'nonsense', 'nobody.c2lnbmF0dXJl', 'x'.repeat(1_000)])('with the token "%.20s": 201, 4006', async (token) => {
    const { ada } = await Game.of(product);
    expect(await refusedHello(ada, token)).toEqual([201, 4006]);
  });

  it('with the token of another session: 201, 4006', async () => {
    const one = await Game.of(product);
    const other = await Game.of(product);
    expect(await refusedHello(one.ada, other.ada.resumeToken ?? '')).toEqual([201, 4006]);
  });

  it('after leave: 201, 4006', async () => {
    const { ada } = await Game.of(product);
    await ada.ok('leave', {});
    expect((await ada.closed()).code).toBe(1000);
    expect(await refusedHello(ada, ada.resumeToken ?? '')).toEqual([201, 4006]);
  });

  it('after a kick: 201, 4006', async () => {
    const game = await Game.of(product);
    await game.order('kick', { playerId: game.ada.playerId });
    await game.ada.sees('me.kicked');
    expect((await game.ada.closed()).code).toBe(4505);
    expect(await refusedHello(game.ada, game.ada.resumeToken ?? '')).toEqual([201, 4006]);
  });

  it('after a ban: 218, 4506', async () => {
    const game = await Game.of(product);
    await game.order('ban', { playerId: game.ada.playerId });
    await game.ada.sees('me.banned');
    expect((await game.ada.closed()).code).toBe(4506);
    expect(await refusedHello(game.ada, game.ada.resumeToken ?? '')).toEqual([218, 4506]);
  });
});

describe('kill -9 of the router', () => {
  it('closes the sockets, and everybody comes back with the token to the same question', async () => {
    const game = await Game.of(product);
    const { ada, bob } = game;
    await game.open();
    const first = await ada.answer('q1', 'b');
    await product.router.kill9();
    expect([(await ada.closed()).code, (await bob.closed()).code]).toEqual([1006, 1006]);
    await product.startRouter();
    expect((await ada.resume()).resume).toBe('delta');
    await bob.resume();
    expect(await ada.answer('q1', 'b')).toEqual({ ...first, dup: true, value: 'b' });
    await bob.answer('q1', 'a');
    expect((await ada.sees('me.result')).d.rank).toBe(1);
    agree([ada, bob]);
  });

  it('and of the node at once', async () => {
    const game = await Game.of(product);
    await game.open();
    await game.ada.answer('q1', 'b');
    await Promise.all([product.router.kill9(), product.node.kill9()]);
    await product.startNode();
    await product.startRouter();
    await game.ada.resume();
    await game.bob.resume();
    await game.bob.answer('q1', 'b');
    expect((await game.ada.sees('question.closed')).d).toMatchObject({ reason: 'all', answered: 2 });
    expect((await game.ada.sees('me.result')).d).toMatchObject({ outcome: 'correct', rank: 1 });
    agree([game.ada, game.bob]);
  });
});
