/** The way of a request, with routes made for it: every refusal is a problem document, whatever went wrong and where. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { JournalError } from '@ringmaster/actors';
import { systemRandom } from '@ringmaster/actors/adapters/system/clock';
import express from 'express';
import { z } from 'zod';
import { localKey } from '../../src/http/api-keys.js';
import { Idempotency } from '../../src/http/idempotency.js';
import { mount } from '../../src/http/mount.js';
import { Problem } from '../../src/http/problem.js';
import { Chunks, route, type Route, type RouteAnswer } from '../../src/http/route.js';
import { NotOwnerError, SessionError, StalledError } from '../../src/session/session-error.js';
import { MemoryRecords } from '../../../../libs/actors/test/fakes-memory/memory-records.js';
import { contractBreaks } from './contract.js';

const key = 'the-key-of-this-test';
const bodyBytesMax = 1_000;
let server: Server;
let url: string;
let broken: unknown[];
let answer: () => RouteAnswer | Promise<RouteAnswer>;
let facts: () => Promise<undefined>;
/** Timers of the pipeline, fired by hand. */
let due: (() => void)[];

const shared = { tag: 't', summary: 's', scope: 'session:read', responses: { 200: { description: 'fine', contentTypes: ['text/plain'] } } } as const;
const routes: readonly Route[] = [
  route({ ...shared, method: 'get', path: '/thing/{id}', handle: () => answer() }),
  route({ ...shared, method: 'put', path: '/thing/{id}', body: z.strictObject({ n: z.int() }), handle: () => answer() }),
  route({ ...shared, method: 'post', path: '/thing/{id}:verb', body: z.strictObject({}), bodyOptional: true, handle: ({ params }) => ({ status: 200, body: `verb of ${params['id']}`, headers: { 'content-type': 'text/plain' } }) }),
  route({ ...shared, method: 'get', path: '/session/{sessionId}', handle: () => answer() }),
  route({ ...shared, method: 'post', path: '/made', idempotent: true, body: z.strictObject({}), bodyOptional: true, handle: () => answer() }),
  route({ ...shared, method: 'get', path: '/open', scope: 'open', handle: () => answer() }),
];

