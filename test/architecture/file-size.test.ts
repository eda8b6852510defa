import { describe, expect, test } from '@jest/globals';
import { sourcesIn, type Source } from './sources.js';

const linesMax = 400;

/** Files that are longer than the limit, with the lines that they may have. The list may only shrink. */
const longer: Readonly<Record<string, number>> = {};

function lines(source: Source): number {
  return source.text.split('\n').length - (source.text.endsWith('\n') ? 1 : 0);
}

function complaints(sources: readonly Source[], allowed: Readonly<Record<string, number>>): string[] {
  const tooLong = sources
    .filter((source) => lines(source) > (allowed[source.path] ?? linesMax))
    .map((source) => `${source.path}: ${lines(source)} lines, ${allowed[source.path] ?? linesMax} allowed`);
  const stale = Object.entries(allowed).flatMap(([path, most]) => {
    const source = sources.find((candidate) => candidate.path === path);
    if (!source || lines(source) <= linesMax) return [`${path}: take it off the list`];
    return lines(source) < most ? [`${path}: lower its number to ${lines(source)}`] : [];
  });
  return [...tooLong, ...stale];
}

describe('length of files', () => {
  test(`no file has more than ${linesMax} lines`, () => {
    const sources = sourcesIn(['apps', 'libs', 'test', 'bench', 'scripts'], ['.ts', '.js', '.mjs']);
    expect(sources.length).toBeGreaterThan(0);
    expect(complaints(sources, longer)).toEqual([]);
  });

  test('the check finds what is too long and what the list should not hold any more', () => {
    const file = (path: string, count: number): Source => ({ path, text: 'x\n'.repeat(count) });
    expect(complaints([file('a.ts', 400)], {})).toEqual([]);
    expect(complaints([file('a.ts', 401)], {})).toEqual(['a.ts: 401 lines, 400 allowed']);
    expect(complaints([file('a.ts', 500)], { 'a.ts': 500 })).toEqual([]);
    expect(complaints([file('a.ts', 501)], { 'a.ts': 500 })).toEqual(['a.ts: 501 lines, 500 allowed']);
    expect(complaints([file('a.ts', 450)], { 'a.ts': 500 })).toEqual(['a.ts: lower its number to 450']);
    expect(complaints([file('a.ts', 30)], { 'a.ts': 500, 'gone.ts': 500 })).toEqual(['a.ts: take it off the list', 'gone.ts: take it off the list']);
  });
});
