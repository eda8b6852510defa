/** docs/rest.md and docs/import-formats.md say what the server does: their tables are compared, their examples are sent. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { importQuiz, type ImportFormat } from '../../../src/http/formats/import-quiz.js';
import { startNode, type TestNode } from '../node.js';
import { sections } from './rest-sections.js';

const restPath = new URL('../../../../../docs/rest.md', import.meta.url);
const formats = readFileSync(new URL('../../../../../docs/import-formats.md', import.meta.url), 'utf8');
const mark = (name: string): RegExp => new RegExp(`(<!-- catalogue: ${name} -->\n)([^]*?)\n?(<!-- end -->)`);

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
  // `UPDATE_DOCS=1` writes the sections anew before they are compared.
  if (process.env['UPDATE_DOCS'] !== '1') return;
  const written = Object.entries(sections).reduce((text, [name, render]) => text.replace(mark(name), (_all, open: string, _old, end: string) => `${open}${render(node.rest.routes)}\n${end}`), readFileSync(restPath, 'utf8'));
  writeFileSync(restPath, written);
});
afterAll(() => node.stop());

test.each(Object.keys(sections))('section %s is what the server uses (else run with UPDATE_DOCS=1)', (name) => {
  expect(mark(name).exec(readFileSync(restPath, 'utf8'))?.[2]).toBe(sections[name]?.(node.rest.routes));
});

test('the transcript happens as it is written', async () => {
  const transcript = /<!-- transcript: begin -->\n```\n([^]*?)```/.exec(readFileSync(restPath, 'utf8'))?.[1] ?? '';
  const lines = transcript.trim().split('\n');
  const known: Record<string, string> = {};
  expect(lines.length).toBeGreaterThan(20);
  for (let at = 0; at < lines.length; at += 2) {
    const [, method = '', path = '', body] = /^> (\w+) (\S+)(?: (.*))?$/.exec(fill(lines[at] ?? '', known)) ?? [];
    const [, status, expected = ''] = /^< (\d+) (.*)$/.exec(lines[at + 1] ?? '') ?? [];
    const answer = await node.ask(method, path, body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } });
    expect([lines[at], answer.status, answer.json]).toEqual([lines[at], Number(status), expect.objectContaining(JSON.parse(expected))]);
    for (const name of ['quizId', 'sessionId']) if (typeof answer.json[name] === 'string') known[name] = answer.json[name];
  }
});

const fill = (line: string, known: Readonly<Record<string, string>>): string => line.replace(/\{(quizId|sessionId)\}/g, (_all, name: string) => known[name] ?? '');

test.each<ImportFormat>(['csv', 'opentdb', 'json'])('the example of %s is accepted, every row of it', (format) => {
  const example = new RegExp(`<!-- example: ${format} -->\n\`\`\`\\w+\n([^]*?)\`\`\``).exec(formats)?.[1] ?? '';
  const report = importQuiz(format, example);
  expect(report).toMatchObject({ refused: 0 });
  expect(report.accepted + report.fixed).toBeGreaterThan(1);
});
