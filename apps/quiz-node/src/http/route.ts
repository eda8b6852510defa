/** A route is data: from the same table come the handlers, the checks of scopes, the OpenAPI document and the tests' matrix. */
import type { z } from 'zod';
import type { Scope } from './api-keys.js';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** Who calls. A host token stands for one session only. */
export interface Caller {
  readonly kind: 'key' | 'hostToken';
  /** Names the key or token in limits and idempotency marks: its SHA-256. Empty for nobody. */
  readonly id: string;
  readonly owner: string;
  readonly scopes: readonly Scope[];
  readonly sessionId?: string;
}

export interface RouteRequest<Query, Body> {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly rawBody: Uint8Array;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly caller: Caller;
  /** Where the client reached us, without a slash at the end: `https://quiz.example`. */
  readonly origin: string;
}

export interface RouteAnswer {
  readonly status: number;
  /** An object is sent as JSON; a string, bytes or chunks as they are, with `content-type` among the headers. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body that is sent while it is made. */
export class Chunks {
  constructor(readonly source: AsyncIterable<Uint8Array | string>) {}
}

export interface ResponseDoc {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Types of content other than JSON, each with the schema of a text unless one is given. */
  readonly contentTypes?: readonly string[];
  readonly headers?: readonly string[];
}

export interface Route<Query = unknown, Body = unknown> {
  readonly method: Method;
  /** With `{name}` for parameters, as in OpenAPI. */
  readonly path: string;
  /** The scope that a caller needs; `open`: anybody. A route below /v1/sessions/{sessionId} also takes that session's host token. */
  readonly scope: Scope | 'open';
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** What the document shows in place of `body`, where the domain itself checks the content and points at what is wrong. */
  readonly bodyDoc?: z.ZodType;
  /** Nothing has to be sent. */
  readonly bodyOptional?: true;
  /** Types of content taken instead of JSON; the handler reads `rawBody`. */
  readonly rawTypes?: readonly string[];
  /** Takes an `Idempotency-Key`. */
  readonly idempotent?: true;
  /** Takes `If-Match`. */
  readonly ifMatch?: true;
  /** Pages for people, and what they load: not in the document. */
  readonly page?: true;
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  /** Statuses of problems beyond those that every route can have. */
  readonly problems?: readonly number[];
  handle(request: RouteRequest<Query, Body>): Promise<RouteAnswer> | RouteAnswer;
}

/** Keeps the types of one route's query and body together while the table forgets them. */
export function route<Query, Body>(entry: Route<Query, Body>): Route {
  return entry as unknown as Route;
}
