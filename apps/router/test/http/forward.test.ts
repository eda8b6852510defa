import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { Nodes, sendsTo } from './nodes.js';

let nodes: Nodes;
afterEach(() => nodes.stop());

const SESSION = '/v1/sessions/7K3M-9QRT/players?limit=2';

describe('forwarding', () => {
  it('passes method, path, query, body and headers on, and says who asked', async () => {
    nodes = await Nodes.start(['a']);
    nodes.answers.set('a', (_seen, response) => response.writeHead(201, { location: '/there', 'x-odd': ['1', '2'] }).end('made'));
    const got = await nodes.call('POST', SESSION, {
      body: '{"x":1}',
      headers: { authorization: 'Bearer k', 'content-type': 'application/json', host: 'quiz.example', 'x-forwarded-for': '6.6.6.6', 'x-ringmaster-owner': 'me', connection: 'x-private', 'x-private': '1' },
    });
    expect(got).toMatchObject({ status: 201, body: 'made', headers: { location: '/there', 'x-odd': '1, 2' } });
    expect(nodes.seen).toMatchObject([{ method: 'POST', url: SESSION, body: '{"x":1}' }]);
    const { headers } = nodes.seen[0] ?? { headers: {} };
    expect(headers).toMatchObject({ authorization: 'Bearer k', 'content-type': 'application/json', 'content-length': '7', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'quiz.example' });
    expect(headers).not.toHaveProperty('x-private');
    expect(headers).not.toHaveProperty('x-ringmaster-owner');
    expect(nodes.counted).toEqual([201]);
  });

  it('adds to what trusted proxies say', async () => {
    nodes = await Nodes.start(['a'], { trustedProxies: 1 });
    await nodes.call('GET', '/', { headers: { 'x-forwarded-for': '6.6.6.6, 203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'quiz.example' } });
    expect(nodes.seen[0]?.headers).toMatchObject({ 'x-forwarded-for': '203.0.113.9, 127.0.0.1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'quiz.example' });
  });

  it('streams large bodies both ways', async () => {
    nodes = await Nodes.start(['a']);
    nodes.answers.set('a', ({ body }, response) => response.end(body));
    const body = 'x'.repeat(3_000_000);
    const got = await nodes.call('POST', '/v1/quizzes:import', { body, headers: { 'content-length': String(body.length) } });
    expect(got.body.length).toBe(body.length);
    expect(nodes.seen[0]?.headers['content-length']).toBe(String(body.length));
  });

  it('calls about everything else go round all nodes', async () => {
    nodes = await Nodes.start(['a', 'b']);
    for (let i = 0; i < 4; i++) await nodes.call('GET', '/v1/quizzes');
    expect(nodes.seen.map(({ node }) => node)).toEqual(['a', 'b', 'a', 'b']);
  });

  it('drain goes to the node that it names', async () => {
    nodes = await Nodes.start(['a', 'b']);
    expect((await nodes.call('POST', '/v1/admin/nodes/b:drain')).body).toBe('b');
  });

  it('answers HEAD, and refuses TRACE', async () => {
    nodes = await Nodes.start(['a']);
    nodes.answers.set('a', (_seen, response) => response.writeHead(200, { 'content-length': 5 }).end());
    expect(await nodes.call('HEAD', '/')).toMatchObject({ status: 200, body: '', headers: { 'content-length': '5' } });
    expect((await nodes.call('TRACE', '/')).status).toBe(405);
  });
});

describe('looking for the owner', () => {
  it('follows the owner that a node names, with the body', async () => {
    nodes = await Nodes.start(['a', 'b', 'c']);
    nodes.answers.set('a', sendsTo('b')).set('b', sendsTo('c'));
    const got = await nodes.call('POST', SESSION, { body: 'order' });
    expect(got).toMatchObject({ status: 200, body: 'c' });
    expect(got.headers).not.toHaveProperty('x-ringmaster-owner');
    expect(nodes.seen.map(({ node, body }) => `${node} ${body}`)).toEqual(['a order', 'b order', 'c order']);
    expect(nodes.pauses).toBe(0);
  });

  it('stops following after three hops, pauses, and gives up in the end with what the node said', async () => {
    nodes = await Nodes.start(['a', 'b']);
    nodes.answers.set('a', sendsTo('b')).set('b', sendsTo('a'));
    const got = await nodes.call('POST', SESSION, { body: 'order' });
    expect(got.status).toBe(503);
    expect(got.headers).not.toHaveProperty('x-ringmaster-owner');
    expect(nodes.pauses).toBe(10);
  });

  it('waits for an owner that nobody knows yet', async () => {
    nodes = await Nodes.start(['a', 'b']);
    nodes.answers.set('a', sendsTo(''));
    nodes.onPause = () => {
      if (nodes.pauses === 3) nodes.owner = 'b';
    };
    expect(await nodes.call('POST', SESSION, { body: 'order' })).toMatchObject({ status: 200, body: 'b' });
  });

  it('any other 503 is the answer', async () => {
    nodes = await Nodes.start(['a']);
    nodes.answers.set('a', (_seen, response) => response.writeHead(503, { 'retry-after': '1' }).end('journal'));
    expect(await nodes.call('POST', SESSION, { body: 'order' })).toMatchObject({ status: 503, body: 'journal', headers: { 'retry-after': '1' } });
    expect(nodes.seen).toHaveLength(1);
  });
});

describe('a node that is down', () => {
  it('is tried again until it is back: nothing was sent, so any method may be', async () => {
    nodes = await Nodes.start(['a']);
    const address = nodes.addressOf('a');
    nodes.lose('a');
    nodes.onPause = () => {
      if (nodes.pauses === 2) nodes.back('a', address);
    };
    expect(await nodes.call('POST', SESSION, { body: 'order' })).toMatchObject({ status: 200, body: 'a' });
    expect(nodes.seen).toMatchObject([{ body: 'order' }]);
  });

  it('is given up after a bounded time, with a problem document', async () => {
    nodes = await Nodes.start(['a']);
    nodes.lose('a');
    const got = await nodes.call('GET', SESSION);
    expect(got).toMatchObject({ status: 503, headers: { 'content-type': 'application/problem+json', 'retry-after': '1' } });
    expect(JSON.parse(got.body)).toMatchObject({ type: 'urn:ringmaster:problem:unavailable', status: 503 });
    expect(nodes.now).toBe(1_000);
  });

  it('no node at all is the same', async () => {
    nodes = await Nodes.start([]);
    nodes.owner = null;
    expect((await nodes.call('GET', SESSION)).status).toBe(503);
    expect((await nodes.call('GET', '/v1/quizzes')).status).toBe(503);
    expect((await nodes.call('POST', '/v1/admin/nodes/ghost:drain')).status).toBe(503);
  });

  it('that dies in the middle: what may be done twice is, and nothing else', async () => {
    nodes = await Nodes.start(['a']);
    let dying = 1;
    nodes.answers.set('a', (_seen, response) => {
      if (dying-- > 0) response.destroy();
      else response.end('alive');
    });
    expect(await nodes.call('GET', SESSION)).toMatchObject({ status: 200, body: 'alive' });
    dying = 1;
    expect((await nodes.call('POST', SESSION, { body: 'order' })).status).toBe(503);
    expect(nodes.seen.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('that dies in the middle of a command: the command is sent again, its cmdId makes it one', async () => {
    nodes = await Nodes.start(['a']);
    let dying = 1;
    nodes.answers.set('a', ({ body }, response) => {
      if (dying-- > 0) response.destroy();
      else response.end(body);
    });
    expect(await nodes.call('POST', '/v1/sessions/7K3M-9QRT/commands?x=1', { body: 'next' })).toMatchObject({ status: 200, body: 'next' });
    expect(nodes.seen.map(({ body }) => body)).toEqual(['next', 'next']);
    dying = 1;
    expect((await nodes.call('POST', '/v1/sessions/7K3M-9QRT/players/p:kick', { body: '{}' })).status).toBe(503);
  });

  it('a body that was too large to hold is sent once', async () => {
    nodes = await Nodes.start(['a', 'b']);
    nodes.answers.set('a', sendsTo('b'));
    const got = await nodes.call('PUT', SESSION, { body: 'x'.repeat(5_000) });
    expect(got.status).toBe(503);
    expect(nodes.seen.map(({ node }) => node)).toEqual(['a']);
  });
});

it('a client that goes away ends the call to the node', async () => {
  nodes = await Nodes.start(['a']);
  const ended = new Promise<void>((resolve) => {
    nodes.answers.set('a', (_seen, response) => {
      response.on('close', resolve);
      response.write('first part');
    });
  });
  const client = connect(nodes.front, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
  client.once('data', () => client.resetAndDestroy());
  await ended;
  expect(nodes.seen).toHaveLength(1);
});
