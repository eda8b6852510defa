/** Corrections, sent again: with their cmdId they are done once, and say so. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startNode, type TestNode } from './node.js';
import { playedSession } from './played.js';

let node: TestNode;
beforeAll(async () => void (node = await startNode()));
afterAll(() => node.stop());

test('corrections of a key and voids get the first answer, and change nothing', async () => {
  const session = await playedSession(node, { upTo: 'revealed' });
  const path = `/v1/sessions/${session.sessionId}/questions/q1`;
  const correct = (cmdId: string, key: string) => node.ask('POST', `${path}:correctKey`, { body: { cmdId, key, reason: 'typo' } });
  expect((await correct('k1', 'a')).json).toEqual({ revision: 2 });
  expect((await correct('k2', 'b')).json).toEqual({ revision: 3 });
  expect((await correct('k1', 'a')).json).toEqual({ revision: 2, dup: true });
  expect((await node.ask('GET', path)).json).toMatchObject({ key: 'b' });
  expect((await node.ask('GET', `/v1/sessions/${session.sessionId}`)).json.revision).toBe(3);
  expect((await correct('', 'a')).status).toBe(422);
  const taken = (await node.ask('POST', `${path}:void`, { body: { cmdId: 'v1' } })).json;
  expect((await node.ask('POST', `${path}:void`, { body: { cmdId: 'v1' } })).json).toEqual({ ...taken, dup: true });
  // Judged afresh: what is refused is not remembered.
  expect((await correct('k3', 'a')).status).toBe(409);
  expect((await correct('k3', 'a')).status).toBe(409);
});

test('a kick, a ban and its end', async () => {
  const { sessionId, players } = await playedSession(node, { upTo: 'revealed' });
  const send = (verb: string, cmdId: string) => node.ask('POST', `/v1/sessions/${sessionId}/players/${players[0]}:${verb}`, { body: { cmdId } });
  for (const verb of ['kick', 'ban']) {
    const first = (await send(verb, verb)).json;
    expect((await send(verb, verb)).json).toEqual({ ...first, dup: true });
  }
  expect((await send('unban', 'u')).status).toBe(204);
  expect((await send('unban', 'u')).status).toBe(204);
  expect((await send('unban', 'u2')).status).toBe(404);
});
