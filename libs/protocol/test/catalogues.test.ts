import { describe, expect, test } from '@jest/globals';
import { closeCodeEntry, closeCodes, shouldReconnect } from '../src/close-codes.js';
import { closeAfterRefusedHello, errorCodes, errorEntry } from '../src/error-codes.js';
import { defaultLimits, limitCatalogue } from '../src/limits.js';

const errors = Object.entries(errorCodes);
const closes = Object.entries(closeCodes);

describe('error codes', () => {
  test('each name stands for itself and no code is there twice', () => {
    for (const [name, entry] of errors) expect(entry.name).toBe(name);
    expect(new Set(errors.map(([, { code }]) => code)).size).toBe(errors.length);
  });

  test('these and no others', () => {
    expect(errors.map(([, { code }]) => code)).toEqual([
      100, 101, 102, 103, 104, 110, 200, 201, 202, 210, 211, 212, 213, 214, 215, 216, 217, 218, 300, 301, 302, 303, 304, 305, 306, 400, 401, 402, 403, 500, 501,
      502, 503,
    ]);
  });

  test('those that may succeed later', () => {
    expect(errors.filter(([, { retry }]) => retry).map(([, { code }]) => code)).toEqual([110, 305, 500, 501, 502, 503]);
  });

  test('what follows a refused hello', () => {
    const stays = errors.filter(([, { code }]) => closeAfterRefusedHello(code) === null).map(([, { code }]) => code);
    expect(stays).toEqual([102, 215, 216, 217]);
    const closesWith = [100, 103, 104, 200, 201, 202, 210, 211, 212, 213, 214, 218, 500, 501, 502, 503].map((code) => [code, closeAfterRefusedHello(code)]);
    expect(closesWith).toEqual([
      [100, 4500], [103, 4500], [104, 4504], [200, 4502], [201, 4006], [202, 4503], [210, 4508], [211, 4503], [212, 4509], [213, 4507], [214, 4503], [218, 4506],
      [500, 4000], [501, 4000], [502, 4000], [503, 4000],
    ]);
  });

  test('an unknown code is a mistake of ours', () => {
    expect(() => errorEntry(999)).toThrow(RangeError);
  });
});

describe('close codes', () => {
  test('each name stands for itself, no code is there twice, reasons fit a close frame', () => {
    for (const [name, entry] of closes) {
      expect(entry.name).toBe(name);
      expect(new TextEncoder().encode(entry.reason).length).toBeLessThanOrEqual(123);
      expect(closeCodeEntry(entry.code)).toBe(entry);
    }
    expect(new Set(closes.map(([, { code }]) => code)).size).toBe(closes.length);
  });

  test('these and no others', () => {
    expect(closes.map(([, { code }]) => code)).toEqual([
      1000, 1001, 1009, 1012, 1013, 4000, 4001, 4002, 4003, 4004, 4005, 4006, 4500, 4501, 4502, 4503, 4504, 4505, 4506, 4507, 4508, 4509, 4510, 4511,
    ]);
  });

  test('the range says whether to connect again, for codes of later releases too', () => {
    for (const [, { code, reconnect }] of closes) {
      expect(shouldReconnect(code)).toBe(reconnect);
      if (code >= 4000) expect(reconnect).toBe(code < 4500);
    }
    expect([4499, 4500, 4999, 1006, 1005, 1002, 3000].map(shouldReconnect)).toEqual([true, false, false, true, true, false, false]);
  });
});

test('limits: all positive integers, named with their unit', () => {
  for (const [name, { initial }] of Object.entries(limitCatalogue)) {
    expect(Number.isSafeInteger(initial) && initial > 0).toBe(true);
    expect(name).toMatch(/(Ms|MsMin|MsMax|Bytes|BytesMax|PerSecond|Percent|Max|Frames|Players|Upgrades)$/);
  }
  expect(Object.keys(defaultLimits)).toEqual(Object.keys(limitCatalogue));
  expect(defaultLimits.frameBytesMax).toBe(4096);
});
