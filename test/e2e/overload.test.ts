import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { Game } from './harness/game.js';
import { agree, closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { swift } from './harness/quizzes.js';
import { eventually } from './harness/waiting.js';

describe('a client that does not read', () => {
  const RESYNCS = 800;
  const fast = { LIMIT_PLAYER_PER_SECOND: '100000', LIMIT_PLAYER_BURST_FRAMES: '100000', LIMIT_KEPT_FRAMES_MAX: '100000', LIMIT_KEPT_BYTES_MAX: '10000000' };
  // Its snapshot has about 14 KB: 800 of them are more than sockets and kernel take in.
  const long = '\u65e5'.repeat(480);
  const quiz = { title: 'Long', questions: [{ type: 'single', text: long, options: Array.from({ length: 8 }, (_, index) => ({ text: `${index} ${long}` })), key: 'b', limitMs: 60_000 }] };

  let product: Product;
  beforeAll(async () => void (product = await Product.start({ router: fast, node: fast })));
  afterEach(closeClients);
  afterAll(async () => expect(await product.close()).toEqual([]));

  it('is closed with 4002 and comes back; the others do not notice', async () => {
    const game = await Game.of(product, swift, quiz);
    const { ada, bob } = game;
    const slow = await game.join('Slow');
    await game.open();
    await slow.sees('question.opened');
    slow['socket'].pause();
    for (let sent = 0; sent < RESYNCS; sent += 1) slow.send('resync', {});
    // In the meantime the others play.
    await ada.answer('q1', 'b');
    const metrics = async (): Promise<string> => (await product.host.ask<string>('GET', '/metrics')).body;
    await eventually(async () => ((await metrics()).includes('ringmaster_router_sockets 2\n') ? true : undefined), 'the end of the slow socket', 30_000);
    slow['socket'].resume();
    expect((await slow.closed()).code).toBe(4002);
    await bob.answer('q1', 'a');
    await game.order('close');
    expect(slow.got('snapshot').length).toBeLessThan(RESYNCS);

    expect([ada.isOpen, bob.isOpen]).toEqual([true, true]);
    expect((await ada.sees('me.result')).d).toMatchObject({ outcome: 'correct', rank: 1 });
    await bob.sees('leaderboard');
    expect((await slow.resume()).playerId).toBe(slow.playerId);
    agree([ada, bob, slow]);
  }, 60_000);
});

describe('more upgrades than are let in', () => {
  const PER_SECOND = 10;
  let product: Product;
  beforeAll(async () => void (product = await Product.start({ router: { LIMIT_UPGRADES_PER_SECOND: String(PER_SECOND) } })));
  afterEach(closeClients);
  afterAll(async () => expect(await product.close()).toEqual([]));

  interface Upgraded {
    readonly status: number;
    readonly retryAfter: string | undefined;
    readonly type: string | undefined;
  }
  const sockets: WebSocket[] = [];
  afterEach(() => sockets.splice(0).forEach((socket) => socket.terminate()));

  const upgrade = (url: string): Promise<Upgraded> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(url, 'quiz.v1.json');
      sockets.push(socket);
      socket.once('open', () => resolve({ status: 101, retryAfter: undefined, type: undefined }));
      socket.once('unexpected-response', (_request, response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], type: response.headers['content-type'] });
      });
      socket.once('error', reject);
    });

  it('are refused with 503 and Retry-After, whoever is in plays on, and the next second lets others in', async () => {
    const game = await Game.of(product);
    await game.open();
    const began = performance.now();
    const all = await Promise.all(Array.from({ length: 60 }, () => upgrade(game.ada.url)));
    const seconds = (performance.now() - began) / 1_000;
    const refused = all.filter(({ status }) => status === 503);
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([101, 503]));
    expect(all.length - refused.length).toBeLessThanOrEqual(PER_SECOND * (1 + seconds) + 1);
    expect(refused).toEqual(refused.map(() => ({ status: 503, retryAfter: '1', type: 'application/problem+json' })));
    await game.ada.answer('q1', 'b');
    await game.bob.answer('q1', 'a');
    await game.ada.sees('leaderboard');
    await eventually(async () => ((await upgrade(game.ada.url)).status === 101 ? true : undefined), 'room for one more');
    expect((await product.host.ask<string>('GET', '/metrics')).body).toMatch(/refused_overload_total [1-9]/);
    agree([game.ada, game.bob]);
  });
});
