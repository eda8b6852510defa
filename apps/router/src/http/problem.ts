/** What the router itself refuses over HTTP, as RFC 9457 problem details with a stable `type`. */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Problem {
  readonly status: 400 | 403 | 404 | 405 | 413 | 502 | 503;
  /** The last part of `type`. */
  readonly kind: string;
  readonly detail: string;
  readonly retryAfterS?: number;
}

const TYPE = 'application/problem+json';

function bodyOf({ status, kind, detail }: Problem): string {
  return JSON.stringify({ type: `urn:ringmaster:problem:${kind}`, title: STATUS_CODES[status], status, detail });
}

export function sendProblem(response: ServerResponse, problem: Problem): void {
  const body = bodyOf(problem);
  const headers: Record<string, string | number> = { 'content-type': TYPE, 'content-length': Buffer.byteLength(body) };
  if (problem.retryAfterS !== undefined) headers['retry-after'] = problem.retryAfterS;
  response.writeHead(problem.status, headers).end(body);
}

/** Answers a request for an upgrade, of which there is no response object, and ends its socket. */
export function refuseUpgrade(socket: Duplex, problem: Problem): void {
  const body = bodyOf(problem);
  const retry = problem.retryAfterS === undefined ? '' : `Retry-After: ${problem.retryAfterS}\r\n`;
  const head = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\nConnection: close\r\nContent-Type: ${TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${retry}\r\n`;
  socket.once('finish', () => socket.destroy());
  socket.end(head + body);
}
