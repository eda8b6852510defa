import { describe, expect, test } from '@jest/globals';
import { decoratorsOf, environmentReadsOf, impuritiesOf } from './purity.js';
import { productSources } from './sources.js';

const product = productSources();
const isQuiz = (path: string) => path.startsWith('apps/quiz-node/src/quiz/');
const isCore = (path: string) =>
  path.startsWith('apps/quiz-node/src/session/') ||
  (path.startsWith('libs/actors/src/') && !path.startsWith('libs/actors/src/adapters/')) ||
  (path.startsWith('apps/router/src/') && !/^apps\/router\/src\/((edge|http|ops)\/|(main|config|[^/]+\.module)\.ts$)/.test(path));

describe('time, timers, randomness and the environment come in through ports', () => {
  test('the quiz is pure and synchronous', () => {
    const quiz = product.filter((source) => isQuiz(source.path));
    expect(quiz.length).toBeGreaterThan(0);
    expect(quiz.flatMap((source) => impuritiesOf(source, { synchronous: true }))).toEqual([]);
  });

  test('actor runtime, session and router core are deterministic', () => {
    const cores = product.filter((source) => isCore(source.path));
    expect(cores.length).toBeGreaterThan(0);
    expect(cores.flatMap((source) => impuritiesOf(source, { synchronous: false }))).toEqual([]);
  });

  test('only a config.ts reads the environment', () => {
    const others = product.filter((source) => !source.path.endsWith('/config.ts'));
    expect(others.flatMap(environmentReadsOf)).toEqual([]);
  });

  test('decorators stand in modules, gateways and controllers alone', () => {
    const others = product.filter((source) => !/\.(module|gateway|controller)\.ts$/.test(source.path));
    expect(others.flatMap(decoratorsOf)).toEqual([]);
  });
});

describe('the purity check itself', () => {
  const loose = (text: string) => impuritiesOf({ path: 'a.ts', text: `\n${text}` }, { synchronous: false });
  const strict = (text: string) => impuritiesOf({ path: 'a.ts', text: `\n${text}` }, { synchronous: true });

  test.each([
    'const t = Date.now();',
    'const t = new Date();',
    'const now = Date.now;',
    'const { now } = Date;',
    'const clock = Date;',
    'f({ clock: Date });',
    "const t = Date['now']();",
    'const t = Date();',
    'const r = Math.random();',
    'const m = Math;',
    'setTimeout(f, 1);',
    'const later = setInterval;',
    'f({ setTimeout });',
    'setImmediate(f);',
    'const t = performance.now();',
    'const e = process.env;',
    'const e = globalThis.process;',
    'const id = crypto.randomUUID();',
    'console.log(1);',
  ])('finds %s', (text) => {
    expect(loose(text)).toHaveLength(1);
    expect(loose(text)[0]).toMatch(/^a\.ts:2: /);
  });

  test.each([
    'const t = clock.now(); timers.setTimeout(f, 1); random.random();',
    'const t = new Date(at).toISOString(); const u = Date.UTC(2020, 1);',
    '// Date.now() and setTimeout in a comment\nconst s = "Math.random()";',
    'interface Timers { setTimeout(f: () => void): void; readonly performance: number; now: Date }',
    'const t = { setTimeout: f, Date: 1 }; const x = Math.floor(2.5); const d = y instanceof Date;',
    'export async function f(): Promise<void> { await g(); }',
  ])('leaves alone %s', (text) => {
    expect(loose(text)).toEqual([]);
  });

  test.each(['async function f() {}', 'const f = async () => 1;', 'type T = Promise<void>;', '@Sealed() class A {}', 'export const p = Promise.resolve();', 'queueMicrotask(f);'])(
    'finds in the synchronous quiz %s',
    (text) => expect(strict(text)).toHaveLength(1),
  );

  test('environment and decorators are found with their lines', () => {
    expect(environmentReadsOf({ path: 'a.ts', text: '\nf(process.env.PORT, process\n  .env);' })).toEqual(['a.ts:2: process.env', 'a.ts:2: process.env']);
    expect(environmentReadsOf({ path: 'apps/x/src/main.ts', text: 'f(process.env); spawn(x, { env: { ...process.env } });' })).toEqual([]);
    expect(environmentReadsOf({ path: 'apps/x/src/main.ts', text: "f(process.env['A'], process.env.B); const { C } = process.env;" })).toHaveLength(3);
    expect(decoratorsOf({ path: 'a.ts', text: 'class A { constructor(@Inject() a: B) {} }' })).toEqual(['a.ts:1: a decorator']);
  });
});
