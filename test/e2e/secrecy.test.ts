import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { Client, closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { swift } from './harness/quizzes.js';
import type { Json } from './harness/host.js';

let product: Product;
beforeAll(async () => void (product = await Product.start({ node: { LIMIT_PLAYER_PER_SECOND: '1000', LIMIT_PLAYER_BURST_FRAMES: '1000' } })));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

const options = [{ text: 'one' }, { text: 'two' }, { text: 'three' }];
const explanation = 'because it is so';

const masked = new Set(['commit', 'e', 'at', 'serverTime', 'opensAt', 'closesAt', 'receivedAt', 'receipt', 'sessionId', 'playerId', 'resumeToken']);
const mask = (text: string): string => JSON.stringify(JSON.parse(text), (key, value: unknown) => (masked.has(key) ? '…' : value));
/** Hints are dropped and coalesced by time: what they say is looked at, not how many there are. */
const isHint = (text: string): boolean => /^\{"t":"(question\.progress|lobby\.updated)"/.test(text);

/** Everything that a player, a spectator and a presenter get of a question with this key before its reveal. */
async function heardBeforeReveal(question: Json, value: unknown): Promise<string[]> {
  const game = await Game.of(product, { ...swift, reveal: 'host', shuffleOptions: false }, { title: 'Secret', questions: [{ text: 'What?', explanation, ...question }] });
  const { ada, bob } = game;
  const fan = await Client.as('spectator', product.url, game.id);
  const screen = await Client.as('presenter', product.url, game.id, game.session.presenterToken);
  await game.open();
  await ada.answer('q1', value as string, 'x-1');
  await ada.answer('q1', value as string, 'x-1');
  await ada.err('answer.submit', { answerId: 'x-2', qid: 'q1', value: value as string });
  await ada.ok('resync', {});
  await bob.answer('q1', value as string, 'y-1');
  await Promise.all([ada, bob, fan, screen].map((each) => each.sees('question.closed')));
  await ada.ok('resync', {});
  const cy = await game.join('Cy');
  await cy.sees('snapshot');
  const everybody = [ada, bob, fan, screen, cy];
  const heard = everybody.flatMap(({ texts }) => texts.filter((text) => !isHint(text)).map(mask));
  for (const text of everybody.flatMap(({ texts }) => texts.filter(isHint))) expect(['qid,answered,eligible', 'count,joined,locked', 'count,locked,joined']).toContain(Object.keys((JSON.parse(text) as { d: object }).d).join());
  for (const each of everybody) expect(each.got('question.revealed')).toEqual([]);
  return heard;
}

describe('before the reveal', () => {
  it.each([
    { type: 'single', more: { options }, keys: ['a', 'c'], value: 'a' },
    { type: 'multiple', more: { options }, keys: [['a', 'b'], ['b', 'c']], value: ['a', 'b'] },
    { type: 'trueFalse', more: {}, keys: [true, false], value: true },
    { type: 'text', more: {}, keys: [['first'], ['another', 'list']], value: 'first' },
    { type: 'numeric', more: {}, keys: [{ value: 1, tolerance: 0 }, { value: 1000, tolerance: 99 }], value: 1 },
    { type: 'ordering', more: { options }, keys: [['a', 'b', 'c'], ['c', 'b', 'a']], value: ['a', 'b', 'c'] },
  ])('no byte depends on which answer is right: $type', async ({ type, more, keys, value }) => {
    const [right, wrong] = [await heardBeforeReveal({ type, ...more, key: keys[0] }, value), await heardBeforeReveal({ type, ...more, key: keys[1] }, value)];
    expect(right.length).toBeGreaterThan(30);
    expect(wrong).toEqual(right);
    expect(right.join('\n')).not.toContain(explanation);
  });

  it('the reply to a right answer is as long as that to a wrong one', async () => {
    const game = await Game.of(product, { ...swift, reveal: 'host' });
    await game.open();
    await game.ada.answer('q1', 'b', 'answer-1');
    await game.bob.answer('q1', 'a', 'answer-1');
    const length = (client: Client) => mask(client.texts.find((text) => text.includes('"receipt"')) ?? '').length;
    expect(length(game.ada)).toBe(length(game.bob));
  });

  it('neither does REST tell a presenter, nor the log anybody', async () => {
    const game = await Game.of(product, { ...swift, reveal: 'host' });
    await game.open();
    await game.ada.answer('q1', 'b', 'a-very-special-answer-id');
    const asPresenter = { authorization: `Bearer ${game.session.presenterToken}` };
    for (const path of ['', '/report?format=json', '/journal', '/questions/q1', '/players', '/leaderboard']) {
      expect([path, (await product.host.ask('GET', `/v1/sessions/${game.id}${path}`, undefined, asPresenter)).status]).toEqual([path, 403]);
    }
    const logs = [...product.node.err, ...product.node.out, ...product.router.err, ...product.router.out].join('\n');
    expect(logs).not.toContain('a-very-special-answer-id');
    expect(logs).not.toContain(game.session.hostToken);
    expect(logs).not.toContain(game.ada.resumeToken as string);
  });
});
