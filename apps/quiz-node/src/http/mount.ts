/**
 * Hangs the table of routes on the HTTP server. Every request takes the same way: route, key, body, schema, handler, answer;
 * whatever goes wrong on it becomes a problem document. Owns nothing that outlives a request but the rate limiter.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Clock } from '@ringmaster/actors';
import { normaliseSessionId } from '@ringmaster/protocol';
import type { z } from 'zod';
import { authenticate, type Authority } from './authenticate.js';
import type { Idempotency } from './idempotency.js';
import { invalid, notFound, Problem } from './problem.js';
import type { Caller, Method, Route, RouteAnswer, RouteRequest } from './route.js';

export interface MountOptions {
  readonly authority: Authority;
  readonly idempotency: Idempotency;
  readonly clock: Clock;
  readonly bodyBytesMax: number;
  readonly requestsPerSecondMax: number;
  /** Told of what should never happen; the caller gets a 500 without details. */
  broken(error: unknown): void;
}

export function mount(app: Express, routes: readonly Route[], options: MountOptions): void {
  const limiter = new RateLimiterMemory({ points: options.requestsPerSecondMax, duration: 1 });
  app.disable('x-powered-by');
  app.use(express.raw({ type: () => true, limit: options.bodyBytesMax, inflate: false }));
  const byPath = new Map<string, Route[]>();
  for (const entry of routes) byPath.set(entry.path, [...(byPath.get(entry.path) ?? []), entry]);
  // `/{id}:validate` before `/{id}`, which would take the colon for a part of the id.
  const paths = [...byPath.keys()].sort((a, b) => Number(b.includes(':')) - Number(a.includes(':')));
  for (const path of paths) {
    const entries = byPath.get(path) as Route[];
    const pattern = expressPath(path);
    for (const entry of entries) app[entry.method](pattern, (request, response, next) => void serve(entry, request, response).catch(next));
    app.all(pattern, (_request, _response, next) => next(methodNotAllowed(entries)));
  }
  app.use((_request, _response, next) => next(notFound('resource')));
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error);
    else sendProblem(response, asProblem(error, options.broken));
  });

  async function serve(entry: Route, request: Request, response: Response): Promise<void> {
    const arrivedAt = options.clock.mono();
    const params = cleanParams(request.params as Record<string, string>);
    const caller = await authenticate(options.authority, entry, request.headers.authorization, params['sessionId']);
    await limit(limiter, caller, entry);
    const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const query = parseQuery(entry, request.query as Record<string, unknown>);
    const body = parseBody(entry, request.headers['content-type'], rawBody);
    const headers = request.headers as Record<string, string | undefined>;
    const full: RouteRequest<unknown, unknown> = { params, query, body, rawBody, headers, caller, arrivedAt };
    const answer = entry.idempotent ? await once(entry, request.originalUrl, full) : await entry.handle(full);
    send(response, answer);
  }

  /** Only what a client needs to go on is kept: status, headers and body as they were sent the first time. */
  async function once(entry: Route, url: string, request: RouteRequest<unknown, unknown>): Promise<RouteAnswer> {
    const key = request.headers['idempotency-key'];
    return options.idempotency.once(request.caller.owner, `${entry.method} ${url}`, key, request.rawBody, async () => {
      const { status, headers = {}, body = null } = await entry.handle(request);
      return { status, headers, body };
    });
  }
}

/** OpenAPI's `{name}` in Express's words; a colon after a parameter is a part of the path. */
export function expressPath(path: string): string {
  return path.replaceAll(':', '\\:').replace(/\{(\w+)\}/g, ':$1');
}

function cleanParams(params: Record<string, string>): Record<string, string> {
  if (params['sessionId'] === undefined) return params;
  const sessionId = normaliseSessionId(params['sessionId']);
  if (sessionId === null) throw notFound('session');
  return { ...params, sessionId };
}

async function limit(limiter: RateLimiterMemory, caller: Caller, entry: Route): Promise<void> {
  if (entry.scope === 'open') return;
  try {
    await limiter.consume(caller.sessionId ?? caller.owner);
  } catch (refusal) {
    if (refusal instanceof Error) throw refusal;
    throw new Problem(429, 'too many requests with this key', { headers: { 'retry-after': '1' } });
  }
}

function parseQuery(entry: Route, query: Record<string, unknown>): unknown {
  if (!entry.query) return {};
  const parsed = entry.query.safeParse(query);
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => ({ pointer: `?${issue.path.join('.') || unknownKeys(issue)}`, detail: issue.message })));
  return parsed.data;
}

function parseBody(entry: Route, contentType: string | undefined, raw: Buffer): unknown {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (entry.rawTypes) {
    if (type !== undefined && !entry.rawTypes.includes(type)) throw new Problem(415, `${type} is not taken here: send ${entry.rawTypes.join(', ')}`);
    return undefined;
  }
  if (!entry.body) return undefined;
  if (type !== undefined && type !== 'application/json' && !type.endsWith('+json')) throw new Problem(415, `${type} is not taken here: send application/json`);
  const parsed = entry.body.safeParse(parseJsonBody(raw));
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap(fieldErrors));
  return parsed.data;
}

function parseJsonBody(raw: Buffer): unknown {
  if (raw.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch (error) {
    throw new Problem(400, `the body is no JSON: ${(error as Error).message}`);
  }
}

const unknownKeys = (issue: z.core.$ZodIssue) => (issue.code === 'unrecognized_keys' ? issue.keys.join(',') : '');
const escaped = (segment: PropertyKey) => String(segment).replaceAll('~', '~0').replaceAll('/', '~1');

function fieldErrors(issue: z.core.$ZodIssue): { pointer: string; detail: string }[] {
  const at = issue.path.map((segment) => `/${escaped(segment)}`).join('');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ pointer: `${at}/${escaped(key)}`, detail: 'is not a known field' }));
  return [{ pointer: at, detail: issue.message }];
}

function methodNotAllowed(entries: readonly Route[]): Problem {
  const allow = entries.map((entry) => entry.method.toUpperCase() as Uppercase<Method>).join(', ');
  return new Problem(405, `this resource takes ${allow}`, { headers: { allow } });
}

/** Errors of the body reader carry a status of their own. */
function asProblem(error: unknown, broken: (error: unknown) => void): Problem {
  if (error instanceof Problem) return error;
  const status = (error as { status?: unknown } | null)?.status;
  if (status === 413) return new Problem(413, 'the body is larger than is taken here');
  if (status === 415) return new Problem(415, 'compressed bodies are not taken');
  if (typeof status === 'number' && status >= 400 && status < 500) return new Problem(400, (error as Error).message);
  broken(error);
  return new Problem(500, 'the request was not completed; it may be sent again', { headers: { 'retry-after': '1' } });
}

function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).set(problem.headers).type('application/problem+json').send(JSON.stringify(problem));
}

function send(response: Response, answer: RouteAnswer): void {
  response.status(answer.status).set(answer.headers ?? {});
  const { body } = answer;
  if (body === undefined || body === null) response.end();
  else if (typeof body === 'string' || body instanceof Uint8Array) response.end(body);
  else response.type('application/json').send(JSON.stringify(body));
}
