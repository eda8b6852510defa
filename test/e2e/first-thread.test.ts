import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { agree, Client, closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { quizOf, swift } from './harness/quizzes.js';

let product: Product;
beforeAll(async () => void (product = await Product.start()));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

describe('a quiz from nothing to its report', () => {
  it('goes on over the same sockets when its node is killed while the question is open', async () => {
    const { host, url } = product;
    const { sessionId } = await host.newSession(quizOf(1), swift);
    const ada = await Client.join(url, sessionId, 'Ada');
    const bob = await Client.join(url, sessionId, 'Bob');
    expect((await ada.sees('snapshot')).d).toMatchObject({ phase: 'lobby', quiz: { title: '1 questions', total: 1 } });

    await host.order(sessionId, 'start');
    const { d: opened } = await ada.sees('question.opened');
    const acknowledged = await ada.answer('q1', 'b');

    await product.crashNode();

    const { d: extended } = await bob.sees('question.extended');
    expect(extended).toMatchObject({ qid: 'q1', reason: 'outage' });
    expect(extended.closesAt).toBeGreaterThan(opened.closesAt);
    await bob.answer('q1', 'a');

    expect((await ada.sees('question.closed')).d).toEqual({ qid: 'q1', reason: 'all', answered: 2, eligible: 2 });
    expect((await ada.sees('question.revealed')).d).toMatchObject({ key: 'b', stats: { byOption: { a: 1, b: 1, c: 0 }, correct: 1, unanswered: 0 } });
    expect((await ada.sees('me.result')).d).toMatchObject({ outcome: 'correct', rank: 1, of: 2 });
    expect((await bob.sees('me.result')).d).toMatchObject({ outcome: 'wrong', rank: 2, of: 2, score: 0 });
    await host.order(sessionId, 'end');
    const { d: finished } = await bob.sees('session.finished');

    const report = await host.report(sessionId);
    expect(report.standingsHash).toBe(finished.standingsHash);
    expect(report.answers).toHaveLength(2);
    const { answerId, receivedAt } = acknowledged;
    expect(report.answers).toContainEqual(expect.objectContaining({ playerId: ada.playerId, qid: 'q1', answerId, value: 'b', receivedAt }));
    agree([ada, bob]);
  });
});
