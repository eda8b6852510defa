import { describe, expect, it } from '@jest/globals';
import { noticed, perform } from '../src/acts.js';
import type { Game } from '../src/play.js';
import type { RestClient } from '../src/rest-client.js';
import type { Site } from '../src/site.js';

const rest = { owner: async () => 'node-7' } as unknown as RestClient;

/** A game of three bots in its second question, of which one has answered when `answer` is called. */
function gameOf() {
  const game = {
    session: { sessionId: 'S1' }, bots: [1, 2, 3], acknowledged: [] as unknown[], closes: new Map<number, number>(), watchers: new Set<(sentAt: number, at: number) => void>(),
    stage: { state: { phase: 'open', n: 2, of: 3, extendedMs: 0 } },
  };
  const answer = (sentAt = performance.now()): void => {
    game.acknowledged.push({});
    for (const watch of game.watchers) watch(sentAt, sentAt + 12);
  };
  return { game: game as unknown as Game, state: game.stage.state, answer, closes: game.closes };
}

const siteWith = (orders: string[], then: () => void): Site => ({
  urls: [], key: '', close: async () => undefined,
  kill: async (node) => (orders.push(`kill ${node}`), then(), `${node} was killed`),
  order: async (order) => (orders.push(order), then(), `${order}: done`),
});

describe('what is done to the system during the demo', () => {
  it('kills the owner once a third has answered, and waits for an answer that was sent after it and for the extension', async () => {
    const { game, state, answer, closes } = gameOf();
    const orders: string[] = [];
    const site = siteWith(orders, () => {
      answer(performance.now() - 1_000);
      closes.set(1006, 2);
      setImmediate(() => {
        answer();
        state.extendedMs = 900;
      });
    });
    const said: string[] = [];
    const performing = perform([{ verb: 'kill' }], game, site, rest, (line) => said.push(line));
    expect(orders).toEqual([]);
    setImmediate(answer);
    const [performed] = await performing;
    expect(orders).toEqual(['kill node-7']);
    expect(performed).toMatchObject({ what: 'node-7 was killed', question: 2, extendedMs: 900, socketsClosed: 2 });
    expect(performed?.nextAnswerMs).toBeGreaterThanOrEqual(12);
    expect(said[0]).toBe('kill -9 of node-7, which owns the session');
    expect(game.watchers.size).toBe(0);
  });

  it('says so when the quiz ends before everything was done', async () => {
    const { game, state } = gameOf();
    state.phase = 'finished';
    await expect(perform([{ verb: 'drain' }], game, siteWith([], () => undefined), rest, () => undefined)).rejects.toThrow('the quiz ended before everything was done');
  });

  it('says what was noticed in one line', () => {
    expect(noticed({ what: 'kafka does not answer for 5 s', question: 3, nextAnswerMs: 5_612.4, afterReturnMs: 500.2, extendedMs: 5_100, socketsClosed: 0 })).toBe(
      'question 3: kafka does not answer for 5 s: next answer acknowledged after 5612 ms, 500 ms after it answered again; the question was extended by 5100 ms; sockets closed: 0',
    );
  });
});
