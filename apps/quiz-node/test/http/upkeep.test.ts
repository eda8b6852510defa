/** What is looked after over days: logs are trimmed behind archives alone, missed archives are written, and what has been kept long enough goes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '@ringmaster/actors/adapters/system/clock';
import { ArchiveStore } from '../../src/http/archive/archive-store.js';
import { Unarchived } from '../../src/http/archive/unarchived.js';
import { startNode, type TestNode } from './node.js';
import { order, playedSession, type Played } from './played.js';

const dayMs = 86_400_000;
let folder: string;
let laterMs: number;
let node: TestNode;

/** The node lives `laterMs` in the future. Session time, which is read once at the start, follows with a restart. */
const start = (): Promise<TestNode> => startNode({ folder, keepFolder: true, clock: { mono: systemClock.mono, wall: () => systemClock.wall() + laterMs } });
async function restartAfter(ms: number): Promise<void> {
  await node.stop();
  laterMs += ms;
  node = await start();
}
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringmaster-upkeep-'));
  laterMs = 0;
  node = await start();
});
afterEach(async () => {
  expect(node.broken).toEqual([]);
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

const statusOf = async (path: string, key?: string): Promise<number> => (await node.ask('GET', path, key === undefined ? {} : { key })).status;
const rowsOf = async (sessionId: string): Promise<string[]> => (await node.parts.records.list('', { limit: 10_000 })).items.map(({ key }) => key).filter((key) => key.includes(sessionId));

describe('S5', () => {
  const far = 1_000_000;

  /** Over, its sockets let go, and its log forgotten. */
  async function trimmedSession(): Promise<Played> {
    const session = await playedSession(node, { upTo: 'finished' });
    const shard = node.parts.region.shardOf(session.sessionId);
    await node.rest.archived();
    // A correction may still come from those who are there: the log stays until they have been let go.
    expect(await node.rest.mayTrim(shard, far)).toBe(false);
    await restartAfter(11 * 60_000);
    await until(() => node.rest.mayTrim(shard, far));
    await node.journal.trim(shard, (await node.journal.ends([shard])).get(shard)?.end ?? 0);
    return session;
  }

  test('a log is kept from the beginning of every session that is not over and archived', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'revealed' });
    const shard = node.parts.region.shardOf(sessionId);
    expect(await node.rest.mayTrim(shard, far)).toBe(false);
    expect(await node.rest.mayTrim(shard, 0)).toBe(true);
  });

  test('behind the archive it may go, and everything can still be read', async () => {
    const { sessionId } = await trimmedSession();
    expect((await node.ask('POST', `/v1/sessions/${sessionId}/journal:verify`)).json).toMatchObject({ equal: true, source: 'archive' });
    const { text } = await node.ask('GET', `/v1/sessions/${sessionId}/journal`);
    expect(text.split('\n').at(-2)).toContain('session.retired');
  });

  test('a correction after that is put behind what the archive has', async () => {
    const { sessionId } = await trimmedSession();
    const shard = node.parts.region.shardOf(sessionId);
    const verify = async () => (await node.ask('POST', `/v1/sessions/${sessionId}/journal:verify`)).json;
    const before = await verify();
    const correct = (key: string) => node.ask('POST', `/v1/sessions/${sessionId}/questions/q1:correctKey`, { body: { key, reason: 'typo' } });
    expect((await correct('a')).json).toEqual({ revision: before.revision + 1 });
    expect((await correct('b')).json).toEqual({ revision: before.revision + 2 });
    const after = await verify();
    expect(after).toMatchObject({ equal: true, source: 'archive', revision: before.revision + 2, events: before.events + 4 });
    const { text } = await node.ask('GET', `/v1/sessions/${sessionId}/journal`);
    expect(text.split('\n').map((line) => /"type":"([^"]+)"/.exec(line)?.[1]).slice(-6, -1)).toEqual(['session.retired', 'key.corrected', 'scores.revised', 'key.corrected', 'scores.revised']);
    // Until it is sure that no correction is on its way any more, the log stays.
    expect(await node.rest.mayTrim(shard, far)).toBe(false);
    laterMs += 3 * dayMs;
    await node.rest.look();
    await node.rest.archived();
    expect(await node.rest.mayTrim(shard, far)).toBe(true);
    expect(await verify()).toEqual(after);
  });

  test('a correction that was refused holds the log back for a while, not for ever', async () => {
    const { sessionId } = await trimmedSession();
    const shard = node.parts.region.shardOf(sessionId);
    expect((await node.ask('POST', `/v1/sessions/${sessionId}/questions/q1:correctKey`, { body: { key: 'z', reason: 'typo' } })).status).toBe(422);
    expect(await node.rest.mayTrim(shard, far)).toBe(false);
    laterMs += 3 * dayMs;
    await node.rest.look();
    await node.rest.archived();
    expect(await node.rest.mayTrim(shard, far)).toBe(true);
    expect((await node.ask('POST', `/v1/sessions/${sessionId}/journal:verify`)).json).toMatchObject({ equal: true, source: 'archive' });
  });
});

