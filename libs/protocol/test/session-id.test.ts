import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SESSION_ID_ALPHABET, formatSessionId, normaliseSessionId, sessionIdFromRandom } from '../src/session-id.js';

const canonicalId = fc.string({ unit: fc.constantFrom(...SESSION_ID_ALPHABET), minLength: 8, maxLength: 8 });

describe('normaliseSessionId', () => {
  test.each([
    ['7K3M9QRT', '7K3M9QRT'],
    ['7k3m-9qrt', '7K3M9QRT'],
    [' 7 K 3 M - 9 q r t ', '7K3M9QRT'],
    ['oO0iIlL1', '00011111'],
  ])('%j is %s', (typed, id) => {
    expect(normaliseSessionId(typed)).toBe(id);
  });

  test.each(['', '--------', '7K3M9QR', '7K3M9QRTX', '7K3M9QRU', '7K3M9QR!', '7K3M_9QRT', '7K3M\t9QRT', 'ı0000000', 'ſ0000000', '７K3M9QRT', '7K3M9QR\u0000'])('%j is none', (typed) => {
    expect(normaliseSessionId(typed)).toBeNull();
  });

  test('is total, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), canonicalId), (typed) => {
        const id = normaliseSessionId(typed);
        if (id !== null) {
          expect(id).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
          expect(normaliseSessionId(id)).toBe(id);
        }
      }),
    );
  });

  test('reads what formatSessionId shows, in either case', () => {
    fc.assert(
      fc.property(canonicalId, (id) => {
        expect(formatSessionId(id)).toMatch(/^.{4}-.{4}$/);
        expect(normaliseSessionId(formatSessionId(id))).toBe(id);
        expect(normaliseSessionId(formatSessionId(id).toLowerCase())).toBe(id);
      }),
    );
  });
});

describe('sessionIdFromRandom', () => {
  test('is the 40 bits in base 32, most significant first', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 5 }), (bytes) => {
        const id = sessionIdFromRandom(bytes);
        expect(normaliseSessionId(id)).toBe(id);
        const asNumber = bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
        const fromId = [...id].reduce((value, symbol) => value * 32n + BigInt(SESSION_ID_ALPHABET.indexOf(symbol)), 0n);
        expect(fromId).toBe(asNumber);
      }),
    );
  });

  test.each([0, 4, 6])('refuses %i bytes', (length) => {
    expect(() => sessionIdFromRandom(new Uint8Array(length))).toThrow(RangeError);
  });
});