beforeEach(async () => {
  broken = [];
  due = [];
  answer = () => ({ status: 200, body: 'fine', headers: { 'content-type': 'text/plain' } });
  facts = async () => undefined;
  const app = express();
  const clock = { mono: () => 0, wall: () => 1 };
  mount(app, routes, {
    authority: { keys: () => [localKey(key)], facts: () => facts() },
    idempotency: new Idempotency(new MemoryRecords(() => 1), clock, systemRandom),
    clock,
    timers: {
      after: (_ms, fn) => {
        due.push(fn);
        return () => (due = due.filter((each) => each !== fn));
      },
      soon: (fn) => void setImmediate(fn),
    },
    bodyBytesMax,
    requestsPerSecondMax: 1_000,
    handlerMsMax: 10_000,
    publicUrl: undefined,
    broken: (error) => broken.push(error),
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(method: string, path: string, init: RequestInit = {}) {
  const response = await fetch(url + path, { method, ...init, headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) } });
  const text = await response.text();
  const json = (response.headers.get('content-type') ?? '').includes('json') ? (JSON.parse(text) as Record<string, unknown>) : undefined;
  const seen = { status: response.status, headers: response.headers, text, json };
  if (response.status >= 400) expect(contractBreaks(routes, method, path, seen)).toEqual([]);
  return seen;
}

const failing = (error: unknown) => async (): Promise<never> => Promise.reject(error as Error);

describe('what is asked for', () => {
  test('verbs are told from ids', async () => {
    expect((await ask('POST', '/thing/a:verb')).text).toBe('verb of a');
    expect((await ask('POST', '/thing/a')).status).toBe(405);
  });

  test('an unknown path: 404; another method: 405 with Allow', async () => {
    expect((await ask('GET', '/nothing')).status).toBe(404);
    const { status, headers } = await ask('DELETE', '/thing/a');
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT']);
  });

  test('a path that cannot be decoded: 400', async () => {
    expect((await ask('GET', '/thing/%E0%A4%A')).status).toBe(400);
    expect(broken).toEqual([]);
  });

  test('HEAD has the headers of GET and no body', async () => {
    const { status, text, headers } = await ask('HEAD', '/thing/a');
    expect([status, text, headers.get('content-type')]).toEqual([200, '', 'text/plain; charset=utf-8']);
  });

  test('a query that is not known: 422 by its name', async () => {
    expect((await ask('GET', '/thing/a?x=1')).json).toMatchObject({ status: 422, errors: [{ pointer: '?x' }] });
  });
});

describe('what is sent', () => {
  const put = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) => ask('PUT', '/thing/a', { body, headers });

  test('no JSON: 400; another type: 415; unknown field: 422; too much: 413', async () => {
    expect((await put('{')).status).toBe(400);
    expect((await put('')).status).toBe(400);
    expect((await put('n=1', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await put('{"n":1,"m":2}')).json).toMatchObject({ status: 422, errors: [{ pointer: '/m' }] });
    expect((await put(JSON.stringify({ n: 'x'.repeat(bodyBytesMax) }))).status).toBe(413);
    expect((await put('{"n":1}')).status).toBe(200);
    expect(broken).toEqual([]);
  });

  test('compressed: 415', async () => {
    expect((await put('{"n":1}', { 'content-type': 'application/json', 'content-encoding': 'gzip' })).status).toBe(415);
  });

  test('too much without a length: 413 as well', async () => {
    const status = await new Promise((resolve, reject) => {
      const sending = httpRequest(`${url}/thing/a`, { method: 'PUT', headers: { authorization: `Bearer ${key}`, 'transfer-encoding': 'chunked' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sending.on('error', reject);
      for (let sent = 0; sent < 3; sent += 1) sending.write('x'.repeat(bodyBytesMax));
      sending.end();
    });
    expect(status).toBe(413);
  });
});

describe('what goes wrong behind it', () => {
  test('another node owns the session: 503 with its name, for the router', async () => {
    answer = failing(new NotOwnerError(7, 'node-3'));
    const { status, headers, json } = await ask('GET', '/thing/a');
    expect([status, headers.get('x-ringmaster-owner'), headers.get('retry-after')]).toEqual([503, 'node-3', '1']);
    expect(json).toMatchObject({ type: 'urn:ringmaster:problem:moved', code: 503, name: 'MOVED' });
    answer = failing(new NotOwnerError(7, ''));
    expect((await ask('GET', '/thing/a')).headers.get('x-ringmaster-owner')).toBe('');
  });

  test('the session of a token is elsewhere: 503 with its name, too', async () => {
    facts = failing(new NotOwnerError(7, 'node-3'));
    const { status, headers } = await ask('GET', '/session/7K3M9QRT', { headers: { authorization: `Bearer rmh.7K3M9QRT.${'A'.repeat(43)}` } });
    expect([status, headers.get('x-ringmaster-owner')]).toEqual([503, 'node-3']);
  });

  test.each<[string, Error, number, string]>([
    ['the journal stalls', new StalledError(7), 503, 'JOURNAL_UNAVAILABLE'],
    ['the mailbox is full', new SessionError(501, 'mailboxFull', 'full'), 503, 'UNAVAILABLE'],
    ['the turn threw', new SessionError(500, 'faulted', 'threw'), 500, 'INTERNAL'],
    ['the store fails', new JournalError('permanent', 'JOURNAL_FULL', 'full'), 503, 'JOURNAL_UNAVAILABLE'],
    ['something unforeseen', new TypeError('x is not a function at /srv/secret/path'), 500, 'INTERNAL'],
  ])('%s', async (_name, error, status, name) => {
    answer = failing(error);
    const seen = await ask('GET', '/thing/a');
    expect(seen.json).toMatchObject({ status, name });
    expect(seen.headers.get('retry-after')).toBe('1');
    expect(seen.text).not.toContain('secret');
  });

  test('only what should never happen is told to operators', async () => {
    answer = failing(new NotOwnerError(7, ''));
    await ask('GET', '/thing/a');
    answer = failing(new Problem(409, 'not now'));
    expect((await ask('GET', '/thing/a')).json).toMatchObject({ status: 409, detail: 'not now' });
    expect(broken).toEqual([]);
    answer = failing(new Error('oh'));
    await ask('GET', '/thing/a');
    expect(broken).toHaveLength(1);
  });

  test('no answer in time: 503, and that it may have been done', async () => {
    let late = (_answer: RouteAnswer): void => undefined;
    answer = () => new Promise((resolve) => (late = resolve));
    const asked = ask('GET', '/thing/a');
    while (due.length === 0) await new Promise((resolve) => setImmediate(resolve));
    due.forEach((fire) => fire());
    expect((await asked).json).toMatchObject({ status: 503, code: 501, detail: expect.stringContaining('may have been done') });
    late({ status: 200, body: 'late' });
    answer = () => ({ status: 200, body: 'fine' });
    expect((await ask('GET', '/thing/a')).status).toBe(200);
    expect(due).toEqual([]);
  });
});

describe('answers in pieces', () => {
  test('arrive whole', async () => {
    answer = () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: new Chunks((async function* () { for (let n = 0; n < 1_000; n += 1) yield `${n}\n`; })()) });
    expect((await ask('GET', '/thing/a')).text.split('\n')).toHaveLength(1_001);
  });

  test('that break off in the middle are cut off, and do not look whole', async () => {
    answer = () => ({ status: 200, body: new Chunks((async function* () { yield 'begun'; throw new Error('oh'); })()) });
    await expect(ask('GET', '/thing/a')).rejects.toThrow();
    answer = () => ({ status: 200, body: 'fine' });
    expect((await ask('GET', '/thing/a')).status).toBe(200);
  });

  test('stop being made when the client has gone', async () => {
    let made = 0;
    let ended = (): void => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    answer = () => ({
      status: 200,
      body: new Chunks((async function* () {
        try {
          for (;;) {
            made += 1;
            yield 'x'.repeat(65_536);
          }
        } finally {
          ended();
        }
      })()),
    });
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`GET /thing/a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await end;
    expect(made).toBeGreaterThan(0);
  });
});

describe('Idempotency-Key on its way', () => {
  test('the second of two equal requests gets the first answer, headers and all', async () => {
    let n = 0;
    answer = () => ({ status: 201, body: { n: (n += 1) }, headers: { location: `/made/${n}` } });
    const made = () => fetch(`${url}/made`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'idempotency-key': 'k' } });
    const [first, second] = [await made(), await made()];
    expect([first.status, first.headers.get('location'), await first.json()]).toEqual([201, '/made/1', { n: 1 }]);
    expect([second.status, second.headers.get('location'), await second.json()]).toEqual([201, '/made/1', { n: 1 }]);
  });
});
