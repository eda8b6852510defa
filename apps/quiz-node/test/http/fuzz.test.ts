/** Requests made from the OpenAPI document, good, damaged and absurd: each gets an answer that the document knows, and nothing breaks. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import { nearlyFitting, type Document, type JsonSchema } from './arbitrary-json.js';
import { startNode, type TestNode } from './node.js';
import { oneQuestion, playedSession, type Played } from './played.js';

/** For each operation; more by FUZZ_RUNS. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 40);

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: JsonSchema;
}
interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}
interface Request {
  readonly path: string;
  readonly body?: string;
  readonly headers: Record<string, string>;
}

let node: TestNode;
let document: Document;
let played: Played;
let quizId: string;
let operations: { readonly method: string; readonly path: string; readonly operation: Operation }[];

beforeAll(async () => {
  node = await startNode({ rest: { requestsPerSecondMax: 1_000_000 } });
  document = (await node.ask('GET', '/openapi.json')).json;
  operations = Object.entries(document['paths'] as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
  await renew();
});
afterAll(() => node.stop());

/** Calls may have used them up. */
async function renew(): Promise<void> {
  played = await playedSession(node, { upTo: 'revealed' });
  quizId = (await node.ask('POST', '/v1/quizzes', { body: oneQuestion })).json.quizId;
}

const odd = fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), fc.constantFrom('0', '..', '%', '%00', '\u0000', 'x'.repeat(2_000), '💥', 'a/b', 'a:b', '{x}', '7K3M-9QRT'));

/** Mostly what is there, so that requests get past the first look. */
function pathValue(name: string): Arbitrary<string> {
  const there: Readonly<Record<string, () => string>> = { sessionId: () => played.sessionId, quizId: () => quizId, playerId: () => played.players[0] as string, qid: () => 'q1' };
  const known = there[name];
  return fc.oneof({ weight: 4, arbitrary: fc.constant('').map(() => (known === undefined ? 'x' : known())) }, { weight: 1, arbitrary: odd });
}

function requestOf(path: string, { parameters = [], requestBody }: Operation): Arbitrary<Request> {
  const places = parameters.filter(({ in: where }) => where === 'path').map(({ name }) => [name, pathValue(name)] as const);
  const queries = parameters.filter(({ in: where }) => where === 'query').map(({ name, schema }) => [name, fc.option(nearlyFitting(schema, document), { nil: undefined })] as const);
  const contents = Object.entries(requestBody?.content ?? {});
  const bodies = contents.map(([type, { schema }]) => nearlyFitting(schema, document).map((value) => ({ type, text: typeof value === 'string' && type !== 'application/json' ? value : JSON.stringify(value) })));
  const raw = fc.record({ type: fc.constantFrom('application/json', 'text/csv', 'text/plain', 'image/png', 'nonsense'), text: fc.string({ maxLength: 200 }) });
  return fc.record({
    at: fc.record(Object.fromEntries(places)),
    query: fc.record(Object.fromEntries(queries)),
    extra: fc.option(fc.tuple(odd, odd), { nil: undefined, freq: 8 }),
    body: bodies.length === 0 ? fc.constant(undefined) : fc.oneof({ weight: 8, arbitrary: fc.oneof(...bodies) }, { weight: 1, arbitrary: raw }, { weight: 1, arbitrary: fc.constant(undefined) }),
    headers: fc.record({ 'idempotency-key': fc.stringMatching(/^[\x21-\x7e]{1,12}$/), 'if-match': fc.constantFrom('*', '"1"', 'x', '"1", "2"') }, { requiredKeys: [] }),
  }).map(({ at, query, extra, body, headers }) => {
    const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(((at as Record<string, string>)[name] ?? '').toWellFormed()));
    const asked = new URLSearchParams(Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, textOf(value)] as [string, string]])));
    if (extra !== undefined) asked.append(extra[0].toWellFormed(), extra[1].toWellFormed());
    const type = body === undefined ? {} : { 'content-type': body.type };
    return { path: `${filled}${asked.size > 0 ? `?${asked}` : ''}`, headers: { ...(headers as Record<string, string>), ...type }, ...(body === undefined ? {} : { body: body.text }) };
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.toWellFormed() : (JSON.stringify(value) ?? ''));

test('no request of the kind that the document describes, however damaged, breaks anything', async () => {
  const seen = new Map<number, number>();
  for (const { method, path, operation } of operations) {
    await fc.assert(
      fc.asyncProperty(requestOf(path, operation), async ({ path: at, body, headers }) => {
        const { status } = await node.ask(method, at, { headers, ...(body === undefined || method === 'GET' ? {} : { body }) });
        seen.set(status, (seen.get(status) ?? 0) + 1);
        expect({ method, at, body, status, broken: node.broken }).toEqual({ method, at, body, status, broken: [] });
        expect(status).toBeLessThan(500);
      }),
      { numRuns: runs },
    );
    if (method !== 'GET') await renew();
  }
  // The requests reach every layer. What only a rare draw meets is not asked for.
  for (const status of [200, 400, 404, 422]) expect([status, (seen.get(status) ?? 0) > 0]).toEqual([status, true]);
  expect((await node.ask('GET', '/readyz')).json).toEqual({ status: 'ready' });
}, 120_000 + runs * 3_000);
