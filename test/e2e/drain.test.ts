import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { agree, closeClients } from './harness/player.js';
import { Product } from './harness/product.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

describe('SIGTERM', () => {
  it('of the router: everybody is told to come back, then 4001, and comes back', async () => {
    const game = await Game.of(product);
    const { ada, bob } = game;
    await game.open();
    const first = await ada.answer('q1', 'b');
    product.router.signal('SIGTERM');
    for (const each of [ada, bob]) {
      const { d } = await each.sees('reconnect');
      expect(d).toMatchObject({ reason: 'drain' });
      expect(d.maxMs).toBeGreaterThanOrEqual(d.minMs);
      expect((await each.closed()).code).toBe(4001);
    }
    expect(await product.router.ended).toEqual({ code: 0, signal: null });
    await product.startRouter();
    expect((await ada.resume()).resume).toBe('delta');
    await bob.resume();
    expect(await ada.answer('q1', 'b')).toMatchObject({ ...first, dup: true });
    await bob.answer('q1', 'a');
    await ada.sees('leaderboard');
    agree([ada, bob]);
  });

  it('of the node: sockets stay, the question goes on after its return, and no time is lost', async () => {
    const game = await Game.of(product);
    await game.order('start');
    const { d: opened } = await game.ada.sees('question.opened');
    await game.ada.answer('q1', 'b');
    product.node.signal('SIGTERM');
    expect(await product.node.ended).toEqual({ code: 0, signal: null });
    const id = game.bob.send('answer.submit', { answerId: 'while-away', qid: 'q1', value: 'a' });
    await product.startNode();
    expect((await game.bob.reply(id)).t).toBe('ok');
    expect((await game.bob.sees('question.extended')).d.closesAt).toBeGreaterThan(opened.closesAt);
    expect((await game.ada.sees('question.closed')).d).toMatchObject({ reason: 'all', answered: 2 });
    expect((await game.ada.sees('me.result')).d.rank).toBe(1);
    expect([game.ada.isOpen, game.bob.isOpen]).toEqual([true, true]);
    agree([game.ada, game.bob]);
  });

  it('of the node in the middle of a storm: every answer is ok or comes again, none is lost', async () => {
    const game = await Game.of(product);
    const many = await Promise.all(Array.from({ length: 30 }, (_, index) => game.join(`Player ${index}`)));
    await game.open();
    const ids = many.map((each, index) => ({ each, id: each.send('answer.submit', { answerId: `x-${index}`, qid: 'q1', value: 'b' }) }));
    product.node.signal('SIGTERM');
    await product.node.ended;
    await product.startNode();
    const replies = await Promise.all(ids.map(({ each, id }) => each.reply(id)));
    expect(replies.map(({ t }) => t)).toEqual(many.map(() => 'ok'));
    await game.order('end');
    expect((await product.host.report(game.id)).answers).toHaveLength(30);
    agree([game.ada, ...many]);
  });

  it('twice ends at once', async () => {
    product.router.signal('SIGSTOP');
    product.router.signal('SIGTERM');
    product.router.signal('SIGTERM');
    product.router.signal('SIGCONT');
    await product.router.ended;
    await product.startRouter();
  });
});

describe('a parent that ends', () => {
  it('takes the programs with it: they drain', async () => {
    const game = await Game.of(product);
    product.router.closeStdin();
    await game.ada.sees('reconnect');
    expect(await product.router.ended).toEqual({ code: 0, signal: null });
    product.node.closeStdin();
    expect(await product.node.ended).toEqual({ code: 0, signal: null });
    await product.startNode();
    await product.startRouter();
    await game.ada.resume();
  });
});
