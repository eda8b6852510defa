import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { closeCodes } from '../../src/close-codes.js';
import { errorCodes } from '../../src/error-codes.js';
import { decodeClientFrame } from '../../src/player/codec.js';
import { serverFrameSchema, serverMessages, type ServerType } from '../../src/player/server-messages.js';
import { clientTypes } from '../../src/player/client-messages.js';
import { sections } from './catalogue-sections.js';

/** `UPDATE_DOCS=1` writes the sections anew before they are compared. */
const path = new URL('../../../../docs/protocol.md', import.meta.url);
const mark = (name: string) => new RegExp(`(<!-- catalogue: ${name} -->\n)([^]*?)(\n<!-- end -->)`);
const original = readFileSync(path, 'utf8');
if (process.env['UPDATE_DOCS'] === '1') {
  writeFileSync(path, Object.entries(sections).reduce((text, [name, render]) => text.replace(mark(name), (_all, open: string, _old, end: string) => open + render() + end), original));
}
const document = readFileSync(path, 'utf8');

test.each(Object.keys(sections))('section %s is what the catalogue says (else run with UPDATE_DOCS=1)', (name) => {
  expect(mark(name).exec(document)?.[2]).toBe(sections[name]?.());
});

describe('the document names', () => {
  test.each([...clientTypes, ...Object.keys(serverMessages)])('%s', (t) => {
    expect(document).toContain(`| \`${t}\` |`);
  });

  test.each([...Object.values(errorCodes), ...Object.values(closeCodes)])('$code $name', ({ code, name }) => {
    expect(document).toContain(`| ${code} | ${name} |`);
  });
});

describe('the transcript', () => {
  const transcript = /<!-- transcript: begin -->\n([^]*?)<!-- transcript: end -->/.exec(document)?.[1] ?? '';
  const lines = (prompt: string): string[] => transcript.split('\n').filter((line) => line.startsWith(`${prompt} {`)).map((line) => line.slice(2));

  test('has both sides', () => {
    expect(lines('>').length).toBeGreaterThan(4);
    expect(lines('<').length).toBeGreaterThan(8);
  });

  test.each(lines('>'))('> %s', (line) => {
    expect(decodeClientFrame(new TextEncoder().encode(line))).toMatchObject({ ok: true });
  });

  test.each(lines('<'))('< %s', (line) => {
    const frame = JSON.parse(line) as { t: ServerType };
    const fits = serverMessages[frame.t].streams.some((stream) => serverFrameSchema(frame.t, stream).safeParse(frame).success);
    expect(fits).toBe(true);
  });
});
