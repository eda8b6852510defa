/** The OpenAPI 3.1 document, made of the table of routes: what is published is what is served. */
import type { z } from 'zod';
import { scopes, type Scope } from '../api-keys.js';
import { hostTokenScopes } from '../authenticate.js';
import type { ResponseDoc, Route } from '../route.js';
import { SchemaBook, type JsonObject } from './json-schemas.js';
import { problemResponses, problemsOf } from './problems.js';

const pathParameters: Readonly<Record<string, JsonObject>> = {
  sessionId: { description: '8 characters of Crockford base32; case, `-` and spaces do not matter', schema: { type: 'string', examples: ['7K3M9QRT', '7K3M-9QRT'] } },
  quizId: { description: 'Of the answer to its creation', schema: { type: 'string', pattern: '^[0-9a-z]{16}$' } },
  playerId: { description: 'Of the list of players', schema: { type: 'string' } },
  qid: { description: 'Id of a question in the quiz', schema: { type: 'string', examples: ['q1'] } },
};

const headerParameters = {
  idempotencyKey: { name: 'Idempotency-Key', in: 'header', required: false, description: '1 to 200 characters. The same request with the same key gets the first answer, for 24 h.', schema: { type: 'string', minLength: 1, maxLength: 200 } },
  ifMatch: { name: 'If-Match', in: 'header', required: false, description: 'The `ETag` that was read. Another version: 412.', schema: { type: 'string' } },
} as const;

const responseHeaders: Readonly<Record<string, JsonObject>> = {
  etag: { description: 'Version of the quiz', schema: { type: 'string' } },
  location: { description: 'Path of what was made', schema: { type: 'string' } },
};

export const scopeMeanings: Readonly<Record<Scope, string>> = {
  'quiz:read': 'read quizzes, keys included',
  'quiz:write': 'write and import quizzes',
  'session:host': 'make and conduct sessions',
  'session:read': 'see sessions, players and standings',
  'report:read': 'read reports and journals',
  admin: 'look after the cluster',
};

const about = [
  'Write quizzes, run sessions, read results. Players connect by WebSocket: see `/asyncapi.json`.',
  '',
  'Send `Authorization: Bearer <key>`. A session is somebody\'s: to others it answers 404. Every refusal is a problem document (RFC 9457) with a stable `type`.',
  'Lists come in pages: send `nextCursor` back as `cursor` until it is null. Unknown fields and parameters are refused.',
  '',
  '| scope | allows to |',
  '| --- | --- |',
  ...scopes.map((scope) => `| \`${scope}\` | ${scopeMeanings[scope]} |`),
].join('\n');

export interface OpenApiOptions {
  /** Version of the release. */
  readonly version: string;
}

/** The document, as plain JSON. */
export function openApiDocument(routes: readonly Route[], { version }: OpenApiOptions): JsonObject {
  const book = new SchemaBook();
  const shown = routes.filter((entry) => entry.page !== true);
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const entry of shown) (paths[entry.path] ??= {})[entry.method] = operation(entry, book);
  const responses = problemResponses(book);
  return {
    openapi: '3.1.0',
    info: { title: 'Ringmaster REST', version, description: about, license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' } },
    servers: [{ url: '/', description: 'Where this document was read' }],
    tags: [...new Set(shown.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: book.components,
      responses,
      securitySchemes: {
        hostKey: { type: 'http', scheme: 'bearer', description: 'The key of a host or an SRE, with its scopes' },
        hostToken: { type: 'http', scheme: 'bearer', description: `The \`hostToken\` of one session, for that session: ${hostTokenScopes.join(', ')}` },
      },
    },
  };
}

function operation(entry: Route, book: SchemaBook): JsonObject {
  const { tag, summary, description, scope } = entry;
  const needs = scope === 'open' ? undefined : `Scope: \`${scope}\`.`;
  const text = [description, needs].filter((part) => part !== undefined).join('\n\n');
  const parameters = [...pathParametersOf(entry), ...queryParametersOf(entry, book), ...headerParametersOf(entry)];
  const responses = Object.entries(entry.responses).map(([status, doc]) => [status, response(doc, book)]);
  return {
    operationId: operationId(entry),
    tags: [tag],
    summary,
    ...(text === '' ? {} : { description: text }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(entry, book),
    responses: { ...Object.fromEntries(responses), ...problemsOf(entry) },
    security: securityOf(entry),
  };
}

/** `get /v1/quizzes/{quizId}:export` → `getQuizzesQuizIdExport` */
export function operationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path.replace(/^\/v1/, '').match(/\w+/g) ?? [];
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function securityOf({ scope, path }: Route): readonly JsonObject[] {
  if (scope === 'open') return [];
  const byToken = path.startsWith('/v1/sessions/{sessionId}') && hostTokenScopes.includes(scope);
  return [{ hostKey: [scope] }, ...(byToken ? [{ hostToken: [] }] : [])];
}

function pathParametersOf({ path }: Route): JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({ name, in: 'path', required: true, ...(pathParameters[name] ?? { schema: { type: 'string' } }) }));
}

function queryParametersOf({ query }: Route, book: SchemaBook): JsonObject[] {
  if (query === undefined) return [];
  const sent = book.input(query) as { readonly required?: readonly string[] };
  const { properties = {} } = book.output(query) as { readonly properties?: Readonly<Record<string, JsonObject>> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name, in: 'query', required: sent.required?.includes(name) ?? false, ...(description === undefined ? {} : { description }), schema,
  }));
}

function headerParametersOf({ idempotent, ifMatch }: Route): JsonObject[] {
  return [...(idempotent ? [headerParameters.idempotencyKey] : []), ...(ifMatch ? [headerParameters.ifMatch] : [])];
}

function requestBody({ body, bodyDoc, bodyOptional, rawTypes }: Route, book: SchemaBook): JsonObject {
  if (rawTypes !== undefined) return { requestBody: { required: true, content: Object.fromEntries(rawTypes.map((type) => [type, { schema: fileSchema(type) }])) } };
  const schema = (bodyDoc ?? body) as z.ZodType | undefined;
  return schema === undefined ? {} : { requestBody: { required: bodyOptional !== true, content: { 'application/json': { schema: book.input(schema) } } } };
}

function fileSchema(type: string): JsonObject {
  return type === 'application/json' ? { type: 'object', description: 'A quiz, or the file of the format' } : { type: 'string', description: 'The file' };
}

function response({ description, schema, contentTypes = [], headers = [] }: ResponseDoc, book: SchemaBook): JsonObject {
  const content = {
    ...(schema === undefined ? {} : { 'application/json': { schema: book.output(schema) } }),
    ...Object.fromEntries(contentTypes.map((type) => [type, { schema: { type: 'string' } }])),
  };
  return {
    description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers.map((name) => [name, responseHeaders[name]])) }),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}
