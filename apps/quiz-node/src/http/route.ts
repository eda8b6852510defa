/** A route is data: from the same table come the handlers, the checks of scopes, the OpenAPI document and the tests' matrix. */
import type { z } from 'zod';
import type { Scope } from './api-keys.js';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** Who calls. A host token stands for one session only. */
export interface Caller {
  readonly kind: 'key' | 'hostToken';
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
  /** Monotonic time of this node at which the request arrived, ms. */
  readonly arrivedAt: number;
}

export interface RouteAnswer {
  readonly status: number;
  /** An object is sent as JSON; a string or bytes as they are, with `content-type` among the headers. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ResponseDoc {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly contentType?: string;
}

export interface Route<Query = unknown, Body = unknown> {
  readonly method: Method;
  /** With `{name}` for parameters, as in OpenAPI. */
  readonly path: string;
  /** The scope that a caller needs; `open`: anybody. A route below /v1/sessions/{id} also takes that session's host token. */
  readonly scope: Scope | 'open';
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodType<Query>;
  readonly body?: z.ZodType<Body>;
  /** What the document shows in place of `body`, where the domain itself checks the content and points at what is wrong. */
  readonly bodyDoc?: z.ZodType;
  /** Types of content taken instead of JSON; the handler reads `rawBody`. */
  readonly rawTypes?: readonly string[];
  readonly idempotent?: boolean;
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  handle(request: RouteRequest<Query, Body>): Promise<RouteAnswer>;
}

/** Keeps the types of one route's query and body together while the table forgets them. */
export function route<Query, Body>(entry: Route<Query, Body>): Route {
  return entry as unknown as Route;
}
