import { describe, expect, test } from '@jest/globals';
import { areas } from './areas.js';
import { areaOf, originsOf, violationsOf } from './import-rules.js';
import { importsOf } from './imports.js';
import { productSources, sourcesIn } from './sources.js';

const product = productSources();
const index = product.find((source) => source.path === 'libs/actors/src/index.ts');

describe('who may import whom', () => {
  test('every source keeps the import table', () => {
    if (!index) throw new Error('libs/actors/src/index.ts is missing');
    const origins = originsOf(index);
    expect(product.flatMap((source) => violationsOf(source, origins))).toEqual([]);
  });

  test('programs outside apps/ reach the libraries by name, since their dist has no copy of them', () => {
    const programs = sourcesIn(['test/simulation', 'bench']).filter((source) => !source.path.endsWith('.test.ts'));
    const reaching = programs.flatMap(importsOf).filter(({ specifier }) => /^\.{1,2}\/.*libs\//.test(specifier));
    expect(reaching.map(({ at }) => at)).toEqual([]);
  });

  test('every area has a name of its own', () => {
    expect(new Set(areas.map((area) => area.name)).size).toBe(areas.length);
  });
});

describe('the rule engine itself', () => {
  const origins = originsOf({
    path: 'libs/actors/src/index.ts',
    text: `export { openLmdb } from './adapters/lmdb/open.js';
      export type { Clock } from './ports/clock.js';
      export { Ring } from './placement/ring.js';
      export { Region } from './region/region.js';`,
  });
  const check = (path: string, text: string) => violationsOf({ path, text }, origins);

  test.each([
    ['libs/protocol/src/a.ts', `import { z } from 'zod'; import { b } from './b.js';`],
    ['libs/actors/src/index.ts', `export { openLmdb } from './adapters/lmdb/open.js'; export { Ring } from './placement/ring.js';`],
    ['libs/actors/src/adapters/lmdb/a.ts', `import { open } from 'lmdb'; import { join } from 'node:path'; import type { J } from '../../ports/journal.js';`],
    ['libs/actors/src/placement/ring.ts', `import HashRing from 'hashring';`],
    ['libs/actors/src/region/a.ts', `import TinyQueue from 'tinyqueue'; import type { Clock } from '../ports/clock.js';`],
    ['apps/quiz-node/src/quiz/a.ts', `import { createHash } from 'node:crypto'; import canonicalize from 'canonicalize';`],
    ['apps/quiz-node/src/session/a.ts', `import { Region } from '@ringmaster/actors'; import { decide } from '../quiz/decide.js';`],
    ['apps/quiz-node/src/gateway/a.gateway.ts', `import { WebSocketGateway } from '@nestjs/websockets'; import type { WebSocket } from 'ws'; import type { Clock } from '@ringmaster/actors';`],
    ['apps/quiz-node/src/node.module.ts', `import { openLmdb } from '@ringmaster/actors'; import { decide } from './quiz/decide.js'; import { store } from '@ringmaster/actors/adapters/lmdb/store';`],
    ['apps/router/src/core/a.ts', `import { Ring, type Region } from '@ringmaster/actors'; import { x } from '@ringmaster/protocol';`],
    ['libs/actors/src/log/a.ts', `import { crc32 } from 'node:zlib';`],
    ['apps/demo/src/main.ts', `import { WebSocket } from 'ws'; import { x } from '@ringmaster/protocol'; import { y } from '../../launcher/src/product.js';`],
  ])('allows in %s: %s', (path, text) => {
    expect(check(path, text)).toEqual([]);
  });

  test.each([
    ['libs/protocol/src/a.ts', `import { readFileSync } from 'node:fs';`, 'node:fs'],
    ['libs/protocol/src/a.ts', `import { Region } from '@ringmaster/actors';`, 'Region'],
    ['libs/actors/src/region/a.ts', `import { x } from '@ringmaster/protocol';`, '@ringmaster/protocol'],
    ['libs/actors/src/region/a.ts', `import { open } from '../adapters/lmdb/open.js';`, 'adapters/lmdb'],
    ['libs/actors/src/region/a.ts', `export { open } from '../adapters/lmdb/open.js';`, 'adapters/lmdb'],
    ['libs/actors/src/region/a.ts', `const x = await import('lmdb');`, 'lmdb'],
    ['libs/actors/src/region/a.ts', `import HashRing from 'hashring';`, 'hashring'],
    ['libs/actors/src/adapters/lmdb/a.ts', `import { shard } from '../../shard/shard.js';`, 'shard/shard'],
    ['libs/actors/src/adapters/lmdb/a.ts', `import { WebSocket } from 'ws';`, 'ws'],
    ['libs/actors/src/adapters/static/a.ts', `import { open } from '../lmdb/open.js';`, 'adapters/lmdb'],
    ['libs/actors/src/log/a.ts', `import { crc32, gzipSync } from 'node:zlib';`, 'gzipSync'],
    ['apps/quiz-node/src/quiz/a.ts', `import { randomUUID } from 'node:crypto';`, 'randomUUID'],
    ['apps/quiz-node/src/quiz/a.ts', `import * as crypto from 'node:crypto';`, '* of node:crypto'],
    ['apps/quiz-node/src/quiz/a.ts', `import type { View } from '../session/view.js';`, 'session/view'],
    ['apps/quiz-node/src/quiz/a.ts', `type C = import('@ringmaster/actors').Clock;`, 'Clock'],
    ['apps/quiz-node/src/session/a.ts', `import { openLmdb } from '@ringmaster/actors';`, 'openLmdb'],
    ['apps/quiz-node/src/session/a.ts', `import * as actors from '@ringmaster/actors';`, '*'],
    ['apps/quiz-node/src/session/a.ts', `import { Injectable } from '@nestjs/common';`, '@nestjs/common'],
    ['apps/quiz-node/src/gateway/a.ts', `import { decide } from '../quiz/decide.js';`, 'quiz/decide'],
    ['apps/quiz-node/src/http/a.ts', `import { WebSocket } from 'ws';`, 'ws'],
    ['apps/quiz-node/src/http/a.ts', `import { Region } from '@ringmaster/actors';`, 'Region'],
    ['apps/quiz-node/src/session/a.ts', `import { x } from '../../../../libs/protocol/src/limits.js';`, 'another package'],
    ['apps/quiz-node/src/session/a.ts', `import { x } from '@ringmaster/actors/src/region.js';`, 'does not offer it'],
    ['apps/quiz-node/src/session/a.ts', `import { x } from '@ringmaster/actors/adapters/lmdb/store';`, 'adapters/lmdb/store'],
    ['apps/quiz-node/src/gateway/a.ts', `import { x } from '@ringmaster/actors/adapters/ws/link-acceptor';`, 'adapters/ws'],
    ['apps/quiz-node/src/session/a.ts', `import { x } from './b';`, 'end in .js'],
    ['apps/router/src/core/a.ts', `import { Region } from '@ringmaster/actors';`, 'Region'],
    ['apps/router/src/core/a.ts', `import { WebSocket } from 'ws';`, 'ws'],
    ['apps/router/src/core/a.ts', `import { edge } from '../edge/upgrade.js';`, 'edge/upgrade'],
    ['apps/demo/src/main.ts', `import { Region } from '@ringmaster/actors';`, 'Region'],
    ['apps/demo/src/main.ts', `import { x } from '../../quiz-node/src/quiz/decide.js';`, 'another package'],
  ])('refuses in %s: %s', (path, text, why) => {
    const violations = check(path, `\n${text}`);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(why);
    expect(violations[0]).toContain(`${path}:2: `);
  });

  test('a file of no area is a violation, so that a new program has to be put in the table', () => {
    expect(areaOf('apps/new/src/main.ts')).toBeUndefined();
    expect(areaOf('libs/actors/src/adapters/new/a.ts')).toBeUndefined();
    expect(check('apps/new/src/main.ts', '')).toHaveLength(1);
  });
});
