import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerPayload } from '@ringmaster/protocol';
import { Game } from './harness/game.js';
import { agree, closeClients, type Client } from './harness/player.js';
import { Product } from './harness/product.js';
import { swift } from './harness/quizzes.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

type Snapshot = ServerPayload<'snapshot'>;

/** What a snapshot says beside the times of an open question, which an outage moves. */
function lasting({ question, ...rest }: Snapshot): unknown {
  return { ...rest, question: question && { ...question, opensAt: 0, closesAt: 0 } };
}

/** Asked for before `meanwhile`, and answered whenever there is an owner. */
async function snapshotOf(client: Client, meanwhile: () => Promise<void> = async () => undefined): Promise<Snapshot> {
  const count = client.got('snapshot').length;
  const id = client.send('resync', {});
  await meanwhile();
  expect(await client.reply(id)).toMatchObject({ t: 'ok' });
  return (await client.sees('snapshot', (frame) => client.got('snapshot').indexOf(frame) >= count)).d;
}

const answered = async (game: Game): Promise<void> => {
  await game.open();
  await game.ada.answer('q1', 'b');
};
const revealed = async (game: Game): Promise<void> => {
  await answered(game);
  await game.order('close');
  await game.ada.sees('leaderboard');
};

/** How a game comes to each phase, and the settings that keep it there. */
const phases: readonly { readonly phase: string; readonly settings?: object; readonly reach: (game: Game) => Promise<unknown> }[] = [
  { phase: 'lobby', reach: async () => undefined },
  { phase: 'starting', settings: { timing: { startMs: 6_000, readMs: 0 } }, reach: (game) => game.order('start') },
  { phase: 'preview', settings: { timing: { startMs: 0, readMs: 60_000 } }, reach: (game) => game.order('start') },
  { phase: 'open', reach: answered },
  { phase: 'closed', settings: { reveal: 'host' }, reach: async (game) => (await answered(game), game.order('close')) },
  { phase: 'revealed', reach: revealed },
  { phase: 'leaderboard', reach: async (game) => (await revealed(game), game.order('leaderboard')) },
  { phase: 'podium', reach: async (game) => (await revealed(game), await game.order('next'), await game.order('skip'), game.order('next')) },
  { phase: 'open', settings: { paused: true }, reach: async (game) => (await answered(game), game.order('pause', { reason: 'fire drill' })) },
  { phase: 'finished', reach: async (game) => (await revealed(game), game.order('end')) },
];

describe('kill -9 of the node', () => {
  it.each(phases)('in phase $phase: the sockets stay, and the state is the same', async ({ phase, settings = {}, reach }) => {
    const { paused = false, ...more } = settings as { paused?: boolean };
    const game = await Game.of(product, { ...swift, ...more });
    const { ada, bob } = game;
    await reach(game);
    const before = await snapshotOf(ada);
    expect(before).toMatchObject({ phase, paused });

    await product.node.kill9();
    const after = await snapshotOf(ada, () => product.startNode());
    expect(lasting(after)).toEqual(lasting(before));
    expect([ada.isOpen, bob.isOpen]).toEqual([true, true]);

    if (phase !== 'finished') await game.order('end');
    const { d: finished } = await bob.sees('session.finished');
    await ada.sees('session.finished');
    const report = await product.host.report(game.id);
    expect(report.standingsHash).toBe(finished.standingsHash);
    const hasAnswered = ada.got('ok').some(({ d }) => 'receipt' in d);
    expect(report.answers.map(({ playerId, value }) => [playerId, value])).toEqual(hasAnswered ? [[ada.playerId, 'b']] : []);
    agree([ada, bob]);
  });

  it('goes on counting down after the crash, through starting and preview to the question', async () => {
    const game = await Game.of(product, { timing: { startMs: 1_500, readMs: 1_500 }, leadMs: 0 });
    await game.order('start');
    await product.crashNode();
    await game.ada.sees('question.preview');
    await product.crashNode();
    await game.ada.sees('question.opened');
    await game.bob.answer('q1', 'b');
    await game.ada.answer('q1', 'a');
    expect((await game.bob.sees('me.result')).d.rank).toBe(1);
  });

  it('never shortens the time that was left', async () => {
    const game = await Game.of(product);
    await game.order('start');
    const { d: opened } = await game.ada.sees('question.opened');
    const { t2 } = await game.ada.ok('sync', { t0: 0 });
    const since = performance.now();
    await product.node.kill9();
    const dead = performance.now();
    await product.startNode();
    const { d: extended, at } = await game.ada.sees('question.extended');
    expect(extended.byMs).toBe(extended.closesAt - opened.closesAt);
    expect(extended.closesAt - (at ?? Infinity)).toBeGreaterThanOrEqual(opened.closesAt - (t2 + (dead - since)));
  });

  it('loses no answer that was on its way, and doubles none', async () => {
    const game = await Game.of(product);
    const many = await Promise.all(Array.from({ length: 20 }, (_, index) => game.join(`Player ${index}`)));
    await game.open();
    await Promise.all(many.map((each) => each.sees('question.opened')));
    const sent = many.map((each, index) => ({ each, value: 'abc'[index % 3] as string, id: each.send('answer.submit', { answerId: `x-${index}`, qid: 'q1', value: 'abc'[index % 3] as string }) }));
    await product.crashNode();
    const replies = await Promise.all(sent.map(({ each, id }) => each.reply(id)));
    expect(replies.map(({ t }) => t)).toEqual(many.map(() => 'ok'));
    await game.order('close');
    const report = await product.host.report(game.id);
    expect(report.answers.map(({ playerId, value, receivedAt }) => `${playerId} ${value} ${receivedAt}`).sort()).toEqual(
      sent.map(({ each, value }, index) => `${each.playerId} ${value} ${replies[index]?.d['receivedAt']}`).sort(),
    );
    agree([game.ada, ...many]);
  });

  it('goes on after three kills in a row', async () => {
    const game = await Game.of(product);
    await game.open();
    for (let kill = 0; kill < 3; kill += 1) {
      await product.crashNode();
      await game.ada.sees('question.extended');
    }
    await game.ada.answer('q1', 'b');
    await game.bob.answer('q1', 'c');
    expect((await game.ada.sees('me.result')).d).toMatchObject({ outcome: 'correct', rank: 1 });
    agree([game.ada, game.bob]);
  });
});

describe('a node that hangs', () => {
  it('is noticed, and answers count from the moment at which they reached the router', async () => {
    const game = await Game.of(product);
    await game.open();
    product.node.signal('SIGSTOP');
    const id = game.ada.send('answer.submit', { answerId: 'while-hanging', qid: 'q1', value: 'b' });
    const stalled = await game.bob.sees('session.stalled');
    expect(stalled.d.reason).toBe('owner');
    product.node.signal('SIGCONT');
    const reply = await game.ada.reply(id);
    expect(reply).toMatchObject({ t: 'ok', d: { answerId: 'while-hanging' } });
    expect(reply.d['receivedAt']).toBeLessThan(stalled.at as number);
    await game.bob.sees('session.unstalled');
    await game.bob.answer('q1', 'b');
    expect((await game.ada.sees('question.closed')).d).toMatchObject({ reason: 'all', answered: 2 });
    agree([game.ada, game.bob]);
  });
});
