import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeRecord, type ClaimRecord, type NumberedRecord } from '../../src/log/record.js';
import { RecordRule, type Verdict } from '../../src/log/record-rule.js';

type AnyRecord = ClaimRecord | NumberedRecord;

const claim = (epoch: number, owner = `o${epoch}`): ClaimRecord => ({ kind: 'claim', epoch, nonce: `${owner}-${epoch}`, owner });
const turn = (epoch: number, n: number, value = 'a'): NumberedRecord => ({ kind: 'turn', epoch, n, at: 0, entityId: 'x', v: 1, events: [value] });
const judge = (rule: RecordRule, record: AnyRecord): Verdict => rule.judge(record, encodeRecord(record));
const place = ({ epoch, n, owner }: RecordRule) => ({ epoch, n, owner });

describe('L2: the record rule', () => {
  test.each<[string, AnyRecord, Verdict]>([
    ['a higher claim', claim(3), 'accepted'],
    ['a claim of the same epoch', claim(2, 'other'), 'stale'],
    ['a lower claim', claim(1), 'stale'],
    ['the next number', turn(2, 6), 'accepted'],
    ['a lower epoch', turn(1, 6), 'stale'],
    ['a known number', turn(2, 5), 'duplicate'],
    ['other bytes at a known number', turn(2, 5, 'b'), 'conflict'],
    ['a number too far', turn(2, 7), 'gap'],
    ['an epoch never claimed', turn(3, 6), 'gap'],
  ])('after epoch 2, number 5: %s', (_name, record, verdict) => {
    const rule = new RecordRule({ epoch: 1, n: 3, owner: 'o1' });
    for (const each of [claim(2), turn(2, 4), turn(2, 5)]) expect(judge(rule, each)).toBe('accepted');
    const before = place(rule);
    expect(judge(rule, record)).toBe(verdict);
    if (verdict !== 'accepted') expect(place(rule)).toEqual(before);
  });

  test('after `released` nobody owns the shard, until the next claim', () => {
    const rule = new RecordRule({ epoch: 2, n: 5, owner: 'o2' });
    expect(judge(rule, { kind: 'released', epoch: 2, n: 6, at: 0 })).toBe('accepted');
    expect(place(rule)).toEqual({ epoch: 2, n: 6, owner: '' });
    judge(rule, claim(3));
    expect(rule.owner).toBe('o3');
  });

  test('the memory for conflicts is bounded: what it has forgotten is a duplicate', () => {
    const rule = new RecordRule({ epoch: 1, n: 0, owner: 'o1' }, 4);
    for (let n = 1; n <= 10; n++) judge(rule, turn(1, n));
    expect(judge(rule, turn(1, 7, 'b'))).toBe('conflict');
    expect(judge(rule, turn(1, 6, 'b'))).toBe('duplicate');
  });

  test('numbers accepted in an earlier epoch are no conflict', () => {
    const rule = new RecordRule({ epoch: 1, n: 0, owner: 'o1' });
    judge(rule, turn(1, 1));
    judge(rule, claim(2));
    expect(judge(rule, turn(2, 1, 'b'))).toBe('duplicate');
  });
});

/** A log as one owner after another would write it, if nothing went wrong. */
const history = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }).map((lengths) => {
  let n = 0;
  return lengths.flatMap((length, index) => [claim(index + 1), ...Array.from({ length }, () => turn(index + 1, ++n, `v${n}`))]);
});

describe('L2: properties', () => {
  test('duplicates and stale records, wherever they land, change nothing', () => {
    fc.assert(
      fc.property(history, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 }), (records, copies) => {
        const noisy: { record: AnyRecord; copy: boolean }[] = records.map((record) => ({ record, copy: false }));
        for (const [which, where] of copies) {
          const from = noisy.findIndex(({ record }) => record === records[which % records.length]);
          noisy.splice(from + 1 + (where % (noisy.length - from)), 0, { record: noisy[from]!.record, copy: true });
        }
        const clean = new RecordRule();
        for (const record of records) judge(clean, record);
        const rule = new RecordRule();
        for (const { record, copy } of noisy) {
          const verdict = judge(rule, record);
          expect(copy ? ['stale', 'duplicate'] : ['accepted']).toContain(verdict);
        }
        expect(place(rule)).toEqual(place(clean));
      }),
    );
  });

  test('a record that is missing shows as a gap, and the gapped one changes nothing', () => {
    fc.assert(
      fc.property(history, fc.nat(), (records, which) => {
        const missing = which % records.length;
        const rest = records.slice(missing + 1);
        fc.pre(records[missing]!.kind === 'turn' && rest[0]?.kind === 'turn');
        const rule = new RecordRule();
        for (const record of records.slice(0, missing)) judge(rule, record);
        const before = place(rule);
        expect(judge(rule, rest[0]!)).toBe('gap');
        expect(place(rule)).toEqual(before);
      }),
    );
  });

  test('a reader that starts in the middle with the state there ends as one that read all', () => {
    fc.assert(
      fc.property(history, fc.nat(), (records, cut) => {
        const whole = new RecordRule();
        const split = cut % (records.length + 1);
        for (const record of records.slice(0, split)) judge(whole, record);
        const late = new RecordRule(whole);
        for (const record of records.slice(split)) expect(judge(late, record)).toBe(judge(whole, record));
        expect(place(late)).toEqual(place(whole));
      }),
    );
  });
});
