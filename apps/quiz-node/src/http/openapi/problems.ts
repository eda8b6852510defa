/** The refusals of the document: one response for each status, and which of them a route can give. */
import { z } from 'zod';
import { problemTitles, typePrefix, type ProblemStatus } from '../problem.js';
import type { Route } from '../route.js';
import type { JsonObject, SchemaBook } from './json-schemas.js';

const problemDoc = z
  .looseObject({
    type: z.string().describe(`${typePrefix} and the status, or the name of the error code`),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.int().optional().describe('of the catalogue of error codes, when a command was refused'),
    name: z.string().optional(),
    errors: z
      .array(z.strictObject({ pointer: z.string().describe('JSON pointer into the body, or ?name of a query parameter'), detail: z.string() }))
      .optional(),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457 problem details',
    examples: [{ type: `${typePrefix}illegal-transition`, title: problemTitles[409], status: 409, detail: 'not possible in this phase', code: 401, name: 'ILLEGAL_TRANSITION' }],
  });

const headerOf: Readonly<Partial<Record<ProblemStatus, readonly [name: string, description: string]>>> = {
  401: ['WWW-Authenticate', 'Bearer'],
  405: ['Allow', 'The methods that this resource takes'],
  429: ['Retry-After', 'Seconds'],
  503: ['Retry-After', 'Seconds'],
};

const nameOf = (status: number): string => `Problem${status}`;

export function problemResponses(book: SchemaBook): JsonObject {
  const schema = book.output(problemDoc);
  const statuses = Object.entries(problemTitles) as unknown as [ProblemStatus, string][];
  return Object.fromEntries(
    statuses.map(([status, description]) => {
      const header = headerOf[status];
      const headers = header === undefined ? {} : { headers: { [header[0]]: { description: header[1], schema: { type: 'string' } } } };
      return [nameOf(status), { description, ...headers, content: { 'application/problem+json': { schema } } }];
    }),
  );
}

/** By status, as references. What can happen to every request follows from what the route takes. */
export function problemsOf(entry: Route): JsonObject {
  const takesBody = entry.body !== undefined || entry.rawTypes !== undefined;
  const statuses = new Set<number>([
    ...(entry.scope === 'open' ? [] : [401, 403, 429, 503]),
    ...(entry.path.includes('{') ? [404] : []),
    ...(takesBody ? [400, 413, 415, 422] : []),
    ...(entry.query !== undefined ? [422] : []),
    ...(entry.idempotent ? [409] : []),
    ...(entry.problems ?? []),
    500,
  ]);
  const documented = [...statuses].filter((status) => entry.responses[status] === undefined).sort((a, b) => a - b);
  return Object.fromEntries(documented.map((status) => [status, { $ref: `#/components/responses/${nameOf(status)}` }]));
}
