import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keptUtf8, utf8 } from '../src/utf8.js';

describe('UTF-8', () => {
  test('both ways give the same bytes, halves of surrogate pairs included', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect([...utf8(text)]).toEqual([...keptUtf8(text)])));
    expect([...utf8('a\ud800')]).toEqual([0x61, 0xef, 0xbf, 0xbd]);
  });

  test('bytes that are kept have memory of their own', () => {
    const bytes = keptUtf8('kept');
    expect(bytes.buffer.byteLength).toBe(bytes.length);
  });
});
