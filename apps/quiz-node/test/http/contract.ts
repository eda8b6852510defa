/** Holds an answer against the table of routes: its status is one that the route names, its body of the shape that the document shows. */
import { z } from 'zod';
import type { Route } from '../../src/http/route.js';
import { problemTitles, typePrefix } from '../../src/http/problem.js';

const problem = z.looseObject({
  type: z.string().startsWith(typePrefix),
  title: z.enum(Object.values(problemTitles)),
  status: z.int(),
  detail: z.string().min(1),
  code: z.int().optional(),
  name: z.string().optional(),
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
});

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export function routeOf(routes: readonly Route[], method: string, path: string): Route | undefined {
  const bare = path.split('?', 1)[0] ?? '';
  const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
  const fitting = routes.filter((entry) => entry.method === wanted && pattern(entry.path).test(bare));
  return fitting.find((entry) => entry.path.includes(':')) ?? fitting[0];
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i');
}

/** What is wrong with it, in words. */
export function contractBreaks(routes: readonly Route[], method: string, path: string, seen: Seen): string[] {
  const type = seen.headers.get('content-type')?.split(';')[0];
  const entry = routeOf(routes, method, path);
  const documented = entry?.responses[seen.status];
  if (documented === undefined) return problemBreaks(seen, type);
  if (documented.schema === undefined && documented.contentTypes === undefined) return seen.text === '' ? [] : ['a body where none is documented'];
  if (type !== 'application/json') return documented.contentTypes?.includes(type ?? '') ? [] : [`content type ${type} is not documented`];
  if (documented.schema === undefined || method === 'HEAD') return [];
  const parsed = documented.schema.safeParse(seen.json);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`);
}

function problemBreaks({ status, json, text, headers }: Seen, type: string | undefined): string[] {
  if (status < 400) return [`status ${status} is not documented`];
  if (type !== 'application/problem+json') return [`${status} is no problem document: ${type} ${text.slice(0, 200)}`];
  const parsed = problem.safeParse(json);
  if (!parsed.success) return parsed.error.issues.map((issue) => `/${issue.path.join('/')}: ${issue.message}`);
  const breaks = parsed.data.status === status ? [] : [`status ${parsed.data.status} in the body of a ${status}`];
  if (status === 401 && !headers.has('www-authenticate')) breaks.push('401 without WWW-Authenticate');
  if (status === 405 && !headers.has('allow')) breaks.push('405 without Allow');
  if ((status === 429 || status === 503) && !headers.has('retry-after')) breaks.push(`${status} without Retry-After`);
  return breaks;
}
