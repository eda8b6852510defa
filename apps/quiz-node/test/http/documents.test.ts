/** The documents and pages: valid, whole, and without a byte from elsewhere. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { operationId } from '../../src/http/openapi/document.js';
import { version } from '../../src/http/version.js';
import { startNode, type TestNode } from './node.js';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.stop());

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<Record<string, unknown>>;
  readonly security: readonly object[];
}

describe('/openapi.json', () => {
  test('is valid OpenAPI 3.1, its references resolved', async () => {
    const { json } = await node.ask('GET', '/openapi.json', { key: null });
    const validator = new Validator();
    const result = await validator.validate(json);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(validator.version).toBe('3.1');
    const names = [...JSON.stringify(json).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path.split('/'));
    expect(names.length).toBeGreaterThan(50);
    const dangling = names.filter((path) => path.reduce((at: unknown, step) => (at as Record<string, unknown> | undefined)?.[step], json) === undefined);
    expect(dangling).toEqual([]);
  });

  test('has every route that is no page, each with a name of its own, and how to be let in', async () => {
    const { json } = await node.ask('GET', '/openapi.json', { key: null });
    const operations = Object.entries(json.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) => Object.entries(methods).map(([method, each]) => ({ path, method, each })));
    const routes = node.rest.routes.filter((entry) => entry.page !== true);
    expect(operations.map(({ path, method }) => `${method} ${path}`).sort()).toEqual(routes.map(({ path, method }) => `${method} ${path}`).sort());
    expect(new Set(routes.map(operationId)).size).toBe(routes.length);
    for (const { path, each } of operations) {
      expect(each.summary.length).toBeGreaterThan(3);
      expect([path, each.security.length > 0]).toEqual([path, path.startsWith('/v1/')]);
      if (path.startsWith('/v1/')) expect(Object.keys(each.responses)).toEqual(expect.arrayContaining(['401', '403', '429', '500']));
    }
  });

  test('shows the walk-through\'s quiz as an example of itself', async () => {
    const { json } = await node.ask('GET', '/openapi.json', { key: null });
    const [example] = json.components.schemas.Quiz.examples;
    expect((await node.ask('POST', '/v1/quizzes', { body: example })).status).toBe(201);
  });

  test('names the version of the release', async () => {
    const { version: packaged } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(version).toBe(packaged);
    expect((await node.ask('GET', '/openapi.json', { key: null })).json.info.version).toBe(packaged);
  });
});

test('/asyncapi.json names the address under which it was asked for', async () => {
  const { json } = await node.ask('GET', '/asyncapi.json', { key: null });
  expect(json.asyncapi).toBe('3.0.0');
  expect(json.servers.router).toMatchObject({ host: new URL(node.url).host, protocol: 'ws' });
  const secure = await node.ask('GET', '/asyncapi.json', { key: null, headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'quiz.example' } });
  expect(secure.json.servers.router).toMatchObject({ host: 'quiz.example', protocol: 'wss' });
});

describe('pages', () => {
  const pages = ['/', '/docs', '/join/7K3M-9QRT'];

  test.each(pages)('%s is HTML that loads nothing from elsewhere', async (path) => {
    const { status, text, headers } = await node.ask('GET', path, { key: null });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect([...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target]) => target).filter((target) => !/^(\/|data:)/.test(target ?? ''))).toEqual([]);
  });

  test('everything that /docs names is there', async () => {
    const { text } = await node.ask('GET', '/docs', { key: null });
    const assets = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, target = '']) => target);
    expect(assets.length).toBe(3);
    for (const asset of assets) {
      const { status, text: content } = await node.ask('GET', asset, { key: null });
      expect([asset, status, content.length > 100]).toEqual([asset, 200, true]);
    }
    expect((await node.ask('GET', '/docs/package.json', { key: null })).status).toBe(404);
    expect((await node.ask('GET', '/docs/..%2Fpackage.json', { key: null })).status).toBe(404);
  });

  test('the start page shows commands for the address that the browser used', async () => {
    const { text } = await node.ask('GET', '/', { key: null });
    expect(text).toContain(`export RM=${node.url}`);
  });

  test('a host header that is no host does not get into a page', async () => {
    const { text } = await node.ask('GET', '/', { key: null, headers: { 'x-forwarded-host': '"><script>alert(1)</script>' } });
    expect(text).not.toContain('<script>');
  });

  test('the join page knows an id in any writing, and nothing else', async () => {
    expect((await node.ask('GET', '/join/7k3m9qrt', { key: null })).text).toContain('7K3M-9QRT');
    expect((await node.ask('GET', '/join/short', { key: null })).status).toBe(404);
  });
});

describe('probes', () => {
  test('/livez, /readyz and /metrics need no key', async () => {
    expect((await node.ask('GET', '/livez', { key: null })).json).toEqual({ status: 'alive' });
    expect((await node.ask('GET', '/readyz', { key: null })).json).toEqual({ status: 'ready' });
    const { text } = await node.ask('GET', '/metrics', { key: null });
    expect(text).toMatch(/^ringmaster_node_request_seconds_count\{method="GET",status="200"\} \d+$/m);
  });

  test('a node that does not serve says so', async () => {
    const waiting = await startNode({ rest: { isReady: () => false } });
    const { status, headers } = await waiting.ask('GET', '/readyz', { key: null });
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    await waiting.stop();
  });
});
