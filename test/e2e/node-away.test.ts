import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { closeClients } from './harness/player.js';
import { Product } from './harness/product.js';

describe('REST while there is no node', () => {
  let product: Product;
  beforeAll(async () => void (product = await Product.start({ router: { FORWARD_SEARCH_MS_MAX: '700' } })));
  afterEach(closeClients);
  afterAll(async () => expect(await product.close()).toEqual([]));

  it('is answered soon, with a problem document that says when to come again', async () => {
    const { sessionId } = (await Game.of(product)).session;
    await product.node.kill9();
    for (const [method, path, body] of [['GET', `/v1/sessions/${sessionId}`], ['POST', `/v1/sessions/${sessionId}/commands`, { cmdId: '1', cmd: 'start' }], ['GET', '/v1/quizzes']] as const) {
      const asked = performance.now();
      const { status, headers, body: problem } = await product.host.ask(method, path, body);
      const tookMs = performance.now() - asked;
      expect([status, headers.get('retry-after'), headers.get('content-type')]).toEqual([503, '1', 'application/problem+json']);
      expect(problem).toMatchObject({ type: 'urn:ringmaster:problem:unavailable', status: 503 });
      expect(tookMs).toBeGreaterThan(650);
      expect(tookMs).toBeLessThan(2_500);
    }
    await product.startNode();
    await product.host.ready();
    expect((await product.host.order(sessionId, 'start')).phase).toBe('open');
  });
});

describe('REST while the node starts again', () => {
  let product: Product;
  // A busy machine may need longer than the default for a start.
  beforeAll(async () => void (product = await Product.start({ router: { FORWARD_SEARCH_MS_MAX: '30000' } })));
  afterEach(closeClients);
  afterAll(async () => expect(await product.close()).toEqual([]));

  it('waits, and is answered as if nothing had been; a command is carried out once', async () => {
    const { session } = await Game.of(product);
    await product.node.kill9();
    const asked = Promise.all([
      product.host.ask('GET', `/v1/sessions/${session.sessionId}`),
      product.host.ask('POST', `/v1/sessions/${session.sessionId}/commands`, { cmdId: 'once', cmd: 'start' }),
    ]);
    await product.startNode();
    const [seen, done] = await asked;
    expect([seen.status, done.status]).toEqual([200, 200]);
    const again = await product.host.ask('POST', `/v1/sessions/${session.sessionId}/commands`, { cmdId: 'once', cmd: 'start' });
    expect(again.body).toEqual({ ...done.body, dup: true });
  });

  it('a command whose node dies while it is at it is sent again, and carried out once', async () => {
    const { session } = await Game.of(product);
    product.node.signal('SIGSTOP');
    const asked = product.host.ask('POST', `/v1/sessions/${session.sessionId}/commands`, { cmdId: 'first', cmd: 'start' });
    // The request lies in the socket of a process that will never read it, or be answered for it.
    await product.host.ask('GET', '/livez');
    await product.crashNode();
    const { status, body } = await asked;
    expect([status, body['phase']]).toEqual([200, 'open']);
  });
});
