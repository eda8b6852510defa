/** From what came over the wire to what a handler takes, or a problem that points at what is wrong. */
import { normaliseSessionId } from '@ringmaster/protocol';
import { z } from 'zod';
import { invalid, notFound, Problem, type FieldError } from './problem.js';
import type { Route } from './route.js';

/** @throws Problem 404 for what can be no session id */
export function cleanParams(params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (params['sessionId'] === undefined) return params;
  const sessionId = normaliseSessionId(params['sessionId']);
  if (sessionId === null) throw notFound('session');
  return { ...params, sessionId };
}

const nothing = z.strictObject({});

/** @throws Problem 422 */
export function parseQuery(entry: Route, query: unknown): unknown {
  // Pages for people are opened with whatever a link had appended.
  if (!entry.query && entry.scope === 'open') return {};
  const parsed = (entry.query ?? nothing).safeParse(query);
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap((issue) => fieldErrors(issue, (path) => `?${path.join('.')}`)));
  return parsed.data;
}

/** @throws Problem 400, 415, 422 */
export function parseBody(entry: Route, contentType: string | undefined, raw: Uint8Array): unknown {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (entry.rawTypes) {
    if (type !== undefined && !entry.rawTypes.includes(type)) throw new Problem(415, `${type} is not taken here: send ${entry.rawTypes.join(', ')}`);
    return undefined;
  }
  if (!entry.body) return undefined;
  if (type !== undefined && type !== 'application/json' && !type.endsWith('+json')) throw new Problem(415, `${type} is not taken here: send application/json`);
  if (raw.length === 0 && !entry.bodyOptional) throw new Problem(400, 'a JSON body is needed here');
  const parsed = entry.body.safeParse(raw.length === 0 ? {} : parseJson(raw));
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap((issue) => fieldErrors(issue, pointer)));
  return parsed.data;
}

function parseJson(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch (error) {
    throw new Problem(400, `the body is no JSON: ${(error as Error).message}`);
  }
}

/** RFC 6901 */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** One complaint for each unknown field, so that each has its own place. */
function fieldErrors(issue: z.core.$ZodIssue, place: (path: readonly PropertyKey[]) => string): FieldError[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ pointer: place([...issue.path, key]), detail: 'is not known here' }));
  return [{ pointer: place(issue.path), detail: issue.message }];
}
