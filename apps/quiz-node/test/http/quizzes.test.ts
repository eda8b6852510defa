/** `/v1/quizzes` through the real server: written, listed, changed, checked, carried away and brought back. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startNode, type TestNode } from './node.js';
import { oneQuestion } from './played.js';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(async () => {
  expect(node.broken).toEqual([]);
  await node.stop();
});

const create = async (quiz: object = oneQuestion) => (await node.ask('POST', '/v1/quizzes', { body: quiz })).json;

describe('a quiz', () => {
  test('is stored with its defaults filled in, and read as it was answered', async () => {
    const made = await create();
    expect(made.questions[0]).toMatchObject({ id: 'q1', points: 1000, limitMs: 20_000, partial: 'allOrNothing', options: [{ id: 'a', text: '3' }, { id: 'b', text: '4' }] });
    const { json, headers } = await node.ask('GET', `/v1/quizzes/${made.quizId}`);
    expect(json).toEqual(made);
    expect(headers.get('etag')).toBe(made.etag);
  });

  test('that breaks rules is refused with a pointer for each', async () => {
    const { status, json } = await node.ask('POST', '/v1/quizzes', { body: { title: '', questions: [{ type: 'single', text: 'x', options: [{ text: 'a' }], key: 'z' }], extra: 1 } });
    expect(status).toBe(422);
    expect(json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(expect.arrayContaining(['/title', '/extra', '/questions/0/options']));
  });

  test('is gone after DELETE', async () => {
    const { quizId } = await create();
    expect((await node.ask('DELETE', `/v1/quizzes/${quizId}`)).status).toBe(204);
    expect((await node.ask('GET', `/v1/quizzes/${quizId}`)).status).toBe(404);
    expect((await node.ask('DELETE', `/v1/quizzes/${quizId}`)).status).toBe(404);
  });

  test.each(['nope', 'x'.repeat(3_000), '%00', '0123456789abcdef', '..%2F..'])('%s is none', async (quizId) => {
    expect((await node.ask('GET', `/v1/quizzes/${quizId}`)).status).toBe(404);
  });
});

describe('changes', () => {
  test('with If-Match happen to the version that was read, or not at all', async () => {
    const { quizId, etag } = await create();
    const put = (title: string, match?: string) => node.ask('PUT', `/v1/quizzes/${quizId}`, { body: { ...oneQuestion, title }, headers: match === undefined ? {} : { 'if-match': match } });
    const second = await put('Second', etag);
    expect([second.status, second.json.title]).toEqual([200, 'Second']);
    expect(second.json.etag).not.toBe(etag);
    expect((await put('Stale', etag)).status).toBe(412);
    expect((await put('Without')).status).toBe(200);
    expect((await put('Any', '*')).status).toBe(200);
    expect((await put('One of', `"none", ${(await node.ask('GET', `/v1/quizzes/${quizId}`)).json.etag}`)).status).toBe(200);
    expect((await node.ask('DELETE', `/v1/quizzes/${quizId}`, { headers: { 'if-match': etag } })).status).toBe(412);
    expect((await node.ask('GET', `/v1/quizzes/${quizId}`)).json.title).toBe('One of');
  });

  test('of two at once that both read the same version, one is refused', async () => {
    const { quizId, etag } = await create();
    const put = (title: string) => node.ask('PUT', `/v1/quizzes/${quizId}`, { body: { ...oneQuestion, title }, headers: { 'if-match': etag } });
    const statuses = (await Promise.all(['a', 'b', 'c', 'd'].map(put))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412, 412, 412]);
  });

  test('take a document as it was read', async () => {
    const made = await create();
    expect((await node.ask('PUT', `/v1/quizzes/${made.quizId}`, { body: made })).json.questions).toEqual(made.questions);
  });
});

test(':validate checks the stored quiz, or another in its place, and stores nothing', async () => {
  const { quizId, etag } = await create();
  expect((await node.ask('POST', `/v1/quizzes/${quizId}:validate`)).json).toEqual({ valid: true, errors: [] });
  const checked = await node.ask('POST', `/v1/quizzes/${quizId}:validate`, { body: { title: 'x', questions: [] } });
  expect(checked.json).toMatchObject({ valid: false, errors: [{ pointer: '/questions' }] });
  expect((await node.ask('GET', `/v1/quizzes/${quizId}`)).json.etag).toBe(etag);
});

describe('lists', () => {
  test('come in pages that have every quiz once', async () => {
    const made = new Set<string>();
    for (let n = 0; n < 25; n += 1) made.add((await create({ ...oneQuestion, title: `Paged ${n}` })).quizId);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { json }: { json: { items: { quizId: string; title: string; questions: number }[]; nextCursor: string | null } } = await node.ask('GET', `/v1/quizzes?limit=7${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(json.items.length).toBeLessThanOrEqual(7);
      seen.push(...json.items.map(({ quizId }) => quizId));
      cursor = json.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([...made]));
  });

  test.each(['limit=0', 'limit=501', 'limit=1.5', 'limit=', 'cursor=abc', 'order=asc', 'limit=1&limit=2'])('?%s: 422', async (query) => {
    expect((await node.ask('GET', `/v1/quizzes?${query}`)).status).toBe(422);
  });
});

describe(':import', () => {
  const file = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
  const importAs = (query: string, body: string, type = 'application/json') => node.ask('POST', `/v1/quizzes:import?${query}`, { body, headers: { 'content-type': type } });

  test.each([['csv', 'mixed.csv', 'text/csv'], ['opentdb', 'trivia.opentdb.json', 'application/json'], ['json', 'own.quiz.json', 'application/json'], ['csv', 'semicolons.csv', 'application/octet-stream']])(
    '%s: %s is reported by row, and stored',
    async (format, name, type) => {
      const dry = await importAs(`format=${format}&dryRun=true`, file(name), type);
      expect(dry.status).toBe(200);
      const { quiz, ...report } = JSON.parse(file(`${name}.report.json`));
      expect(dry.json).toEqual(report);
      const made = await importAs(`format=${format}`, file(name), type);
      expect(made.status).toBe(201);
      const { json } = await node.ask('GET', made.headers.get('location') as string);
      expect(json.questions.length).toBe(quiz.questions.length);
      expect(json.quizId).toBe(made.json.quizId);
    },
  );

  test('a dry run stores nothing', async () => {
    const count = async (): Promise<number> => (await node.parts.records.list('quiz/', { limit: 10_000 })).items.length;
    const before = await count();
    await importAs('format=csv&dryRun', file('mixed.csv'), 'text/csv');
    expect(await count()).toBe(before);
  });

  test('takes another title', async () => {
    expect((await importAs('format=csv&dryRun=1&title=Mine', file('mixed.csv'), 'text/csv')).json.title).toBe('Mine');
  });

  test('a file of which nothing is accepted: 422 with its rows', async () => {
    const { status, json } = await importAs('format=csv', 'question,correct\nWhy?,\n', 'text/csv');
    expect(status).toBe(422);
    expect(json).toMatchObject({ accepted: 0, refused: 1, rows: [{ line: 2, outcome: 'refused' }] });
  });

  test.each([['format=json', '{'], ['format=gift', '{}'], ['', '{}'], ['format=json', '\ud800']])('?%s %j: 422', async (query, body) => {
    expect((await importAs(query, body)).status).toBe(422);
  });

  test('more than a megabyte: 413; another type: 415', async () => {
    expect((await importAs('format=csv', 'x'.repeat(1_048_577), 'text/csv')).status).toBe(413);
    expect((await importAs('format=csv', 'question\n', 'image/png')).status).toBe(415);
  });

  test('with an Idempotency-Key makes one quiz, however often it is sent', async () => {
    const send = () => node.ask('POST', '/v1/quizzes:import?format=json', { body: file('own.quiz.json'), headers: { 'content-type': 'application/json', 'idempotency-key': 'import-1' } });
    const [first, second] = [await send(), await send()];
    expect(second.json).toEqual(first.json);
    const other = await node.ask('POST', '/v1/quizzes:import?format=json', { body: JSON.stringify(oneQuestion), headers: { 'content-type': 'application/json', 'idempotency-key': 'import-1' } });
    expect(other.status).toBe(422);
  });
});

describe('bodies made to hurt', () => {
  test.each([
    ['nested half a million deep', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
    ['nested in an object', `${'{"title":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['nested in a key', `{"title":"x","questions":[{"type":"multiple","text":"x","options":[{"text":"a"},{"text":"b"}],"key":${'['.repeat(400_000)}${']'.repeat(400_000)}}]}`],
    ['with a hundred thousand fields', JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_unused, n) => [n, 0])))],
    ['with __proto__', '{"__proto__":{"title":"x"},"constructor":1,"questions":[]}'],
  ])('%s: refused, briefly', async (_name, body) => {
    for (const path of ['/v1/quizzes', '/v1/sessions', '/v1/quizzes:import?format=json', '/v1/quizzes:import?format=opentdb']) {
      const { status, text } = await node.ask('POST', path, { body, headers: { 'content-type': 'application/json' } });
      expect([path, status]).toEqual([path, 422]);
      expect(text.length).toBeLessThan(20_000);
    }
  });
});

describe(':export', () => {
  test('gives files that are imported again as the same questions', async () => {
    const { quizId, questions } = await create({ title: 'Round', questions: [...oneQuestion.questions, { type: 'numeric', text: '7·6?', key: { value: 42, tolerance: 0.5 } }] });
    for (const [format, type] of [['json', 'application/json'], ['csv', 'text/csv']] as const) {
      const { text, headers } = await node.ask('GET', `/v1/quizzes/${quizId}:export?format=${format}`);
      expect(headers.get('content-disposition')).toBe(`attachment; filename="${quizId}.${format}"`);
      const back = await node.ask('POST', `/v1/quizzes:import?format=${format}`, { body: text, headers: { 'content-type': type } });
      expect(back.json).toMatchObject({ accepted: 2, refused: 0 });
      expect((await node.ask('GET', `/v1/quizzes/${back.json.quizId}`)).json.questions).toEqual(questions);
    }
  });
});
