import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { agree, Client, closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { swift } from './harness/quizzes.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

/** A hello that is refused. @returns error code, and the code of the close that follows */
async function turnedAway(game: Game, hello: Parameters<Client['hello']>[0]): Promise<[unknown, number]> {
  const client = await game.connect('stranger');
  const { t, d } = await client.hello(hello);
  expect(t).toBe('err');
  return [d['code'], (await client.closed()).code];
}

describe('two tabs', () => {
  it('the newer connection stays, the older is closed with 4510, and nothing is lost', async () => {
    const game = await Game.of(product);
    await game.open();
    const tab = await game.join('Ada', 'join-Ada');
    expect(tab.playerId).toBe(game.ada.playerId);
    expect((await game.ada.closed()).code).toBe(4510);
    await tab.answer('q1', 'b');
    await game.bob.answer('q1', 'a');
    expect((await tab.sees('me.result')).d).toMatchObject({ outcome: 'correct', of: 2 });
  });

  it('the older tab, when it resumes, is the newer one', async () => {
    const game = await Game.of(product);
    const tab = await game.join('Ada', 'join-Ada');
    await game.ada.closed();
    await game.ada.resume();
    expect((await tab.closed()).code).toBe(4510);
    expect(game.ada.isOpen).toBe(true);
  });

  it('one stays also when the node is killed between them', async () => {
    const game = await Game.of(product);
    await product.node.kill9();
    const tab = await game.connect('Ada, second tab');
    const hello = tab.hello({ role: 'player', nickname: 'Ada', joinId: 'join-Ada' });
    await product.startNode();
    expect((await hello).d['playerId']).toBe(game.ada.playerId);
    expect((await game.ada.closed()).code).toBe(4510);
    expect(tab.isOpen).toBe(true);
  });
});

describe('removed', () => {
  it('a kicked player is out of ranking and report; nickname and door are free again', async () => {
    const game = await Game.of(product);
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.order('kick', { playerId: game.ada.playerId });
    expect((await game.ada.sees('me.kicked')).d).toEqual({});
    expect((await game.ada.closed()).code).toBe(4505);
    const again = await game.join('Ada', 'join-Ada');
    expect(again.playerId).not.toBe(game.ada.playerId);
    await game.bob.answer('q1', 'a');
    expect((await game.bob.sees('question.closed')).d).toMatchObject({ answered: 1, eligible: 1 });
    expect((await game.bob.sees('me.result')).d).toMatchObject({ rank: 1 });
    expect((await again.sees('me.result')).d).toMatchObject({ outcome: 'missed' });
    const report = await product.host.report(game.id);
    expect(report.players.map(({ playerId }) => playerId).sort()).toEqual([game.bob.playerId, again.playerId].sort());
    expect(report.answers.map(({ playerId }) => playerId)).toEqual([game.bob.playerId]);
  });

  it('a banned player stays out: by token, joinId and nickname', async () => {
    const game = await Game.of(product);
    await game.order('ban', { playerId: game.ada.playerId });
    await game.ada.sees('me.banned');
    expect((await game.ada.closed()).code).toBe(4506);
    expect(await turnedAway(game, { role: 'player', nickname: 'Another', joinId: 'join-Ada' })).toEqual([218, 4506]);
    expect(await turnedAway(game, { role: 'player', nickname: 'ADA', joinId: 'another' })).toEqual([218, 4506]);
    expect((await game.join('Alan')).playerId).not.toBe('');
  });

  it('kick and ban hold over a kill -9 right after their ok', async () => {
    const game = await Game.of(product);
    await game.order('ban', { playerId: game.ada.playerId });
    await product.crashNode();
    expect((await game.ada.closed()).code).toBe(4506);
    expect(await turnedAway(game, { role: 'player', nickname: 'Ada', joinId: 'join-Ada' })).toEqual([218, 4506]);
  });

  it('who leaves keeps score and rank, and is never waited for again', async () => {
    const game = await Game.of(product);
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.bob.answer('q1', 'a');
    await game.bob.sees('leaderboard');
    await game.ada.ok('leave', {});
    expect((await game.ada.closed()).code).toBe(1000);
    await game.order('next');
    await game.bob.sees('question.opened');
    await game.bob.answer('q2', 'c');
    expect((await game.bob.sees('question.closed', ({ d }) => d.qid === 'q2')).d).toMatchObject({ reason: 'all', answered: 1, eligible: 1 });
    expect((await game.bob.sees('leaderboard')).d.top.map(({ nickname, rank }) => [rank, nickname])).toEqual([[1, 'Ada'], [2, 'Bob']]);
    expect(await turnedAway(game, { role: 'player', nickname: 'Ada', joinId: 'join-Ada' })).toEqual([201, 4006]);
  });
});

describe('the door', () => {
  it('locked: nobody new, everybody else', async () => {
    const game = await Game.of(product);
    await game.order('lock');
    await game.ada.sees('session.locked');
    expect(await turnedAway(game, { role: 'player', nickname: 'Cy', joinId: 'cy' })).toEqual([211, 4503]);
    game.ada.drop();
    expect(await game.ada.resume()).toMatchObject({ playerId: game.ada.playerId });
    await game.order('unlock');
    await game.bob.sees('session.unlocked');
    await game.join('Cy');
    agree([game.ada, game.bob]);
  });

  it('full: 212, 4509; a place that a kick frees is free', async () => {
    const game = await Game.of(product, { ...swift, maxPlayers: 2 });
    expect(await turnedAway(game, { role: 'player', nickname: 'Cy', joinId: 'cy' })).toEqual([212, 4509]);
    await game.order('kick', { playerId: game.bob.playerId });
    await game.join('Cy');
  });

  it('late: 214 when late joining is closed; else from the next question on', async () => {
    const closed = await Game.of(product, { ...swift, lateJoin: false });
    await closed.open();
    expect(await turnedAway(closed, { role: 'player', nickname: 'Cy', joinId: 'cy' })).toEqual([214, 4503]);

    const game = await Game.of(product);
    await game.open();
    const cy = await game.join('Cy');
    expect((await cy.sees('snapshot')).d).toMatchObject({ phase: 'open', question: { qid: 'q1' } });
    expect((await cy.err('answer.submit', { answerId: 'x', qid: 'q1', value: 'b' })).code).toBe(306);
    await game.order('close');
    expect((await cy.sees('me.result')).d).toMatchObject({ outcome: 'missed', score: 0, of: 3 });
  });

  it('ended: 213, 4507; unknown: 210, 4508; not an id at all: 210, 4508', async () => {
    const game = await Game.of(product);
    await game.order('end');
    expect(await turnedAway(game, { role: 'player', nickname: 'Cy', joinId: 'cy' })).toEqual([213, 4507]);
    for (const id of ['00000000', 'nonsense!', 'A']) {
      const client = await Client.connect(product.url, encodeURIComponent(id));
      expect((await client.hello({ role: 'player', nickname: 'Cy' })).d['code']).toBe(210);
      expect((await client.closed()).code).toBe(4508);
    }
  });

  it('takes an id as people type it', async () => {
    const { id } = await Game.of(product);
    const typed = ` ${id.slice(0, 4)}-${id.slice(4)} `.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
    const client = await Client.join(product.url, encodeURIComponent(typed), 'Cy');
    expect((await client.sees('welcome')).d.sessionId).toBe(id);
  });

  it('takes no wrong nickname, and lets say hello again on the same socket', async () => {
    const game = await Game.of(product);
    const client = await game.connect();
    const code = async (nickname: unknown) => (await client.hello({ role: 'player', joinId: 'cy', nickname: nickname as string })).d['code'];
    expect(await code('ada')).toBe(215);
    expect(await code('Аdа')).toBe(215);
    expect(await code('')).toBe(216);
    expect(await code('x'.repeat(21))).toBe(216);
    expect(await code('a\u202eb')).toBe(216);
    expect(await code('a\u200bb')).toBe(216);
    expect(await code(7)).toBe(102);
    expect(await code(undefined)).toBe(102);
    expect((await client.hello({ role: 'player', joinId: 'cy', nickname: '👩‍👩‍👧 Cy' })).t).toBe('welcome');
    expect((await client.err('nickname.set', { nickname: 'BOB' })).code).toBe(215);
    expect(await client.ok('nickname.set', { nickname: 'Cyrus' })).toEqual({ nickname: 'Cyrus' });
    await game.order('start');
    expect((await client.err('nickname.set', { nickname: 'Cy' })).code).toBe(401);
  });

  it('knows host and presenter by their own tokens only', async () => {
    const game = await Game.of(product);
    const { hostToken, presenterToken } = game.session;
    expect(await turnedAway(game, { role: 'host' })).toEqual([200, 4502]);
    expect(await turnedAway(game, { role: 'host', token: 'wrong' })).toEqual([200, 4502]);
    expect(await turnedAway(game, { role: 'host', token: presenterToken })).toEqual([200, 4502]);
    expect(await turnedAway(game, { role: 'presenter', token: hostToken })).toEqual([200, 4502]);
    const host = await game.hostSocket();
    const screen = await Client.as('presenter', product.url, game.id, presenterToken);
    const fan = await Client.as('spectator', product.url, game.id);
    for (const [client, t] of [[fan, 'host.cmd'], [screen, 'host.cmd'], [game.ada, 'host.cmd']] as const) {
      expect((await client.err(t, { cmdId: '1', cmd: 'start' })).code).toBe(202);
    }
    expect((await host.err('answer.submit', { answerId: 'x', qid: 'q1', value: 'b' })).code).toBe(202);
    const { phase, s } = await host.ok('host.cmd', { cmdId: 'c-1', cmd: 'start' });
    expect(phase).toBe('open');
    expect(await host.ok('host.cmd', { cmdId: 'c-1', cmd: 'end' })).toEqual({ phase: 'open', e: host.position.e, s, dup: true });
    await Promise.all([host, screen, fan, game.ada].map((each) => each.sees('question.opened')));
    agree([host, screen, fan, game.ada]);
  });
});
