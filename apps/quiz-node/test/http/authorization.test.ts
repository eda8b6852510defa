/**
 * Every route against every kind of caller. The rows are made from the table of routes: a new route is in here by itself, and one whose path names something
 * that this test does not know fails it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { scopes, type Scope } from '../../src/http/api-keys.js';
import { hostTokenScopes } from '../../src/http/authenticate.js';
import type { Route } from '../../src/http/route.js';
import { keyEntry, startNode, type TestNode } from './node.js';
import { oneQuestion, order, playedSession, type Played } from './played.js';

const folder = mkdtempSync(join(tmpdir(), 'ringmaster-matrix-'));
const keysFile = join(folder, 'keys.json');
const annKey = (scope: Scope): string => `ann ${scope}`.replaceAll(' ', '-');
const annAll = 'ann-with-all-scopes';
const bobAll = 'bob-with-all-scopes';
writeFileSync(keysFile, JSON.stringify([...scopes.map((scope) => keyEntry(annKey(scope), 'ann', [scope])), keyEntry(annAll, 'ann', scopes), keyEntry(bobAll, 'bob', scopes)]));

let node: TestNode;
let other: Played;
beforeAll(async () => {
  node = await startNode({ rest: { apiKeysFile: keysFile, requestsPerSecondMax: 100_000 } });
  other = await playedSession(node, { upTo: 'lobby', key: annAll });
});
afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true });
});

/** Ann's things, fresh: an allowed call may use them up. */
interface Things {
  readonly session: Played;
  readonly quizId: string;
}
async function freshThings(): Promise<Things> {
  const { json } = await node.ask('POST', '/v1/quizzes', { key: annAll, body: oneQuestion });
  const session = await playedSession(node, { upTo: 'revealed', key: annAll });
  await order(node, session, 'ban', { playerId: session.players[1] });
  return { session, quizId: json.quizId };
}

const named: Readonly<Record<string, (things: Things) => string>> = {
  sessionId: ({ session }) => session.sessionId,
  quizId: ({ quizId }) => quizId,
  playerId: ({ session }) => session.players[0] as string,
  qid: () => 'q1',
  asset: () => 'start.js',
  nodeId: () => 'node-0',
  shard: () => '0',
};

/** A request that would be good if it were allowed. */
function call({ path, method }: Route, things: Things): { readonly path: string; readonly body?: unknown; readonly headers?: Record<string, string> } {
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = named[name];
    if (value === undefined) throw new Error(`${path}: say in this test what {${name}} is`);
    return path.endsWith(':unban') && name === 'playerId' ? (things.session.players[1] as string) : value(things);
  });
  if (path === '/v1/quizzes:import') return { path: `${filled}?format=json&dryRun=true`, body: JSON.stringify(oneQuestion), headers: { 'content-type': 'application/json' } };
  const bodies: Readonly<Record<string, unknown>> = {
    'post /v1/quizzes': oneQuestion,
    'put /v1/quizzes/{quizId}': oneQuestion,
    'post /v1/sessions': { quiz: oneQuestion },
    'post /v1/admin/shards/{shard}:move': { to: 'node-0' },
    'post /v1/sessions/{sessionId}/commands': { cmdId: 'matrix', cmd: 'lock' },
    'post /v1/sessions/{sessionId}/questions/{qid}:correctKey': { key: 'a', reason: 'typo' },
  };
  const body = bodies[`${method} ${path}`];
  return body === undefined ? { path: filled } : { path: filled, body };
}

interface CallerKind {
  readonly name: string;
  readonly key: (things: Things) => string | null;
  /** What keeps it out, or null. */
  readonly refusal: (route: Route) => number | null;
}

const aboutSession = ({ path }: Route): boolean => path.includes('{sessionId}');
const byScope = (held: readonly Scope[]) => ({ scope }: Route): number | null => (held.includes(scope as Scope) ? null : 403);
const callers: readonly CallerKind[] = [
  { name: 'nobody', key: () => null, refusal: () => 401 },
  { name: 'an unknown key', key: () => 'no-such-key', refusal: () => 401 },
  { name: 'a key that is none', key: () => 'two words', refusal: () => 401 },
  ...scopes.map((scope): CallerKind => ({ name: `the owner with ${scope}`, key: () => annKey(scope), refusal: byScope([scope]) })),
  { name: 'the owner with all scopes', key: () => annAll, refusal: () => null },
  { name: 'another owner with all scopes', key: () => bobAll, refusal: ({ path, scope }) => (path.includes('{') && scope !== 'admin' ? 404 : null) },
  { name: 'the host token', key: ({ session }) => session.hostToken, refusal: (route) => (aboutSession(route) ? byScope(hostTokenScopes)(route) : 403) },
  { name: 'the host token of another session', key: () => other.hostToken, refusal: () => 403 },
  { name: 'the presenter token', key: ({ session }) => session.presenterToken, refusal: () => 403 },
  { name: 'a token that was never given out', key: ({ session }) => `${session.hostToken.slice(0, -4)}AAAA`, refusal: (route) => (aboutSession(route) ? 401 : 403) },
];

