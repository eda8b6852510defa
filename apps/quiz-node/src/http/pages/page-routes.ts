/** Pages for people, and the documents that they and programs read. */
import { asyncApiDocument, type Limits } from '@ringmaster/protocol';
import { z } from 'zod';
import { openApiDocument } from '../openapi/document.js';
import { route, type Route } from '../route.js';
import { version } from '../version.js';
import { docsAsset, docsPage } from './docs-page.js';
import { joinPage } from './join-page.js';
import { startPage } from './start-page.js';

const tag = 'Documents';
const html = { 200: { description: 'A page', contentTypes: ['text/html'] } };
const document = z.looseObject({});

/** @param routes of the whole interface: what the document tells. */
export function pageRoutes(routes: () => readonly Route[], limits: Limits): Route[] {
  let openApi: unknown;
  return [
    route({ method: 'get', path: '/', scope: 'open', tag, page: true, summary: 'What this is', responses: html, handle: ({ origin }) => startPage(origin) }),
    route({
      method: 'get', path: '/join/{sessionId}', scope: 'open', tag, page: true, summary: 'The quiz ID, large', responses: html,
      handle: ({ origin, params }) => joinPage(origin, params['sessionId'] as string),
    }),
    route({ method: 'get', path: '/docs', scope: 'open', tag, page: true, summary: 'The REST interface, readable', responses: html, handle: docsPage }),
    route({
      method: 'get', path: '/docs/{asset}', scope: 'open', tag, page: true, summary: 'What that page loads',
      responses: { 200: { description: 'A file', contentTypes: ['text/css', 'text/javascript'] } },
      handle: ({ params }) => docsAsset(params['asset'] as string),
    }),
    route({
      method: 'get', path: '/openapi.json', scope: 'open', tag, summary: 'This interface, as OpenAPI 3.1',
      responses: { 200: { description: 'The document', schema: document } },
      handle: () => ({ status: 200, body: (openApi ??= openApiDocument(routes(), { version })) }),
    }),
    route({
      method: 'get', path: '/asyncapi.json', scope: 'open', tag, summary: 'The WebSocket protocol, as AsyncAPI 3',
      responses: { 200: { description: 'The document', schema: document } },
      handle: ({ origin }) => {
        const { host, protocol } = new URL(origin);
        return { status: 200, body: asyncApiDocument({ version, host, secure: protocol === 'https:', limits }) };
      },
    }),
  ];
}
