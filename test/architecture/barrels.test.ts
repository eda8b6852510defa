import { describe, expect, test } from '@jest/globals';
import { barrelsOf, defaultExportsOf, emptyNamesOf } from './shape.js';
import { sourcesIn } from './sources.js';

const sources = sourcesIn(['apps', 'libs', 'test', 'bench']).filter((source) => !source.path.endsWith('.d.ts'));

describe('layout and names', () => {
  test('the two libraries have an index; nothing else is a barrel', () => {
    const indexes = sources.map((source) => source.path).filter((path) => path.endsWith('/index.ts'));
    expect(indexes).toEqual(['libs/actors/src/index.ts', 'libs/protocol/src/index.ts']);
    expect(sources.flatMap(barrelsOf)).toEqual([]);
  });

  test('no default exports', () => {
    expect(sources.flatMap(defaultExportsOf)).toEqual([]);
  });

  test('no names that say nothing, no base classes', () => {
    expect(sources.flatMap(emptyNamesOf)).toEqual([]);
  });
});

describe('the checks themselves', () => {
  const at = (path: string, text: string) => ({ path, text });

  test('barrels', () => {
    expect(barrelsOf(at('libs/actors/src/index.ts', `export { a } from './a.js';`))).toEqual([]);
    expect(barrelsOf(at('libs/actors/src/index.ts', `\nexport * from './a.js';`))).toEqual(['libs/actors/src/index.ts:2: export * hides the names']);
    expect(barrelsOf(at('libs/actors/src/index.ts', `export * as a from './a.js';`))).toHaveLength(1);
    expect(barrelsOf(at('libs/actors/src/shard/index.ts', `export const a = 1;`))).toEqual(['libs/actors/src/shard/index.ts:1: only a library has an index']);
    expect(barrelsOf(at('libs/actors/src/all.ts', `export { a } from './a.js'; export type { B } from './b.js';`))).toHaveLength(1);
    expect(barrelsOf(at('libs/actors/src/all.ts', `export { a } from './a.js'; export const b = 1;`))).toEqual([]);
  });

  test('default exports', () => {
    const forms = ['export default 1;', 'export default class A {}', 'export default function f() {}', 'const a = 1; export { a as default };', `export { default } from './a.js';`];
    for (const text of forms) expect(defaultExportsOf(at('a.ts', text))).toEqual(['a.ts:1: default export']);
    expect(defaultExportsOf(at('a.ts', `export const a = 1; import b from 'b'; switch (a) { default: b(); }`))).toEqual([]);
  });

  test('names', () => {
    for (const text of ['class SessionManager {}', 'interface QuizService {}', 'type RingImpl = 1;', 'function dateHelper() {}', 'const commonLimits = 1;', 'abstract class Actor {}']) {
      expect(emptyNamesOf(at('a.ts', `\n${text}`))).toHaveLength(1);
    }
    for (const path of ['x/string-utils.ts', 'x/utils.ts', 'x/session.service.ts', 'x/base-actor.test.ts', 'x/helpers.ts']) expect(emptyNamesOf(at(path, ''))).toHaveLength(1);
    expect(emptyNamesOf(at('x/database.ts', `class Baseline {} const x = f(baseUrl); import { LoggerService } from 'n'; class Utility {}`))).toEqual([]);
  });
});
