/** Cursors, origins and pointers: small readings of what clients send. */
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { decodeBoardCursor, decodeCursor, decodeOffset, encodeCursor } from '../../src/http/cursor.js';
import { expressPath } from '../../src/http/mount.js';
import { originOf } from '../../src/http/origin.js';
import { invalid, Problem, refusedCommand } from '../../src/http/problem.js';
import { cleanParams, parseBody, parseQuery } from '../../src/http/read-request.js';
import { route, type Route } from '../../src/http/route.js';

function problemOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('no problem');
}

describe('cursors', () => {
  test('lead back to where the page ended', () => {
    expect(decodeCursor(encodeCursor('quiz/ünïcode'), /^quiz/)).toBe('quiz/ünïcode');
    expect(decodeOffset(encodeCursor('50'))).toBe(50);
    expect(decodeBoardCursor(encodeCursor('3.150'))).toEqual({ revision: 3, offset: 150 });
  });

  test.each(['', 'x', '!!!', encodeCursor('-1'), encodeCursor('1e3'), encodeCursor('01'), `${encodeCursor('5')}=`, encodeCursor('9'.repeat(30))])('%j was given out by no page', (cursor) => {
    expect(problemOf(() => decodeOffset(cursor))).toMatchObject({ status: 422, extras: { errors: [{ pointer: '?cursor' }] } });
  });
});

describe('origins', () => {
  const from = (headers: Record<string, string>): string => originOf({ headers, socket: { localPort: 8081 } as never });

  test('are those that the router tells, or the client', () => {
    expect(from({ host: 'localhost:8080' })).toBe('http://localhost:8080');
    expect(from({ host: '127.0.0.1:8081', 'x-forwarded-host': 'quiz.example', 'x-forwarded-proto': 'https' })).toBe('https://quiz.example');
    expect(from({ host: '[::1]:8080' })).toBe('http://[::1]:8080');
  });

  test.each([{}, { host: 'a b' }, { host: '"><script>' }, { host: 'x/y' }, { host: 'evil.example@good.example' }])('%j names no host', (headers) => {
    expect(from(headers)).toBe('http://localhost:8081');
  });
});

test('parameters and verbs of a path in the words of Express', () => {
  expect(expressPath('/v1/quizzes/{quizId}:validate')).toBe('/v1/quizzes/:quizId\\:validate');
});

test('session ids are taken in every writing', () => {
  expect(cleanParams({ sessionId: '7k3m-9qrt' })).toEqual({ sessionId: '7K3M9QRT' });
  expect(problemOf(() => cleanParams({ sessionId: '7K3M9QR' }))).toMatchObject({ status: 404 });
});

const entry = (parts: Partial<Route>): Route =>
  route({ method: 'post', path: '/x', scope: 'open', tag: 't', summary: 's', responses: {}, handle: () => ({ status: 200 }), ...parts });

describe('bodies', () => {
  const takes = entry({ body: z.strictObject({ list: z.array(z.strictObject({ 'a/b~c': z.int() })) }) });
  const read = (text: string, type: string | undefined = 'application/json', target = takes): unknown => parseBody(target, type, new TextEncoder().encode(text));

  test('are JSON by any name', () => {
    for (const type of [undefined, 'application/json', 'APPLICATION/JSON; charset=utf-8', 'application/merge-patch+json']) expect(read('{"list":[]}', type)).toEqual({ list: [] });
    expect(problemOf(() => read('{}', 'text/plain'))).toMatchObject({ status: 415 });
  });

  test('that are no JSON, no UTF-8 or nothing at all: 400', () => {
    for (const text of ['{', '', '\u0000']) expect(problemOf(() => read(text))).toMatchObject({ status: 400 });
    expect(problemOf(() => parseBody(takes, undefined, Uint8Array.of(0x22, 0xff, 0x22)))).toMatchObject({ status: 400 });
    expect(read('', undefined, { ...takes, body: z.strictObject({}), bodyOptional: true })).toEqual({});
  });

  test('have a pointer for each thing that is wrong', () => {
    const { extras } = problemOf(() => read('{"list":[{"a/b~c":1,"x":1,"y/":2},{"a/b~c":"no"}],"more":1}'));
    expect(extras.errors?.map(({ pointer }) => pointer).sort()).toEqual(['/list/0/x', '/list/0/y~1', '/list/1/a~1b~0c', '/more']);
  });
});

describe('queries', () => {
  test('refuse what is not known, each by its name', () => {
    const takes = entry({ query: z.strictObject({ a: z.string().optional() }), scope: 'quiz:read' });
    expect(parseQuery(takes, { a: 'x' })).toEqual({ a: 'x' });
    expect(problemOf(() => parseQuery(takes, { b: '1', c: '2' })).extras.errors?.map(({ pointer }) => pointer)).toEqual(['?b', '?c']);
    expect(problemOf(() => parseQuery(takes, { a: ['x', 'y'] })).extras.errors?.map(({ pointer }) => pointer)).toEqual(['?a']);
    expect(problemOf(() => parseQuery(entry({ scope: 'quiz:read' }), { any: '1' }))).toMatchObject({ status: 422 });
    expect(parseQuery(entry({}), { utm: '1' })).toEqual({});
  });
});

describe('problems', () => {
  test('of refused commands carry code and name, and a type by name', () => {
    expect(refusedCommand(401).toJSON()).toMatchObject({ type: 'urn:ringmaster:problem:illegal-transition', status: 409, code: 401, name: 'ILLEGAL_TRANSITION' });
    expect([400, 401, 402, 305, 102, 403, 210].map((code) => refusedCommand(code).status)).toEqual([412, 409, 404, 409, 422, 422, 404]);
  });

  test('that pass by themselves say when', () => {
    for (const code of [500, 501, 502, 503]) expect(refusedCommand(code).headers).toEqual({ 'retry-after': '1' });
  });

  test('name the first places in words', () => {
    expect(invalid([{ pointer: '', detail: 'is empty' }, { pointer: '/a', detail: 'is bad' }]).toJSON()).toMatchObject({ type: 'urn:ringmaster:problem:422', detail: 'the body is empty; /a is bad' });
  });
});
