import { describe, expect, test } from '@jest/globals';
import { decodeHeader, decodeRecord, encodeRecord, encodeTurn, type LogRecord } from '../../src/log/record.js';

const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const codeOf = (fn: () => unknown): string => {
  try {
    fn();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

describe('L1: records', () => {
  const records: LogRecord[] = [
    { kind: 'claim', epoch: 3, nonce: 'ab', owner: 'node/boot' },
    { kind: 'turn', epoch: 3, n: 7, at: 12, entityId: 'ü"x', v: 1, events: [{ a: 1 }, { b: ['ß'] }] },
    { kind: 'fence', epoch: 3, n: 8, at: 12 },
    { kind: 'released', epoch: 3, n: 9, at: 13 },
  ];

  test.each(records)('a $kind reads as it was written', (record) => {
    expect(decodeRecord(encodeRecord(record))).toMatchObject(record);
  });

  test.each(records)('the header of a $kind is what the whole record says', (record) => {
    const { kind, epoch } = record;
    const header = record.kind === 'claim' ? record : { kind, epoch, n: record.n, at: record.at };
    expect(decodeHeader(encodeRecord(record))).toMatchObject(header);
    expect(decodeHeader(new Uint8Array(encodeRecord(record)))).toMatchObject(header);
  });

  test('a numbered record that is written in another order of fields has its header too', () => {
    expect(decodeHeader(bytes({ kind: 'fence', n: 3, f: 1, at: 4, epoch: 2 }))).toMatchObject({ kind: 'fence', epoch: 2, n: 3, at: 4 });
  });

  test.each([
    '{"f":1,"kind":"fence","epoch":1,"n":2,"at":3.5}',
    '{"f":1,"kind":"fence","epoch":1,"n":2,"at":1e3}',
    '{"f":1,"kind":"fence","epoch":-1,"n":2,"at":3}',
    '{"f":1,"kind":"fence","epoch":,"n":2,"at":3}',
    '{"f":1,"kind":"fence","epoch":1,"n":12345678901234567890,"at":3}',
    '{"f":1,"kind":"fence","epoch":1,"n":2,"at":3',
    '{"f":1,"kind":"fen',
  ])('a header that is not as we write it is left to the parser: %s', (text) => {
    const outcome = (fn: () => unknown): unknown => {
      try {
        return fn();
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(outcome(() => decodeHeader(bytes(text)))).toEqual(outcome(() => decodeRecord(bytes(text))));
  });

  test('a turn written on the hot path has the same bytes', () => {
    const turn = records[1] as Extract<LogRecord, { kind: 'turn' }>;
    const hot = encodeTurn(turn.epoch, turn.n, turn.at, turn.entityId, turn.v, JSON.stringify(turn.events));
    expect(Buffer.compare(hot, encodeRecord(turn))).toBe(0);
  });

  test.each([
    ['no JSON', 'nonsense', 'JOURNAL_CORRUPT'],
    ['no object', '7', 'JOURNAL_CORRUPT'],
    ['null', 'null', 'JOURNAL_CORRUPT'],
    ['a later format', { f: 2, kind: 'fence', epoch: 1, n: 1, at: 1 }, 'UNKNOWN_EVENT'],
    ['an unknown kind', { f: 1, kind: 'vote', epoch: 1, n: 1, at: 1 }, 'UNKNOWN_EVENT'],
    ['a turn without events', { f: 1, kind: 'turn', epoch: 1, n: 1, at: 1, entityId: 'x', v: 1 }, 'JOURNAL_CORRUPT'],
    ['a negative number', { f: 1, kind: 'fence', epoch: 1, n: -1, at: 1 }, 'JOURNAL_CORRUPT'],
    ['a claim without nonce', { f: 1, kind: 'claim', epoch: 1, owner: 'a' }, 'JOURNAL_CORRUPT'],
  ])('%s halts by name', (_name, raw, code) => {
    expect(codeOf(() => decodeRecord(bytes(raw)))).toBe(code);
  });
});
