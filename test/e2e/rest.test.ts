import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { Host, type Json, type NewSession } from './harness/host.js';
import { DocumentedRest, type Document } from './harness/openapi.js';
import { closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { quizOf, swift } from './harness/quizzes.js';

let product: Product;
let rest: DocumentedRest;
beforeAll(async () => {
  product = await Product.start();
  rest = new DocumentedRest(product.host, await product.host.get<Document>('/openapi.json'));
});
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

const stranger = () => new Host(product.url, 'a-key-that-nobody-ever-made');

describe('every route, through the router', () => {
  it('quizzes: made once, changed by who has read them, checked, exported', async () => {
    const body = quizOf(2);
    const key = { 'idempotency-key': 'make-it-once' };
    const made = await rest.ask<{ quizId: string; etag: string }>('post /v1/quizzes', 201, { body, headers: key });
    const { quizId } = made.body;
    expect(made.headers.get('location')).toMatch(new RegExp(`/v1/quizzes/${quizId}$`));
    expect((await rest.ask('post /v1/quizzes', 201, { body, headers: key })).body['quizId']).toBe(quizId);
    await rest.ask('post /v1/quizzes', 422, { body: quizOf(3), headers: key });
    await rest.ask('post /v1/quizzes', 400, { body: '{' });
    const bad = await rest.ask<{ errors: { pointer: string }[] }>('post /v1/quizzes', 422, { body: { ...body, colour: 'red', questions: [{ type: 'single', text: 'x' }] } });
    expect(bad.body.errors.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/colour', '/questions/0/options']));

    const params = { quizId };
    const { headers } = await rest.ask('get /v1/quizzes/{quizId}', 200, { params });
    const etag = headers.get('etag') as string;
    await rest.ask('put /v1/quizzes/{quizId}', 200, { params, body: quizOf(3), headers: { 'if-match': etag } });
    await rest.ask('put /v1/quizzes/{quizId}', 412, { params, body: quizOf(4), headers: { 'if-match': etag } });
    expect((await rest.ask('post /v1/quizzes/{quizId}:validate', 200, { params })).body).toMatchObject({ valid: true });
    for (const format of ['csv', 'json']) expect((await rest.ask('get /v1/quizzes/{quizId}:export', 200, { params, query: `?format=${format}` })).body).toBeTruthy();
    const list = await rest.ask<{ items: { quizId: string }[] }>('get /v1/quizzes', 200, { query: '?limit=1' });
    expect(list.body.items).toHaveLength(1);
    await rest.ask('delete /v1/quizzes/{quizId}', 412, { params, headers: { 'if-match': etag } });
    await rest.ask('delete /v1/quizzes/{quizId}', 204, { params });
    await rest.ask('get /v1/quizzes/{quizId}', 404, { params });
  });

  it('imports say what became of each row', async () => {
    const csv = 'type,text,option a,option b,key\nsingle,2+2?,3,4,b\n';
    const exported = await product.host.must<{ quizId: string }>('POST', '/v1/quizzes', quizOf(1));
    const file = (await product.host.ask<string>('GET', `/v1/quizzes/${exported.quizId}:export?format=csv`)).body;
    const dry = await rest.ask('post /v1/quizzes:import', 200, { query: '?format=csv&dryRun=true', body: file, headers: { 'content-type': 'text/csv' } });
    expect(dry.body).toMatchObject({ accepted: 1, refused: 0 });
    const done = await rest.ask('post /v1/quizzes:import', 201, { query: '?format=csv', body: file, headers: { 'content-type': 'text/csv' } });
    expect(done.body['quizId']).toEqual(expect.any(String));
    await rest.ask('post /v1/quizzes:import', 422, { query: '?format=csv', body: csv.slice(0, 3), headers: { 'content-type': 'text/csv' } });
  });

  it('a session from its creation to its end', async () => {
    const { quizId } = await product.host.must<{ quizId: string }>('POST', '/v1/quizzes', quizOf(2));
    const made = await rest.ask<NewSession>('post /v1/sessions', 201, { body: { quizId, settings: swift }, headers: { 'idempotency-key': 'one-session' } });
    expect((await rest.ask<NewSession>('post /v1/sessions', 201, { body: { quizId, settings: swift }, headers: { 'idempotency-key': 'one-session' } })).body).toEqual(made.body);
    expect(made.body.wsUrl).toBe(`${product.url.replace('http', 'ws')}/v1/play/${made.body.sessionId}`);
    await rest.ask('post /v1/sessions', 422, { body: { quiz: quizOf(1), settings: { scoring: 'mostFun@1' } } });
    expect((await rest.ask<{ items: Json[] }>('get /v1/sessions', 200, { query: '?limit=500&phase=lobby' })).body.items).toContainEqual(expect.objectContaining({ sessionId: made.body.sessionId }));

    const game = await Game.of(product);
    const session = { params: { sessionId: game.id } };
    expect((await rest.ask('get /v1/sessions/{sessionId}', 200, session)).body).toMatchObject({ phase: 'lobby' });
    const host = new Host(product.url, game.session.hostToken);
    await rest.ask('post /v1/sessions/{sessionId}/commands', 200, { ...session, as: host, body: { cmdId: '1', cmd: 'start', ifSeq: 0 } });
    await rest.ask('post /v1/sessions/{sessionId}/commands', 412, { ...session, body: { cmdId: '2', cmd: 'next', ifSeq: 0 } });
    await rest.ask('post /v1/sessions/{sessionId}/commands', 409, { ...session, body: { cmdId: '3', cmd: 'start' } });
    await rest.ask('post /v1/sessions/{sessionId}/commands', 422, { ...session, body: { cmdId: '4', cmd: 'dance' } });
    await game.ada.answer('q1', 'b');
    await game.bob.answer('q1', 'a');
    await game.ada.sees('leaderboard');

    const player = { params: { sessionId: game.id, playerId: game.ada.playerId } };
    const question = { params: { sessionId: game.id, qid: 'q1' } };
    expect((await rest.ask('get /v1/sessions/{sessionId}/players', 200, { ...session, query: '?search=ad&limit=10' })).body['items']).toMatchObject([{ nickname: 'Ada' }]);
    expect((await rest.ask('get /v1/sessions/{sessionId}/players', 200, { ...session, query: '?byRank=true' })).body['items']).toMatchObject([{ nickname: 'Ada' }, { nickname: 'Bob' }]);
    expect((await rest.ask('get /v1/sessions/{sessionId}/players/{playerId}', 200, player)).body).toMatchObject({ nickname: 'Ada' });
    expect((await rest.ask('get /v1/sessions/{sessionId}/leaderboard', 200, { ...session, query: '?limit=1' })).body).toMatchObject({ revision: 1, of: 2, items: [{ rank: 1, nickname: 'Ada' }] });
    expect((await rest.ask('get /v1/sessions/{sessionId}/leaderboard', 200, { ...session, query: `?limit=1&around=${game.bob.playerId}` })).body['items']).toMatchObject([{ rank: 2, nickname: 'Bob' }]);
    await rest.ask('get /v1/sessions/{sessionId}/leaderboard', 404, { ...session, query: '?revision=99' });
    await rest.ask('get /v1/sessions/{sessionId}/leaderboard', 422, { ...session, query: '?limit=501' });
    expect((await rest.ask('get /v1/sessions/{sessionId}/questions/{qid}', 200, question)).body).toMatchObject({ qid: 'q1' });
    await rest.ask('get /v1/sessions/{sessionId}/answers/{playerId}/{qid}/explain', 200, { params: { ...player.params, qid: 'q1' } });
    expect((await rest.ask('post /v1/sessions/{sessionId}/questions/{qid}:correctKey', 200, { ...question, body: { key: 'a', reason: 'typo' } })).body).toMatchObject({ revision: 2 });
    await rest.ask('post /v1/sessions/{sessionId}/questions/{qid}:void', 200, { ...question, body: { reason: 'unclear' } });

    await rest.ask('post /v1/sessions/{sessionId}/players/{playerId}:kick', 200, player);
    expect((await game.ada.closed()).code).toBe(4505);
    const bob = { params: { sessionId: game.id, playerId: game.bob.playerId } };
    await rest.ask('post /v1/sessions/{sessionId}/players/{playerId}:ban', 200, bob);
    expect((await rest.ask('get /v1/sessions/{sessionId}/bans', 200, session)).body['items']).toMatchObject([{ playerId: game.bob.playerId }]);
    await rest.ask('post /v1/sessions/{sessionId}/players/{playerId}:unban', 204, bob);
    expect((await rest.ask('get /v1/sessions/{sessionId}/bans', 200, session)).body['items']).toEqual([]);
    await game.join('Bob', 'join-Bob');
    expect((await rest.ask('get /v1/admin/sessions/{sessionId}/actor', 200, session)).body).toBeTruthy();
  });

  it('what stays of a session: report, journal, verification, purge', async () => {
    const game = await Game.of(product);
    await game.open();
    await game.ada.answer('q1', 'b');
    await game.order('end');
    const session = { params: { sessionId: game.id } };
    const types = { json: 'application/json', csv: 'text/csv' };
    for (const [format, type] of Object.entries(types)) expect((await rest.ask('get /v1/sessions/{sessionId}/report', 200, { ...session, query: `?format=${format}` })).headers.get('content-type')).toContain(type);
    const lines = (await rest.ask<string>('get /v1/sessions/{sessionId}/journal', 200, session)).body.trim().split('\n');
    const events = lines.map((line) => JSON.stringify(JSON.parse(line)));
    expect(events.join('\n')).toContain('session.finished');
    expect(events.join('\n')).not.toMatch(/"sessionSecret":"[0-9a-f]{64}"/);
    expect((await rest.ask('post /v1/sessions/{sessionId}/journal:verify', 200, session)).body).toMatchObject({ standingsHash: (await product.host.report(game.id)).standingsHash });
    await product.crashNode();
    expect((await rest.ask('post /v1/sessions/{sessionId}/journal:verify', 200, session)).body).toBeTruthy();
    await rest.ask('delete /v1/sessions/{sessionId}', 204, { ...session, query: '?purge=true' });
    await rest.ask('get /v1/sessions/{sessionId}', 404, session);
    await rest.ask('get /v1/sessions/{sessionId}/report', 404, session);
  });

  it('cancels a session: sockets hear it, nobody joins', async () => {
    const game = await Game.of(product);
    await rest.ask('delete /v1/sessions/{sessionId}', 204, { params: { sessionId: game.id } });
    expect((await game.ada.sees('session.cancelled')).d.reason).toEqual(expect.any(String));
    expect((await product.host.get(`/v1/sessions/${game.id}`))['phase']).toBe('cancelled');
  });

  it('what SREs ask of the cluster: its nodes, its shards, a move and a drain that cannot be', async () => {
    const { body: seen } = await rest.ask<{ answeredBy: string; nodes: { name: string; owned: number }[] }>('get /v1/admin/nodes', 200);
    expect(seen.nodes).toMatchObject([{ name: seen.answeredBy, reachable: true, halted: 0 }]);
    const { body } = await rest.ask<{ shards: { state: string; owner: string }[]; unreachable: string[] }>('get /v1/admin/shards', 200);
    expect(body.unreachable).toEqual([]);
    expect(body.shards.filter(({ state, owner }) => state === 'active' && owner === seen.answeredBy)).toHaveLength(seen.nodes[0]!.owned);
    await rest.ask('post /v1/admin/shards/{shard}:move', 409, { params: { shard: '1' }, body: { to: seen.answeredBy } });
    await rest.ask('post /v1/admin/shards/{shard}:move', 422, { params: { shard: '1' }, body: { to: 'nobody' } });
    await rest.ask('post /v1/admin/nodes/{nodeId}:drain', 404, { params: { nodeId: 'nobody' } });
  });

  it('probes, metrics and documents', async () => {
    for (const path of ['/livez', '/readyz', '/metrics', '/openapi.json', '/asyncapi.json']) await rest.ask(`get ${path}`, 200);
    expect((await product.host.get('/asyncapi.json'))['asyncapi']).toMatch(/^3\./);
    expect((await product.host.ask<string>('GET', '/metrics')).body).toContain('ringmaster_');
  });

  it('every route of the document has been asked', () => {
    expect(rest.operations.filter((operation) => !rest.asked.has(operation))).toEqual([]);
  });
});

describe('what is refused', () => {
  it('a missing or unknown key: 401 with WWW-Authenticate, on every route but the open ones', async () => {
    // Guessing keys is slowed down: whoever is told to wait waits.
    const patient = stranger();
    const ask = patient.ask.bind(patient);
    patient.ask = async <T>(...request: Parameters<Host['ask']>) => {
      for (;;) {
        const answer = await ask<T>(...request);
        if (answer.status !== 429) return answer;
        await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(answer.headers.get('retry-after'))));
      }
    };
    const open = /^get \/(livez|readyz|metrics|openapi\.json|asyncapi\.json|docs)/;
    for (const operation of rest.operations.filter((each) => !open.test(each))) {
      const { status, headers, body } = await rest.ask(operation, 401, { as: patient, params: { sessionId: '7K3M9QRT', quizId: 'x', playerId: 'x', qid: 'x', nodeId: 'x', shard: '1', n: '1', id: 'x' }, ...(/^(post|put)/.test(operation) && { body: {} }) });
      expect([operation, status, headers.get('www-authenticate'), headers.get('content-type'), body['status']]).toEqual([operation, 401, expect.stringContaining('Bearer'), expect.stringContaining('application/problem+json'), 401]);
    }
  });

  it('a host token is good for its session only, and never for quizzes or admin', async () => {
    const [one, other] = [await Game.of(product), await Game.of(product)];
    const host = new Host(product.url, one.session.hostToken);
    expect((await host.ask('GET', `/v1/sessions/${one.id}`)).status).toBe(200);
    expect([401, 403, 404]).toContain((await host.ask('GET', `/v1/sessions/${other.id}`)).status);
    expect([401, 403]).toContain((await host.ask('GET', '/v1/quizzes')).status);
    expect([401, 403]).toContain((await host.ask('GET', `/v1/admin/sessions/${one.id}/actor`)).status);
  });

  it('unknown paths, methods, ids and sizes are problems with a type', async () => {
    const problem = async (method: string, path: string, body?: unknown) => {
      const { status, headers, body: said } = await product.host.ask(method, path, body);
      expect([path, headers.get('content-type'), said['type'], said['status']]).toEqual([path, expect.stringContaining('application/problem+json'), expect.any(String), status]);
      return [status, headers.get('allow') !== null];
    };
    expect(await problem('GET', '/v1/nothing')).toEqual([404, false]);
    expect(await problem('PATCH', '/v1/quizzes')).toEqual([405, true]);
    expect(await problem('GET', '/v1/sessions/00000000')).toEqual([404, false]);
    expect(await problem('GET', '/v1/sessions/not-an-id!')).toEqual([404, false]);
    expect(await problem('GET', '/v1/sessions/%ff')).toEqual([expect.any(Number), false]);
    expect(await problem('POST', '/v1/quizzes', { title: 'x'.repeat(1_100_000), questions: [] })).toEqual([413, false]);
  });

  it('an id is read as people type it', async () => {
    const { id } = await Game.of(product);
    expect((await product.host.ask('GET', `/v1/sessions/${`${id.slice(0, 4)}-${id.slice(4)}`.toLowerCase()}`)).status).toBe(200);
  });

  it('while the node is away: 503 with Retry-After, not 404', async () => {
    const { id } = await Game.of(product);
    await product.node.kill9();
    const { status, headers } = await product.host.ask('GET', `/v1/sessions/${id}`);
    await product.startNode();
    expect([status, headers.get('retry-after')]).toEqual([503, expect.any(String)]);
    await product.host.ready();
    expect((await product.host.ask('GET', `/v1/sessions/${id}`)).status).toBe(200);
  });
});
