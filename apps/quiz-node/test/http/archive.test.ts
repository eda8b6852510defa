/** What is kept of a session: its journal, its archive, and nothing at all after a purge. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { shardOf } from '@ringmaster/actors';
import { ArchiveStore } from '../../src/http/archive/archive-store.js';
import { startNode, type TestNode } from './node.js';
import { playedSession, type Played } from './played.js';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.stop());

const journalOf = async (sessionId: string): Promise<{ n: number; at: number; event: Record<string, unknown> }[]> => {
  const { status, text } = await node.ask('GET', `/v1/sessions/${sessionId}/journal`);
  expect(status).toBe(200);
  return text.trimEnd().split('\n').map((line) => JSON.parse(line));
};
const verify = async ({ sessionId }: Played) => (await node.ask('POST', `/v1/sessions/${sessionId}/journal:verify`)).json;

test('the journal of a running session gives its events, in order, without secrets', async () => {
  const { sessionId, hostToken } = await playedSession(node, { upTo: 'revealed' });
  const lines = await journalOf(sessionId);
  expect(lines.map(({ event }) => event['type'])).toEqual([
    'session.created', 'player.joined', 'player.joined', 'session.started', 'question.previewed', 'question.opened', 'answer.accepted', 'answer.accepted',
    'question.closed', 'question.revealed',
  ]);
  expect(lines.map(({ n }) => n)).toEqual([...lines.map(({ n }) => n)].sort((a, b) => a - b));
  expect(lines[0]?.event).toMatchObject({ sessionSecret: 'redacted', hostTokenSha256: 'redacted', presenterTokenSha256: 'redacted' });
  expect(JSON.stringify(lines)).not.toContain(hostToken);
});

test('a running session is verified from its journal', async () => {
  const session = await playedSession(node, { upTo: 'revealed' });
  const { json: report } = await node.ask('GET', `/v1/sessions/${session.sessionId}/report`);
  expect(await verify(session)).toEqual({ equal: true, source: 'journal', events: 10, revision: 1, standingsHash: report.standingsHash, replayedHash: report.standingsHash });
});

describe('a session that has ended', () => {
  test('has an archive, from which journal and verification are read', async () => {
    const session = await playedSession(node, { upTo: 'finished' });
    await node.rest.archived();
    const verdict = await verify(session);
    expect(verdict).toMatchObject({ equal: true, source: 'archive', archiveSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const lines = await journalOf(session.sessionId);
    expect(lines.at(-1)?.event['type']).toBe('session.finished');
    expect(lines.length).toBe(verdict.events);
    expect(lines[0]?.event).toMatchObject({ sessionSecret: 'redacted' });
    const { json } = await node.ask('GET', '/v1/sessions?phase=finished');
    expect(json.items).toContainEqual(expect.objectContaining({ sessionId: session.sessionId, phase: 'finished', startedAt: expect.any(Number), endedAt: expect.any(Number) }));
  });

  test('gets another archive when a key is corrected', async () => {
    const session = await playedSession(node, { upTo: 'finished' });
    await node.rest.archived();
    const before = await verify(session);
    const corrected = await node.ask('POST', `/v1/sessions/${session.sessionId}/questions/q1:correctKey`, { body: { key: 'a', reason: 'typo' } });
    expect(corrected.json).toEqual({ revision: before.revision + 1 });
    await node.rest.archived();
    const after = await verify(session);
    expect(after).toMatchObject({ equal: true, source: 'archive', revision: before.revision + 1 });
    expect(after.standingsHash).not.toBe(before.standingsHash);
    expect(after.archiveSha256).not.toBe(before.archiveSha256);
    const files = await node.parts.records.list(`archive/${session.sessionId}/`, { limit: 100 });
    expect(files.items.length).toBe(2);
  });

  test('is answered from its archive when the session itself is gone', async () => {
    const session = await playedSession(node, { upTo: 'finished' });
    await node.rest.archived();
    const path = `/v1/sessions/${session.sessionId}`;
    const shown = ['', '/report', '/leaderboard', '/players', '/questions/q1', `/answers/${session.players[0]}/q1/explain`];
    const before = await Promise.all(shown.map(async (view) => (await node.ask('GET', path + view)).json));
    const verified = await verify(session);
    await node.parts.edge.desk.ask(session.sessionId, { type: 'purge' }, 'rest');
    expect(await Promise.all(shown.map(async (view) => (await node.ask('GET', path + view)).json))).toEqual(before);
    expect(await verify(session)).toEqual(verified);
    expect((await node.ask('GET', `${path}/report`, { key: session.hostToken })).status).toBe(200);
    expect((await node.ask('POST', `${path}/commands`, { body: { cmdId: 'late', cmd: 'lock' } })).status).toBe(404);
  });

  test('a damaged archive is not believed', async () => {
    const session = await playedSession(node, { upTo: 'finished' });
    await node.rest.archived();
    const store = new ArchiveStore(node.parts.records);
    const head = await store.head(session.sessionId);
    const key = `archive/${session.sessionId}/${head?.file}/000000`;
    const { value = new Uint8Array() } = (await node.parts.records.get(key)) ?? {};
    await node.parts.records.put(key, value.map((byte, index) => (index === 20 ? byte ^ 1 : byte)));
    expect((await node.ask('POST', `/v1/sessions/${session.sessionId}/journal:verify`)).status).toBe(500);
    expect(node.broken.splice(0)).toEqual([expect.objectContaining({ error: expect.stringContaining('not those that were written') })]);
  });
});

test('a cancelled session is archived too', async () => {
  const { sessionId } = await playedSession(node, { upTo: 'lobby' });
  expect((await node.ask('DELETE', `/v1/sessions/${sessionId}`)).status).toBe(204);
  await node.rest.archived();
  expect((await node.ask('POST', `/v1/sessions/${sessionId}/journal:verify`)).json).toMatchObject({ equal: true, source: 'archive', revision: 0 });
});

test('a purge leaves nothing but what the log still holds', async () => {
  const { sessionId, hostToken } = await playedSession(node, { upTo: 'revealed' });
  expect((await node.ask('DELETE', `/v1/sessions/${sessionId}?purge=true`)).status).toBe(204);
  await node.rest.archived();
  for (const path of ['', '/report', '/journal', '/players']) expect((await node.ask('GET', `/v1/sessions/${sessionId}${path}`)).status).toBe(404);
  expect((await node.ask('GET', `/v1/sessions/${sessionId}`, { key: hostToken })).status).toBe(401);
  const kept = await node.parts.records.list('', { limit: 10_000 });
  expect(kept.items.filter(({ key }) => key.includes(sessionId)).map(({ key }) => key)).toEqual([]);
});

test('a purge leaves no chunk in the snapshot store, and a tombstone', async () => {
  const { sessionId } = await playedSession(node, { upTo: 'revealed' });
  const shard = shardOf(sessionId, 4);
  const { snapshots } = node;
  const turning = async (until: () => Promise<boolean>): Promise<void> => {
    while (!(await until())) await new Promise((resolve) => setImmediate(resolve));
  };
  await turning(async () => ((await snapshots.getPointer(shard, sessionId))?.chunks.length ?? 0) > 0);
  expect((await node.ask('DELETE', `/v1/sessions/${sessionId}?purge=true`)).status).toBe(204);
  await turning(async () => (await snapshots.getPointer(shard, sessionId))?.chunks.length === 0);
  await turning(async () => (await snapshots.chunkKeys(shard, sessionId)).length === 0);
  expect(await snapshots.getPointer(shard, sessionId)).toMatchObject({ entityId: sessionId, deadline: null, goneAt: expect.any(Number) });
});
