import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { Game } from './harness/game.js';
import { agree, closeClients, type Client } from './harness/player.js';
import { Product } from './harness/product.js';
import { quizOf, swift } from './harness/quizzes.js';

// The router keeps them, the node tells them to clients.
const signsOfLife = { LIMIT_PING_EVERY_MS: '300', LIMIT_DEAD_MS: '2500' };

let product: Product;
beforeAll(async () => void (product = await Product.start({ router: signsOfLife, node: signsOfLife })));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

const settings = { ...swift, graceMs: 200 };

/** A game with a question of 5 s, and how to wait for a moment of session time. */
async function timed(): Promise<{ game: Game; closesAt: number; until: (at: number) => Promise<void> }> {
  const game = await Game.of(product, settings, quizOf(1, { limitMs: 5_000 }));
  await game.order('start');
  const { closesAt } = (await game.ada.sees('question.opened')).d;
  const offset = await game.ada.clockOffset(() => performance.now());
  return { game, closesAt, until: (at) => new Promise((resolve) => setTimeout(resolve, at - offset - performance.now())) };
}

const submit = (client: Client): number => client.send('answer.submit', { answerId: `${client.name}-1`, qid: 'q1', value: 'b' });

describe('the question ends while', () => {
  it('the node hangs for a moment: what came in time counts, what came too late does not', async () => {
    const { game, closesAt, until } = await timed();
    await until(closesAt - 300);
    product.node.signal('SIGSTOP');
    const inTime = submit(game.ada);
    await until(closesAt + 300);
    const late = submit(game.bob);
    await until(closesAt + 400);
    product.node.signal('SIGCONT');
    const [first, second] = [await game.ada.reply(inTime), await game.bob.reply(late)];
    expect(first).toMatchObject({ t: 'ok' });
    expect(first.d['receivedAt']).toBeLessThan(closesAt);
    expect(second.d['code']).toBe(301);
    expect((await game.ada.sees('question.closed')).d).toMatchObject({ reason: 'deadline', answered: 1 });
    expect((await game.ada.sees('me.result')).d.outcome).toBe('correct');
    agree([game.ada, game.bob]);
  });

  it('the node hangs for long: clients see that time stands still, and get it back', async () => {
    const { game, closesAt, until } = await timed();
    await until(closesAt - 1_000);
    product.node.signal('SIGSTOP');
    const before = submit(game.ada);
    expect((await game.bob.sees('session.stalled')).d).toEqual({ reason: 'owner' });
    await until(closesAt + 1_500);
    const after = submit(game.bob);
    await until(closesAt + 1_600);
    product.node.signal('SIGCONT');
    const extended = (await game.ada.sees('question.extended')).d;
    expect(extended.reason).toBe('outage');
    expect(extended.closesAt - closesAt).toBeGreaterThan(2_500);
    expect((await game.ada.reply(before)).t).toBe('ok');
    expect((await game.bob.reply(after)).t).toBe('ok');
    expect((await game.bob.sees('question.closed')).d).toMatchObject({ reason: 'all', answered: 2 });
    agree([game.ada, game.bob]);
  });

  it('the router hangs: what lay in its socket counts from when it stopped', async () => {
    const { game, closesAt, until } = await timed();
    await until(closesAt - 500);
    product.router.signal('SIGSTOP');
    const id = submit(game.ada);
    await until(closesAt + 900);
    product.router.signal('SIGCONT');
    const reply = await game.ada.reply(id);
    expect(reply).toMatchObject({ t: 'ok' });
    expect(reply.d['receivedAt']).toBeLessThan(closesAt);
    expect((await game.ada.sees('question.closed')).d).toMatchObject({ reason: 'deadline', answered: 1 });
  });

  it('the node is dead: it is extended by the outage before it closes', async () => {
    const { game, closesAt, until } = await timed();
    await until(closesAt - 300);
    await product.node.kill9();
    const id = submit(game.ada);
    await until(closesAt + 300);
    await product.startNode();
    expect((await game.ada.sees('question.extended')).d.closesAt).toBeGreaterThan(closesAt);
    expect((await game.ada.reply(id)).t).toBe('ok');
    await game.bob.answer('q1', 'a');
    expect((await game.ada.sees('question.closed')).d).toMatchObject({ answered: 2 });
    agree([game.ada, game.bob]);
  });
});

describe('signs of life', () => {
  it('a client that does not answer pings is closed with 4003; its player comes back', async () => {
    const game = await Game.of(product);
    const mute = new WebSocket(game.ada.url, 'quiz.v1.json', { autoPong: false });
    const closed = new Promise<number>((resolve) => mute.once('close', resolve));
    mute.once('open', () => mute.send(JSON.stringify({ t: 'hello', id: 1, d: { role: 'player', nickname: 'Ada', joinId: 'join-Ada' } })));
    expect((await game.ada.closed()).code).toBe(4510);
    expect(await closed).toBe(4003);
    expect((await game.ada.resume()).playerId).toBe(game.ada.playerId);
  });

  it('who hears nothing else hears hb, as often as welcome says', async () => {
    const game = await Game.of(product);
    const { heartbeat } = (await game.ada.sees('welcome')).d;
    expect(heartbeat).toEqual({ everyMs: 300, deadMs: 2_500 });
    const first = await game.ada.sees('hb');
    const second = await game.ada.sees('hb');
    expect(second.d.at).toBeGreaterThan(first.d.at);
    await game.ada.sees('hb');
    expect(game.bob.isOpen).toBe(true);
  });
});
