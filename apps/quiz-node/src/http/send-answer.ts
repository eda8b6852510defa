/** The last step of a request: an answer or a problem becomes bytes. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Problem } from './problem.js';
import { Chunks, type RouteAnswer } from './route.js';

export function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).set(problem.headers).set('content-type', 'application/problem+json').end(JSON.stringify(problem));
}

/** Resolves when everything is handed over, or the client has gone. */
export async function sendAnswer(response: Response, { status, headers = {}, body }: RouteAnswer): Promise<void> {
  response.status(status).set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers });
  if (body instanceof Chunks) {
    // An error in the middle can only cut the answer off: its status is out already.
    await pipeline(Readable.from(body.source), response);
  } else if (body === undefined || body === null) response.end();
  else if (typeof body === 'string' || body instanceof Uint8Array) response.end(body);
  else response.set('content-type', 'application/json; charset=utf-8').end(JSON.stringify(body));
}