test('a session that could not be made holds no log back', async () => {
  const { status } = await node.ask('POST', '/v1/sessions', { body: { quiz: { title: 'x', questions: [] } } });
  expect(status).toBe(422);
  for (let shard = 0; shard < 4; shard += 1) expect(await node.rest.mayTrim(shard, 1_000_000)).toBe(true);
});

test('an archive that was missed is written at a later look, not at once', async () => {
  const { sessionId } = await playedSession(node, { upTo: 'finished' });
  await node.rest.archived();
  // As if the node had died between the end and the archive.
  const { records } = node.parts;
  const store = new ArchiveStore(records);
  await store.remove(sessionId);
  await new Unarchived(records).add({ sessionId, shard: node.parts.region.shardOf(sessionId), offset: 0, since: systemClock.wall() });
  await node.rest.look();
  await node.rest.archived();
  expect(await store.head(sessionId)).toBeUndefined();
  laterMs = 3 * dayMs;
  await node.rest.look();
  await node.rest.archived();
  expect(await store.head(sessionId)).toMatchObject({ phase: 'finished', revision: 2 });
});

test('the note of a session that never came to be is taken away', async () => {
  const unarchived = new Unarchived(node.parts.records);
  const shard = node.parts.region.shardOf('00000000');
  await unarchived.add({ sessionId: '00000000', shard, offset: 0, since: systemClock.wall() });
  laterMs = 3 * dayMs;
  await node.rest.look();
  expect(await unarchived.mayTrim(shard, 1)).toBe(true);
});

describe('the end of retention', () => {
  test('takes archive, lists and the session itself', async () => {
    const { sessionId } = await playedSession(node, { upTo: 'finished' });
    await node.rest.archived();
    laterMs = 89 * dayMs;
    await node.rest.look();
    expect(await statusOf(`/v1/sessions/${sessionId}`)).toBe(200);
    laterMs = 91 * dayMs;
    await node.rest.look();
    expect(await statusOf(`/v1/sessions/${sessionId}`)).toBe(404);
    expect(await rowsOf(sessionId)).toEqual([]);
  });

  test('counts from the last correction', async () => {
    const session = await playedSession(node, { upTo: 'finished' });
    await node.rest.archived();
    laterMs = 60 * dayMs;
    await node.ask('POST', `/v1/sessions/${session.sessionId}/questions/q1:correctKey`, { body: { key: 'a', reason: 'typo' } });
    await node.rest.archived();
    laterMs = 91 * dayMs;
    await node.rest.look();
    expect(await statusOf(`/v1/sessions/${session.sessionId}/report`)).toBe(200);
    laterMs = 151 * dayMs;
    await node.rest.look();
    expect(await statusOf(`/v1/sessions/${session.sessionId}/report`)).toBe(404);
  });
});

test('everything is there again after a restart', async () => {
  const open = await playedSession(node, { upTo: 'open' });
  const finished = await playedSession(node, { upTo: 'finished' });
  const { json: quiz } = await node.ask('POST', '/v1/quizzes', { body: { title: 'Kept', questions: [{ type: 'trueFalse', text: 'Kept?', key: true }] } });
  const report = (await node.ask('GET', `/v1/sessions/${finished.sessionId}/report`)).json;
  await restartAfter(0);
  expect((await node.ask('GET', `/v1/quizzes/${quiz.quizId}`)).json).toEqual(quiz);
  expect((await node.ask('GET', `/v1/sessions/${finished.sessionId}/report`, { key: finished.hostToken })).json).toEqual(report);
  expect((await node.ask('POST', `/v1/sessions/${finished.sessionId}/journal:verify`)).json).toMatchObject({ equal: true, source: 'archive' });
  expect(await order(node, open, 'close')).toMatchObject({ phase: 'revealed' });
  expect((await node.ask('POST', `/v1/sessions/${open.sessionId}/journal:verify`)).json).toMatchObject({ equal: true, source: 'journal' });
});