let addresses = 0;
async function statusFor(route: Route, caller: CallerKind, things: Things): Promise<number> {
  const { path, headers, ...rest } = call(route, things);
  // Refusals are counted by address; here each comes from its own.
  const from = { 'x-forwarded-for': `198.51.100.${(addresses += 1)}` };
  const key = caller.key(things);
  return (await node.ask(route.method.toUpperCase(), path, { ...rest, key, headers: { ...from, ...headers } })).status;
}

describe('routes × callers', () => {
  test('the table has routes for every scope, and open ones', () => {
    expect(new Set(node.rest.routes.map(({ scope }) => scope))).toEqual(new Set([...scopes, 'open']));
  });

  test.each(callers.map((caller) => [caller.name, caller] as const))('%s', async (_name, caller) => {
    let things = await freshThings();
    const seen: string[] = [];
    const expected: string[] = [];
    for (const route of node.rest.routes) {
      const refusal = route.scope === 'open' ? null : caller.refusal(route);
      const status = await statusFor(route, caller, things);
      const kept = [401, 403, 404].includes(status) ? String(status) : 'let in';
      seen.push(`${route.method} ${route.path}: ${kept}`);
      expected.push(`${route.method} ${route.path}: ${refusal ?? 'let in'}`);
      if (refusal === null && route.method !== 'get') things = await freshThings();
    }
    expect(seen).toEqual(expected);
    expect(node.broken).toEqual([]);
  });

  test('an unknown session is not there for a key, and knows no token', async () => {
    const from = (last: number): Record<string, string> => ({ 'x-forwarded-for': `203.0.113.${last}` });
    expect((await node.ask('GET', '/v1/sessions/00000000', { key: annAll })).status).toBe(404);
    expect((await node.ask('GET', '/v1/sessions/00000000', { key: other.hostToken, headers: from(1) })).status).toBe(403);
    const made = other.hostToken.replace(other.sessionId, '00000000');
    expect((await node.ask('GET', '/v1/sessions/00000000', { key: made, headers: from(2) })).status).toBe(401);
  });

  test('another owner sees nothing of it in lists', async () => {
    const mine = await node.ask('GET', '/v1/sessions', { key: annAll });
    expect(mine.json.items.length).toBeGreaterThan(0);
    const sessions = await node.ask('GET', '/v1/sessions', { key: bobAll });
    const theirs = mine.json.items.map(({ sessionId }: { sessionId: string }) => sessionId);
    expect(sessions.json.items.filter(({ sessionId }: { sessionId: string }) => theirs.includes(sessionId))).toEqual([]);
  });
});

test('too many refusals to one address: 429 in place of 401; others are not touched', async () => {
  const headers = { 'x-forwarded-for': '192.0.2.7' };
  const many = await Promise.all(Array.from({ length: 60 }, () => node.ask('GET', '/v1/quizzes', { key: 'guess', headers })));
  expect(new Set(many.map(({ status }) => status))).toEqual(new Set([401, 429]));
  expect((await node.ask('GET', '/v1/quizzes', { key: annAll, headers })).status).toBe(200);
});

test('too many requests with one key: 429 with Retry-After; other keys go on', async () => {
  const slow = await startNode({ rest: { apiKeysFile: keysFile, requestsPerSecondMax: 5 } });
  const many = await Promise.all(Array.from({ length: 20 }, () => slow.ask('GET', '/v1/quizzes', { key: annAll })));
  expect(many.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
  const refused = many.find(({ status }) => status === 429);
  expect(refused?.headers.get('retry-after')).toBe('1');
  expect((await slow.ask('GET', '/v1/quizzes', { key: bobAll })).status).toBe(200);
  await slow.stop();
});
