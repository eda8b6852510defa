/** `/v1/sessions` through the real server: made, listed, conducted, looked at and ended. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startNode, type TestNode } from './node.js';
import { answerAs, joinAs, until } from './players.js';
import { noWaits, oneQuestion, order, playedSession } from './played.js';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(async () => {
  expect(node.broken).toEqual([]);
  await node.stop();
});

const make = (body: object, headers: Record<string, string> = {}) => node.ask('POST', '/v1/sessions', { body, headers });
const command = (sessionId: string, body: object) => node.ask('POST', `/v1/sessions/${sessionId}/commands`, { body });

describe('making one', () => {
  test('of a stored quiz keeps what the quiz was', async () => {
    const { json: quiz } = await node.ask('POST', '/v1/quizzes', { body: oneQuestion });
    const { json: session, headers } = await make({ quizId: quiz.quizId });
    expect(headers.get('location')).toBe(`/v1/sessions/${session.sessionId}`);
    await node.ask('PUT', `/v1/quizzes/${quiz.quizId}`, { body: { ...oneQuestion, title: 'Changed' } });
    await node.ask('DELETE', `/v1/quizzes/${quiz.quizId}`);
    expect((await node.ask('GET', `/v1/sessions/${session.sessionId}`)).json).toMatchObject({ title: 'One', quizId: quiz.quizId, phase: 'lobby', questions: 1 });
  });

  test.each<[string, object, string]>([
    ['neither quiz nor quizId', {}, ''],
    ['both', { quizId: 'x', quiz: oneQuestion }, ''],
    ['a quiz that is not there', { quizId: '0123456789abcdef' }, '/quizId'],
    ['a quiz that breaks a rule', { quiz: { title: 'x', questions: [] } }, '/quiz/questions'],
    ['a setting out of range', { quiz: oneQuestion, settings: { maxPlayers: 0 } }, '/settings/maxPlayers'],
    ['an unknown setting', { quiz: oneQuestion, settings: { speed: 1 } }, '/settings/speed'],
    ['an unknown field', { quiz: oneQuestion, colour: 'red' }, '/colour'],
  ])('%s: 422 that points at it', async (_name, body, pointer) => {
    const { status, json } = await make(body);
    expect([status, json.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([422, expect.arrayContaining([pointer])]);
  });

  test('a quiz that does not fit its settings: 422 with the code of the catalogue', async () => {
    const { status, json } = await make({ quiz: oneQuestion, settings: { scoring: 'accuracyFirst@1', streak: true } });
    expect([status, json.code, json.name, json.type]).toEqual([422, 403, 'QUIZ_INVALID', 'urn:ringmaster:problem:quiz-invalid']);
    expect(json.errors).toEqual([{ pointer: '/settings/streak', detail: expect.any(String) }]);
  });

  test('with an Idempotency-Key gives the same session and tokens again, also to many at once', async () => {
    const headers = { 'idempotency-key': 'session-1' };
    const attempts = await Promise.all(Array.from({ length: 5 }, () => make({ quiz: oneQuestion }, headers)));
    expect(attempts.map(({ status }) => status).filter((status) => status !== 201 && status !== 409)).toEqual([]);
    const again = await make({ quiz: oneQuestion }, headers);
    const made = attempts.filter(({ status }) => status === 201);
    expect(made).not.toHaveLength(0);
    for (const { json } of made) expect(json).toEqual(again.json);
  });

  test('its URLs begin with the address that the client used', async () => {
    const { json } = await make({ quiz: oneQuestion }, { 'x-forwarded-host': 'quiz.example', 'x-forwarded-proto': 'https' });
    expect(json.wsUrl).toBe(`wss://quiz.example/v1/play/${json.sessionId}`);
    expect(json.joinUrl).toMatch(/^https:\/\/quiz\.example\/join\/[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  });

  test('tokens lie nowhere in the clear', async () => {
    const { json } = await make({ quiz: oneQuestion }, { 'idempotency-key': 'session-2' });
    const { items } = await node.parts.records.list('', { limit: 10_000 });
    const stored = items.map(({ value }) => Buffer.from(value).toString('latin1')).join('\n');
    for (const token of [json.hostToken, json.presenterToken]) {
      expect(stored).not.toContain(token);
      expect(stored).not.toContain(token.split('.')[2]);
    }
  });

  test('is refused while there is no room', async () => {
    const full = await startNode({ rest: { isFull: () => true } });
    const { status, headers } = await full.ask('POST', '/v1/sessions', { body: { quiz: oneQuestion } });
    expect([status, headers.get('retry-after')]).toEqual([503, '30']);
    await full.stop();
  });
});

describe('the list', () => {
  test('has the newest first, in pages, by phase and quiz', async () => {
    const { json: quiz } = await node.ask('POST', '/v1/quizzes', { body: oneQuestion });
    const made: string[] = [];
    for (let n = 0; n < 5; n += 1) made.unshift((await make({ quizId: quiz.quizId, settings: noWaits })).json.sessionId);
    const list = async (query = '') => (await node.ask('GET', `/v1/sessions?quizId=${quiz.quizId}${query}`)).json;
    const ids = (page: { items: { sessionId: string }[] }): string[] => page.items.map(({ sessionId }) => sessionId);
    // Those of one millisecond are in the order of their ids.
    expect(new Set(ids(await list()))).toEqual(new Set(made));
    const first = await list('&limit=2');
    const second = await list(`&limit=2&cursor=${first.nextCursor}`);
    const third = await list(`&limit=2&cursor=${second.nextCursor}`);
    expect(third.nextCursor).toBeNull();
    expect([first, second, third].flatMap(ids)).toEqual(ids(await list()));

    await command(made[0] as string, { cmdId: '1', cmd: 'start' });
    await until(async () => (await list('&phase=running')).items.length === 1);
    expect(ids(await list('&phase=running'))).toEqual([made[0]]);
    await command(made[0] as string, { cmdId: '2', cmd: 'end' });
    await node.rest.archived();
    expect(ids(await list('&phase=finished'))).toEqual([made[0]]);
    expect(ids(await list('&phase=lobby')).length).toBe(4);
  });

  test('what is no filter or cursor: 422', async () => {
    for (const query of ['phase=open', 'cursor=x', 'limit=501', 'owner=me']) expect((await node.ask('GET', `/v1/sessions?${query}`)).status).toBe(422);
  });
});

describe('commands', () => {
  test('answer with phase and position; the same cmdId again with the first answer', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'lobby' });
    const first = await command(sessionId, { cmdId: 'start-1', cmd: 'start', ifSeq: 0 });
    expect(first.json).toEqual({ phase: 'open', e: expect.any(String), s: 3 });
    expect((await command(sessionId, { cmdId: 'start-1', cmd: 'start', ifSeq: 0 })).json).toEqual({ ...first.json, dup: true });
  });

  test('are refused with the code of the catalogue', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'lobby' });
    const refused = async (body: object) => {
      const { status, json } = await command(sessionId, body);
      return [status, json.code, json.name];
    };
    expect(await refused({ cmdId: '1', cmd: 'start', ifSeq: 9 })).toEqual([412, 400, 'PRECONDITION_FAILED']);
    expect(await refused({ cmdId: '2', cmd: 'reveal' })).toEqual([409, 401, 'ILLEGAL_TRANSITION']);
    expect(await refused({ cmdId: '3', cmd: 'kick', args: { playerId: 'nobody' } })).toEqual([404, 402, 'PLAYER_NOT_FOUND']);
  });

  test.each<[object, string]>([
    [{ cmdId: '1', cmd: 'dance' }, '/cmd'],
    [{ cmd: 'start' }, '/cmdId'],
    [{ cmdId: '1', cmd: 'start', args: { now: true } }, '/args/now'],
    [{ cmdId: '1', cmd: 'extend', args: { ms: 0 } }, '/args/ms'],
    [{ cmdId: '1', cmd: 'extend', args: {} }, '/args/ms'],
    [{ cmdId: '1', cmd: 'start', more: 1 }, '/more'],
  ])('%j: 422 at %s', async (body, pointer) => {
    const { sessionId } = await playedSession(node, { upTo: 'lobby' });
    const { status, json } = await command(sessionId, body);
    expect([status, json.errors.map((error: { pointer: string }) => error.pointer)]).toEqual([422, [pointer]]);
  });

  test('in any writing of the id', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'lobby' });
    const written = `${sessionId.slice(0, 4).toLowerCase()}-${sessionId.slice(4)}`;
    expect((await node.ask('GET', `/v1/sessions/${written}`)).json.sessionId).toBe(sessionId);
  });
});

describe('players', () => {
  test('are listed, searched, ranked, kicked, banned and let in again', async () => {
    const session = await playedSession(node, { upTo: 'revealed' });
    const { sessionId, players } = session;
    const list = async (query = '') => (await node.ask('GET', `/v1/sessions/${sessionId}/players${query}`)).json;
    const names = (page: { items: { nickname: string }[] }): string[] => page.items.map(({ nickname }) => nickname);
    const eve = await joinAs(node, sessionId, 'Eve Adamson');
    expect(names(await list())).toEqual(['Ada', 'Bob', 'Eve Adamson']);
    expect(names(await list('?search=ADA'))).toEqual(['Ada', 'Eve Adamson']);
    expect(await list('?byRank=true')).toMatchObject({ total: 3, items: [{ nickname: 'Ada', rank: 1 }, { nickname: 'Bob', rank: 2 }, { nickname: 'Eve Adamson', rank: null }] });
    const first = await list('?limit=2');
    expect(names(await list(`?limit=2&cursor=${first.nextCursor}`))).toEqual(['Eve Adamson']);

    expect((await node.ask('POST', `/v1/sessions/${sessionId}/players/${eve}:kick`)).status).toBe(200);
    expect((await node.ask('POST', `/v1/sessions/${sessionId}/players/${eve}:kick`)).status).toBe(404);
    expect((await node.ask('POST', `/v1/sessions/${sessionId}/players/${players[1]}:ban`)).json).toMatchObject({ phase: 'revealed' });
    expect(names(await list('?status=kicked'))).toEqual(['Eve Adamson']);
    expect((await node.ask('GET', `/v1/sessions/${sessionId}/bans`)).json.items).toMatchObject([{ nickname: 'Bob', status: 'banned' }]);
    expect((await node.ask('POST', `/v1/sessions/${sessionId}/players/${players[1]}:unban`)).status).toBe(204);
    expect((await node.ask('GET', `/v1/sessions/${sessionId}/bans`)).json.items).toEqual([]);
    expect((await node.ask('POST', `/v1/sessions/${sessionId}/players/${players[1]}:unban`)).json).toMatchObject({ status: 404, name: 'PLAYER_NOT_FOUND' });
    expect((await node.ask('GET', `/v1/sessions/${sessionId}/players/nobody`)).status).toBe(404);
    expect((await node.ask('GET', `/v1/sessions/${sessionId}`)).json.players).toEqual({ in: 1, left: 0, kicked: 2, banned: 0 });
  });
});

describe('standings', () => {
  test('of any revision, by page, by offset and around a player', async () => {
    const session = await playedSession(node, { upTo: 'lobby' });
    const { sessionId } = session;
    const more: string[] = [];
    for (let n = 0; n < 7; n += 1) more.push(await joinAs(node, sessionId, `Player ${n}`));
    await order(node, session, 'start');
    for (const playerId of [...session.players, ...more]) await until(() => answerAs(node, sessionId, playerId, 'q1', 'b'));
    const board = async (query = '') => (await node.ask('GET', `/v1/sessions/${sessionId}/leaderboard${query}`)).json;
    const whole = await board();
    expect(whole).toMatchObject({ revision: 1, of: 9, nextCursor: null });
    const first = await board('?limit=4');
    await order(node, session, 'end');
    expect((await board()).revision).toBe(2);
    // The page after goes on in the revision of the one before.
    const second = await board(`?limit=4&cursor=${first.nextCursor}`);
    const third = await board(`?limit=4&cursor=${second.nextCursor}`);
    expect([...first.items, ...second.items, ...third.items]).toEqual(whole.items);
    expect(third.revision).toBe(1);
    expect((await board('?limit=3&offset=2&revision=1')).items).toEqual(whole.items.slice(2, 5));
    const middle = whole.items[4].playerId;
    expect((await board(`?limit=3&around=${middle}`)).items.map(({ playerId }: { playerId: string }) => playerId)[1]).toBe(middle);
    expect((await board('?revision=0')).items).toEqual([]);
  });

  test('what is not there: 404; what cannot be: 422', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'revealed' });
    const status = async (query: string): Promise<number> => (await node.ask('GET', `/v1/sessions/${sessionId}/leaderboard?${query}`)).status;
    expect(await Promise.all(['revision=9', 'around=nobody'].map(status))).toEqual([404, 404]);
    expect(await Promise.all(['limit=501', 'limit=0', 'cursor=x', 'offset=1&around=a', 'offset=-1', 'revision=x'].map(status))).toEqual([422, 422, 422, 422, 422, 422]);
  });
});

describe('questions', () => {
  test('statistics, correction and void each make what they should', async () => {
    const session = await playedSession(node, { upTo: 'revealed' });
    const path = `/v1/sessions/${session.sessionId}/questions/q1`;
    expect((await node.ask('GET', path)).json).toMatchObject({ revealed: true, answered: 2, correct: 1, byOption: { a: 1, b: 1 }, key: 'b', corrected: false });
    expect((await node.ask('POST', `${path}:correctKey`, { body: { key: 'a', reason: 'typo' } })).json).toEqual({ revision: 2 });
    expect((await node.ask('GET', path)).json).toMatchObject({ key: 'a', corrected: true });
    const { json } = await node.ask('GET', `/v1/sessions/${session.sessionId}/leaderboard`);
    expect(json.items.map(({ nickname }: { nickname: string }) => nickname)).toEqual(['Bob', 'Ada']);
    expect((await node.ask('POST', `${path}:void`, { body: { reason: 'unclear' } })).json).toMatchObject({ phase: 'revealed' });
    expect((await node.ask('POST', `${path}:void`)).json).toMatchObject({ status: 409, name: 'ILLEGAL_TRANSITION' });
    expect((await node.ask('POST', `${path}:correctKey`, { body: { key: 'b', reason: 'again' } })).status).toBe(409);
  });

  test('one that does not exist: 404; a key that does not fit: 422', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'revealed' });
    const path = (qid: string): string => `/v1/sessions/${sessionId}/questions/${qid}`;
    expect((await node.ask('GET', path('q9'))).status).toBe(404);
    expect((await node.ask('POST', `${path('q9')}:void`)).status).toBe(404);
    expect((await node.ask('POST', `${path('q9')}:correctKey`, { body: { key: 'a', reason: 'x' } })).status).toBe(404);
    expect((await command(sessionId, { cmdId: 'v', cmd: 'void', args: { qid: 'q9' } })).status).toBe(404);
    expect((await node.ask('POST', `${path('q1')}:correctKey`, { body: { key: 'z', reason: 'x' } })).json.errors).toMatchObject([{ pointer: '/key' }]);
    expect((await node.ask('POST', `${path('q1')}:correctKey`, { body: { key: 'a' } })).json.errors).toMatchObject([{ pointer: '/reason' }]);
  });

  test('an answer is explained, its points only after the reveal', async () => {
    const session = await playedSession(node, { upTo: 'open' });
    const path = `/v1/sessions/${session.sessionId}/answers/${session.players[0]}/q1/explain`;
    await until(() => answerAs(node, session.sessionId, session.players[0] as string, 'q1', 'b'));
    const open = (await node.ask('GET', path)).json;
    expect(open).toMatchObject({ policy: 'halfDecay@1', inputs: { P: 1000, L: 20_000 }, answer: { value: 'b' } });
    expect(open.points).toBeUndefined();
    await order(node, session, 'close');
    const { points, answer } = (await node.ask('GET', path)).json;
    expect(points).toMatchObject({ outcome: 'correct', fraction: [1, 1], total: points.scored + points.streak });
    expect(answer.elapsedMs).toBe(Math.max(0, answer.receivedAt - answer.opensAt - answer.frozenMs - answer.creditMs));
    expect((await node.ask('GET', path.replace('/q1/', '/q9/'))).status).toBe(404);
  });
});

describe('reports', () => {
  test('say nothing of outcomes before the reveal', async () => {
    const session = await playedSession(node, { upTo: 'open' });
    await until(() => answerAs(node, session.sessionId, session.players[0] as string, 'q1', 'b'));
    const { json } = await node.ask('GET', `/v1/sessions/${session.sessionId}/report`);
    expect(json.answers).toMatchObject([{ value: 'b', outcome: null, points: null }]);
    expect(json.questions).toMatchObject([{ correct: null, medianMs: null }]);
  });

  test('as CSV', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'revealed' });
    const { text, headers } = await node.ask('GET', `/v1/sessions/${sessionId}/report?format=csv`);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(text.split('\n')[0]).toBe('rank,nickname,score,correct,answered,correctMs,playerId,1 points,1: 2 + 2 = ?');
    expect(text.split('\n')[1]).toMatch(/^1,Ada,\d+,1,1,\d+,player-\d+,\d+,b$/);
  });

  test('of a format that we do not have: 422', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'lobby' });
    expect((await node.ask('GET', `/v1/sessions/${sessionId}/report?format=pdf`)).status).toBe(422);
  });
});

describe('the end', () => {
  test('DELETE cancels, again without harm; a finished session is not cancelled', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'open' });
    expect((await node.ask('DELETE', `/v1/sessions/${sessionId}`)).status).toBe(204);
    expect((await node.ask('GET', `/v1/sessions/${sessionId}`)).json.phase).toBe('cancelled');
    expect((await node.ask('DELETE', `/v1/sessions/${sessionId}`)).status).toBe(204);
    const finished = await playedSession(node, { upTo: 'finished' });
    expect((await node.ask('DELETE', `/v1/sessions/${finished.sessionId}`)).json).toMatchObject({ status: 409, code: 401 });
    expect((await node.ask('DELETE', `/v1/sessions/${finished.sessionId}?purge`)).status).toBe(204);
    expect((await node.ask('GET', `/v1/sessions/${finished.sessionId}`)).status).toBe(404);
  });
});

test('SREs see where a session lives', async () => {
  const { sessionId } = await playedSession(node, { upTo: 'open' });
  const { json } = await node.ask('GET', `/v1/admin/sessions/${sessionId}/actor`);
  expect(json).toMatchObject({ sessionId, node: 'node-0', owner: 'local', phase: 'open', playersKnown: 2, connections: { sockets: 0, hosts: 0, players: 0 } });
  expect(json.shard).toBe(node.parts.region.shardOf(sessionId));
  expect((await node.ask('GET', '/v1/admin/sessions/00000000/actor')).status).toBe(404);
});
