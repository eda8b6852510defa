import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { swift } from './harness/quizzes.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

describe('clocks', () => {
  it.each([['30 s fast', 30_000], ['30 s slow', -30_000], ['of another epoch', -1.7e12]])('a client whose clock is %s unlocks at the same instant, by sync', async (_, skewMs) => {
    const game = await Game.of(product, { ...swift, leadMs: 600 });
    const wrong = () => Date.now() + skewMs;
    await game.order('start');
    const { d: opened } = await game.ada.sees('question.opened');
    const offset = await game.ada.clockOffset(wrong);
    expect(Math.abs(offset + skewMs)).toBeLessThan(1_000);
    await new Promise((resolve) => setTimeout(resolve, opened.opensAt - (wrong() + offset) + 10));
    const { receivedAt } = await game.ada.answer('q1', 'b');
    expect(receivedAt - opened.opensAt).toBeGreaterThanOrEqual(0);
    expect(receivedAt - opened.opensAt).toBeLessThan(5_000);
  });

  it('session time goes on from where it was after a crash, never back', async () => {
    const { ada } = await Game.of(product);
    const offset = await ada.clockOffset(() => performance.now());
    await product.crashNode();
    const after = await ada.clockOffset(() => performance.now());
    expect(Math.abs(after - offset)).toBeLessThan(1_000);
    const { t1, t2 } = await ada.ok('sync', { t0: -5.5 });
    expect(t2).toBeGreaterThanOrEqual(t1);
  });

  it('what a client claims about time has no influence', async () => {
    const game = await Game.of(product);
    await game.open();
    const claim = { answerId: 'x', qid: 'q1', value: 'b', recvAt: 0, elapsedMs: 0, receivedAt: 1 };
    const { receivedAt } = await game.ada.ok('answer.submit', claim);
    await game.bob.answer('q1', 'a');
    expect((await game.ada.sees('me.result')).d.elapsedMs).toBe(Math.max(0, receivedAt - (game.ada.got('question.opened')[0]?.d.opensAt as number)));
  });
});
