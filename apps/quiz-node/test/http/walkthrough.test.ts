/** The session that the design document shows, call by call: from nothing to a report. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startNode, type TestNode } from './node.js';
import { answerAs, joinAs, until } from './players.js';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.stop());

test('from nothing to a report', async () => {
  const quiz = await node.ask('POST', '/v1/quizzes', {
    body: '{"title":"Two","questions":[{"type":"single","text":"2+2?","options":[{"text":"3"},{"text":"4"}],"key":"b","limitMs":5000},{"type":"numeric","text":"7·6?","key":{"value":42,"tolerance":0}}]}',
    headers: { 'content-type': 'application/json' },
  });
  expect(quiz.status).toBe(201);
  const { quizId, etag } = quiz.json;
  expect(quiz.headers.get('location')).toBe(`/v1/quizzes/${quizId}`);
  expect(quiz.headers.get('etag')).toBe(etag);

  const session = await node.ask('POST', '/v1/sessions', { body: { quizId, settings: { timing: { startMs: 0, readMs: 0 } } } });
  expect(session.status).toBe(201);
  const { sessionId, joinUrl, wsUrl, hostToken } = session.json;
  expect(sessionId).toMatch(/^[0-9A-Z]{8}$/);
  expect(wsUrl).toBe(`${node.url.replace('http', 'ws')}/v1/play/${sessionId}`);
  expect(joinUrl.startsWith(node.url)).toBe(true);

  const ada = await joinAs(node, sessionId, 'Ada');
  const bob = await joinAs(node, sessionId, 'Bob');

  const started = await node.ask('POST', `/v1/sessions/${sessionId}/commands`, { body: { cmdId: '1', cmd: 'start' }, key: hostToken });
  expect(started.status).toBe(200);
  expect(started.json).toMatchObject({ phase: 'open', s: 3 });

  await until(() => answerAs(node, sessionId, ada, 'q1', 'b'));
  await until(() => answerAs(node, sessionId, bob, 'q1', 'a'));
  const before = await node.ask('GET', `/v1/sessions/${sessionId}`);
  expect(before.json).toMatchObject({ question: { qid: 'q1', n: 1, eligible: 2 }, players: { in: 2 } });

  const report = await node.ask('GET', `/v1/sessions/${sessionId}/report?format=json`, { key: hostToken });
  expect(report.json).toMatchObject({ sessionId, title: 'Two', revision: 1 });
  expect(report.json.players.map((player: { nickname: string; rank: number; correct: number }) => [player.nickname, player.rank, player.correct])).toEqual([
    ['Ada', 1, 1],
    ['Bob', 2, 0],
  ]);
  expect(report.json.answers.map((answer: { value: string; outcome: string }) => [answer.value, answer.outcome])).toEqual([
    ['b', 'correct'],
    ['a', 'wrong'],
  ]);

  const board = await node.ask('GET', `/v1/sessions/${sessionId}/leaderboard`);
  expect(board.json).toMatchObject({ revision: 1, of: 2, nextCursor: null });
  expect(board.json.items[0]).toMatchObject({ rank: 1, nickname: 'Ada' });
  expect(node.broken).toEqual([]);
});
