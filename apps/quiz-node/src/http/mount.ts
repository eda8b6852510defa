/**
 * Hangs the table of routes on the HTTP server. Every request takes the same way: route, key, body, schema, handler, answer;
 * whatever goes wrong on it becomes a problem document. Owns nothing that outlives a request but the rate limiters.
 */
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Clock, Timers } from '@ringmaster/actors';
import { authenticate, type Authority } from './authenticate.js';
import type { Idempotency } from './idempotency.js';
import { originOf } from './origin.js';
import { notFound, Problem, refusedCommand } from './problem.js';
import { RequestRates } from './rates.js';
import { cleanParams, parseBody, parseQuery } from './read-request.js';
import type { Method, Route, RouteAnswer, RouteRequest } from './route.js';
import { sendAnswer, sendProblem } from './send-answer.js';
import { toProblem } from './to-problem.js';

export interface MountOptions {
  readonly authority: Authority;
  readonly idempotency: Idempotency;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly bodyBytesMax: number;
  /** Of one key. */
  readonly requestsPerSecondMax: number;
  /** How long a handler may take, ms; then the caller is told that the outcome is not known. */
  readonly handlerMsMax: number;
  /** Where clients reach us, if that is not what they say themselves. */
  readonly publicUrl: string | undefined;
  /** Told of what should never happen; the caller gets a 500 without details. */
  broken(error: unknown): void;
  /** Told of every request when it is answered. */
  answered?(route: Route, status: number, ms: number): void;
}

export function mount(app: Express, routes: readonly Route[], options: MountOptions): void {
  const rates = new RequestRates(options.requestsPerSecondMax);
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.raw({ type: () => true, limit: options.bodyBytesMax, inflate: false }));
  for (const [path, entries] of byPath(routes)) {
    const pattern = expressPath(path);
    for (const entry of entries) app[entry.method](pattern, (request, response, next) => void serve(entry, request, response).catch(next));
    app.all(pattern, (_request, _response, next) => next(methodNotAllowed(entries)));
  }
  app.use((_request, _response, next) => next(notFound('resource')));
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
    // An answer that has begun can only be cut off.
    if (response.headersSent) response.destroy();
    else sendProblem(response, toProblem(error, options.broken));
  });

  async function serve(entry: Route, request: Request, response: Response): Promise<void> {
    const start = options.clock.mono();
    response.once('close', () => options.answered?.(entry, response.statusCode, options.clock.mono() - start));
    const handled = handle(entry, request);
    await sendAnswer(response, await inTime(handled));
  }

  async function handle(entry: Route, request: Request): Promise<RouteAnswer> {
    const params = cleanParams(request.params as Record<string, string>);
    const caller = await rates.watchingRefusals(request, () => authenticate(options.authority, entry, request.headers.authorization, params['sessionId']));
    await rates.count(caller);
    const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const full: RouteRequest<unknown, unknown> = {
      params,
      query: parseQuery(entry, request.query),
      body: parseBody(entry, request.headers['content-type'], rawBody),
      rawBody,
      headers: request.headers as Record<string, string | undefined>,
      caller,
      origin: options.publicUrl ?? originOf(request),
    };
    return entry.idempotent ? once(entry, request, full) : entry.handle(full);
  }

  async function once(entry: Route, request: Request, full: RouteRequest<unknown, unknown>): Promise<RouteAnswer> {
    const key = full.headers['idempotency-key'];
    const place = { caller: full.caller.id, secret: request.headers.authorization?.slice('Bearer '.length) ?? '', route: `${entry.method} ${request.originalUrl}`, key };
    return options.idempotency.once(place, full.rawBody, async () => {
      const { status, headers = {}, body = null } = await entry.handle(full);
      return { status, headers, body };
    });
  }

  /** What waits for a store or a journal that does not answer is not kept waiting with it. */
  async function inTime(work: Promise<RouteAnswer>): Promise<RouteAnswer> {
    let cancel = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      cancel = options.timers.after(options.handlerMsMax, () => reject(refusedCommand(501, { detail: 'no answer in time; it may have been done all the same' })));
    });
    return Promise.race([work, late]).finally(cancel);
  }
}

/** `/{id}:validate` before `/{id}`, which would take the colon for a part of the id. */
function byPath(routes: readonly Route[]): [string, Route[]][] {
  const paths = new Map<string, Route[]>();
  for (const entry of routes) paths.set(entry.path, [...(paths.get(entry.path) ?? []), entry]);
  return [...paths].sort(([a], [b]) => Number(b.includes(':')) - Number(a.includes(':')));
}

/** OpenAPI's `{name}` in Express's words; a colon after a parameter is a part of the path. */
export function expressPath(path: string): string {
  return path.replaceAll(':', '\\:').replace(/\{(\w+)\}/g, ':$1');
}

function methodNotAllowed(entries: readonly Route[]): Problem {
  const methods = entries.map(({ method }) => method.toUpperCase() as Uppercase<Method>);
  const allow = methods.flatMap((method) => (method === 'GET' ? [method, 'HEAD'] : [method])).join(', ');
  return new Problem(405, `this resource takes ${allow}`, { headers: { allow } });
}
