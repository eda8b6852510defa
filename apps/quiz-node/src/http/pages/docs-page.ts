/** The readable form of the OpenAPI document: Swagger UI, from its own package and from here alone, so it works without a network. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { notFound } from '../problem.js';
import type { RouteAnswer } from '../route.js';

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const shell = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ringmaster REST</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const start = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
});
`;

interface Asset {
  readonly type: string;
  readonly read: () => string;
}

const fromPackage = (name: string) => (): string => readFileSync(join(folder, name), 'utf8');
const assets: ReadonlyMap<string, Asset> = new Map([
  ['swagger-ui.css', { type: 'text/css; charset=utf-8', read: fromPackage('swagger-ui.css') }],
  ['swagger-ui-bundle.js', { type: 'text/javascript; charset=utf-8', read: fromPackage('swagger-ui-bundle.js') }],
  ['start.js', { type: 'text/javascript; charset=utf-8', read: () => start }],
]);
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self' data:";

export function docsPage(): RouteAnswer {
  return { status: 200, body: shell, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy } };
}

/** @throws Problem 404 */
export function docsAsset(name: string): RouteAnswer {
  const asset = assets.get(name);
  if (!asset) throw notFound('file');
  return { status: 200, body: asset.read(), headers: { 'content-type': asset.type, 'cache-control': 'public, max-age=3600' } };
}
