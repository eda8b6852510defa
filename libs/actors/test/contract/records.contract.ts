/** What every document store keeps to. The fixture's clock decides what has expired. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Records } from '@ringmaster/actors';
import { bytes, noise, sameBytes, text } from './bytes.js';

export interface RecordsFixture {
  readonly records: Records;
  /** Wall clock, ms; the store sees what is set here. */
  setTime(ms: number): void;
  /** Has expired records removed now, where the store does that from time to time. */
  sweep(): Promise<void>;
  /** Closes the store and opens another one on the same data. */
  reopen(): Promise<Records>;
  dispose(): Promise<void>;
}

const NOW = 1_800_000_000_000;

export function recordsContract(name: string, makeFixture: () => Promise<RecordsFixture>): void {
  describe(`records: ${name}`, () => {
    let fixture: RecordsFixture;
    let records: Records;

    beforeEach(async () => {
      fixture = await makeFixture();
      fixture.setTime(NOW);
      records = fixture.records;
    });
    afterEach(() => fixture.dispose());

    const putAll = (keys: readonly string[]) => Promise.all(keys.map((key) => records.put(key, bytes(`value of ${key}`))));
    /** All keys with the prefix, page by page. */
    const listed = async (prefix: string, limit: number): Promise<string[]> => {
      const keys: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await records.list(prefix, cursor === undefined ? { limit } : { limit, cursor });
        expect(page.items.length).toBeLessThanOrEqual(limit);
        for (const item of page.items) {
          expect(text(item.value)).toBe(`value of ${item.key}`);
          keys.push(item.key);
        }
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return keys;
    };

    describe('get and put', () => {
      test('versions count from 1', async () => {
        expect(await records.get('k')).toBeUndefined();
        expect(await records.put('k', bytes('one'))).toBe(1);
        expect(await records.put('k', bytes('two'))).toBe(2);
        const stored = await records.get('k');
        expect(stored?.version).toBe(2);
        expect(text(stored?.value)).toBe('two');
        expect(await records.get('K')).toBeUndefined();
      });

      test('values may be empty or large', async () => {
        const large = noise(300 * 1024, 4);
        await Promise.all([records.put('empty', new Uint8Array(0)), records.put('large', large)]);
        expect((await records.get('empty'))?.value.length).toBe(0);
        expect(sameBytes((await records.get('large'))?.value, large)).toBe(true);
      });

      test('values may be larger than what a store keeps in one piece', async () => {
        const values = [noise(390 * 1024, 1), noise(1_500 * 1024, 2), noise(3_500 * 1024, 3)];
        await Promise.all(values.map((value, i) => records.put(`large/of/${i}`, value)));
        for (const [i, value] of values.entries()) expect(sameBytes((await records.get(`large/of/${i}`))?.value, value)).toBe(true);
        const { items } = await records.list('large/of/', { limit: 2 });
        expect(items.map(({ key, version, value }, i) => [key, version, sameBytes(value, values[i]!)])).toEqual([['large/of/0', 1, true], ['large/of/1', 1, true]]);
      });

      test('large and small values replace each other, under conditions too', async () => {
        const [first, second] = [noise(900 * 1024, 5), noise(800 * 1024, 6)];
        expect(await records.put('k', first, { expected: 0 })).toBe(1);
        expect(await records.put('k', second, { expected: 0 })).toBeUndefined();
        expect(await records.put('k', second, { expected: 2 })).toBeUndefined();
        expect(sameBytes((await records.get('k'))?.value, first)).toBe(true);
        expect(await records.put('k', second, { expected: 1 })).toBe(2);
        expect(sameBytes((await records.get('k'))?.value, second)).toBe(true);
        expect(await records.put('k', bytes('small'))).toBe(3);
        expect(text((await records.get('k'))?.value)).toBe('small');
        expect(await records.put('k', first)).toBe(4);
        expect(await records.delete('k', 3)).toBe(false);
        expect(await records.delete('k', 4)).toBe(true);
        expect(await records.put('k', second, { expected: 0, expiresAt: NOW + 10 })).toBe(1);
        fixture.setTime(NOW + 10);
        expect(await records.get('k')).toBeUndefined();
        expect(await records.put('k', first, { expected: 0 })).toBe(1);
        expect(sameBytes((await records.get('k'))?.value, first)).toBe(true);
      });

      test('of racing writers of large values each is read whole, or not at all', async () => {
        const values = Array.from({ length: 4 }, (_, i) => noise(500 * 1024, 20 + i));
        const reads: (Uint8Array | undefined)[] = [];
        const read = async (): Promise<void> => {
          for (let i = 0; i < 6; i += 1) reads.push((await records.get('k'))?.value);
        };
        const [versions] = await Promise.all([Promise.all(values.map((value) => records.put('k', value))), read()]);
        expect(versions.map(Number).sort()).toEqual([1, 2, 3, 4]);
        for (const found of reads) expect(found === undefined || values.some((value) => sameBytes(found, value))).toBe(true);
        expect(sameBytes((await records.get('k'))?.value, values[versions.indexOf(4)]!)).toBe(true);
      });

      test('what was read stays as it is', async () => {
        await records.put('k', bytes('one'));
        const before = await records.get('k');
        await records.put('k', bytes('two'));
        await records.get('k');
        expect(text(before?.value)).toBe('one');
      });

      test('keys of any script, and those that look like others with a part cut off', async () => {
        const keys = ['a', 'ab', 'a/b', 'a\u0000b', 'ä', 'a\u0308', '日本', '🎪', 'key with spaces', 'x'.repeat(900)];
        await putAll(keys);
        for (const key of keys) expect(text((await records.get(key))?.value)).toBe(`value of ${key}`);
      });

      test('refuses keys that it could not tell apart or could not keep', async () => {
        await expect(records.put('', bytes('v'))).rejects.toThrow(RangeError);
        await expect(records.put('half \ud83c', bytes('v'))).rejects.toThrow(RangeError);
        await expect(records.put('ä'.repeat(1_000), bytes('v'))).rejects.toThrow(RangeError);
        await expect(records.get('')).rejects.toThrow(RangeError);
      });
    });

    describe('conditions', () => {
      test('expected 0 creates, and only creates', async () => {
        expect(await records.put('k', bytes('one'), { expected: 0 })).toBe(1);
        expect(await records.put('k', bytes('two'), { expected: 0 })).toBeUndefined();
        expect(text((await records.get('k'))?.value)).toBe('one');
      });

      test('another version than expected stays as it is', async () => {
        await records.put('k', bytes('one'));
        expect(await records.put('k', bytes('x'), { expected: 2 })).toBeUndefined();
        expect(await records.put('none', bytes('x'), { expected: 1 })).toBeUndefined();
        expect(await records.put('k', bytes('two'), { expected: 1 })).toBe(2);
        expect(await records.get('none')).toBeUndefined();
        expect(text((await records.get('k'))?.value)).toBe('two');
      });

      test('of racing writers with one expectation one wins', async () => {
        const created = await Promise.all(Array.from({ length: 20 }, (_, i) => records.put('k', bytes(String(i)), { expected: 0 })));
        expect(created.filter((version) => version !== undefined)).toEqual([1]);
        expect(text((await records.get('k'))?.value)).toBe(String(created.indexOf(1)));
        const changed = await Promise.all(Array.from({ length: 20 }, (_, i) => records.put('k', bytes(`b${String(i)}`), { expected: 1 })));
        expect(changed.filter((version) => version !== undefined)).toEqual([2]);
        expect(text((await records.get('k'))?.value)).toBe(`b${String(changed.indexOf(2))}`);
      });

      test('racing writers without an expectation each get a version of their own', async () => {
        const versions = await Promise.all(Array.from({ length: 20 }, (_, i) => records.put('k', bytes(String(i)))));
        expect(versions.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
        expect(text((await records.get('k'))?.value)).toBe(String(versions.indexOf(20)));
      });

      test('counting up by reading and writing loses nothing', async () => {
        await records.put('count', bytes('0'));
        const add = async (): Promise<void> => {
          for (;;) {
            const { value, version } = (await records.get('count'))!;
            const next = bytes(String(Number(text(value)) + 1));
            if ((await records.put('count', next, { expected: version })) !== undefined) return;
          }
        };
        await Promise.all(Array.from({ length: 8 }, add));
        expect(text((await records.get('count'))?.value)).toBe('8');
      });
    });

    describe('delete', () => {
      test('removes; the next write is the first again', async () => {
        await records.put('k', bytes('one'));
        await records.put('k', bytes('two'));
        expect(await records.delete('k')).toBe(true);
        expect(await records.get('k')).toBeUndefined();
        expect(await records.put('k', bytes('new'), { expected: 0 })).toBe(1);
      });

      test('of a key that is not there succeeds, unless one was expected', async () => {
        expect(await records.delete('none')).toBe(true);
        expect(await records.delete('none', 0)).toBe(true);
        expect(await records.delete('none', 1)).toBe(false);
      });

      test('with another version than expected changes nothing', async () => {
        await records.put('k', bytes('one'));
        expect(await records.delete('k', 2)).toBe(false);
        expect(text((await records.get('k'))?.value)).toBe('one');
        expect(await records.delete('k', 1)).toBe(true);
        expect(await records.get('k')).toBeUndefined();
      });

      test('racing with a write of the same expectation: one of the two happens', async () => {
        await records.put('k', bytes('one'));
        const [deleted, version] = await Promise.all([records.delete('k', 1), records.put('k', bytes('two'), { expected: 1 })]);
        expect([deleted, version]).toEqual(deleted ? [true, undefined] : [false, 2]);
        expect((await records.get('k')) === undefined).toBe(deleted);
      });
    });

    describe('expiry', () => {
      test('at its time a record is gone for get, list and conditions', async () => {
        await records.put('k', bytes('value of k'), { expiresAt: NOW + 1_000 });
        fixture.setTime(NOW + 999);
        expect(text((await records.get('k'))?.value)).toBe('value of k');
        expect(await listed('', 10)).toEqual(['k']);
        fixture.setTime(NOW + 1_000);
        expect(await records.get('k')).toBeUndefined();
        expect(await listed('', 10)).toEqual([]);
        expect(await records.put('k', bytes('x'), { expected: 1 })).toBeUndefined();
        expect(await records.delete('k', 1)).toBe(false);
        expect(await records.put('k', bytes('value of k'), { expected: 0 })).toBe(1);
        expect(await listed('', 10)).toEqual(['k']);
      });

      test('a later write decides anew: longer, shorter, or never', async () => {
        await records.put('longer', bytes('v'), { expiresAt: NOW + 10 });
        await records.put('longer', bytes('v'), { expiresAt: NOW + 1_000 });
        await records.put('shorter', bytes('v'), { expiresAt: NOW + 1_000 });
        await records.put('shorter', bytes('v'), { expiresAt: NOW + 10 });
        await records.put('never', bytes('v'), { expiresAt: NOW + 10 });
        await records.put('never', bytes('v'));
        fixture.setTime(NOW + 500);
        await fixture.sweep();
        expect((await records.get('longer'))?.version).toBe(2);
        expect(await records.get('shorter')).toBeUndefined();
        expect((await records.get('never'))?.version).toBe(2);
      });

      test('sweeping takes what has expired, and nothing else', async () => {
        const keys = Array.from({ length: 600 }, (_, i) => `k${String(i).padStart(3, '0')}`);
        await Promise.all(keys.map((key, i) => records.put(key, bytes(`value of ${key}`), { expiresAt: NOW + (i % 2 === 0 ? 10 : 1_000) })));
        fixture.setTime(NOW + 10);
        await fixture.sweep();
        expect(await listed('', 100)).toEqual(keys.filter((_, i) => i % 2 === 1));
        fixture.setTime(NOW + 1_000);
        await fixture.sweep();
        expect(await listed('', 100)).toEqual([]);
      });
    });

    describe('list', () => {
      test.each(['quiz', 'quiz/owner', 'a/b/c'])('keys with the prefix %s/, in the order of code points, in pages of any size', async (at) => {
        const keys = ['/1', '/10', '/2', '', '/', 'z', '0', '/\u00e4', '/\u{1f3aa}', '/\uffee', '/1/x', '/10/x/y'].map((end) => at + end);
        await putAll([...keys, 'deck/1', 'r', 'quizzes/1/2', 'a/b']);
        const inOrder = ['/', '/1', '/1/x', '/10', '/10/x/y', '/2', '/\u00e4', '/\uffee', '/\u{1f3aa}'].map((end) => at + end);
        for (const limit of [1, 2, 3, 8, 9, 10, 100]) expect(await listed(`${at}/`, limit)).toEqual(inOrder);
        expect(await listed(`${at}/1`, 2)).toEqual(['/1', '/1/x', '/10', '/10/x/y'].map((end) => at + end));
      });

      test.each(['k', 'of/one/k'])('a cursor outside of the prefix %s lies before all of it, or behind', async (prefix) => {
        await putAll([`${prefix}1`, `${prefix}2`]);
        expect((await records.list(prefix, { limit: 5, cursor: 'a' })).items.map(({ key }) => key)).toEqual([`${prefix}1`, `${prefix}2`]);
        expect((await records.list(prefix, { limit: 5, cursor: 'z' })).items).toEqual([]);
      });

      test('all that a page may hold, however large it is', async () => {
        const keys = Array.from({ length: 12 }, (_, i) => `large/of/${10 + i}`);
        await Promise.all(keys.map((key, i) => records.put(key, noise(200_000, i))));
        for (const prefix of ['large/of/', 'large/']) {
          const page = await records.list(prefix, { limit: 12 });
          expect(page.items.map(({ key, value }, i) => [key, sameBytes(value, noise(200_000, i))])).toEqual(keys.map((key) => [key, true]));
          expect(page.nextCursor).toBeUndefined();
        }
      });

      test('a prefix that is a key itself, and the empty one', async () => {
        await putAll(['a', 'aa', 'ab', 'b']);
        expect(await listed('a', 10)).toEqual(['a', 'aa', 'ab']);
        expect(await listed('', 3)).toEqual(['a', 'aa', 'ab', 'b']);
        expect(await listed('c', 3)).toEqual([]);
      });

      test('the last character of a prefix may be the highest there is', async () => {
        await putAll(['\u{10ffff}', '\u{10ffff}a', '\u{10fffe}', '\u007f', '\u007fa', '\u0080']);
        expect(await listed('\u{10ffff}', 10)).toEqual(['\u{10ffff}', '\u{10ffff}a']);
        expect(await listed('\u007f', 10)).toEqual(['\u007f', '\u007fa']);
      });

      test('a full last page has no cursor behind it', async () => {
        await putAll(['a1', 'a2', 'b']);
        const page = await records.list('a', { limit: 2 });
        expect(page.items.map(({ key }) => key)).toEqual(['a1', 'a2']);
        expect(page.nextCursor).toBeUndefined();
        expect(page.items.map(({ version }) => version)).toEqual([1, 1]);
      });

      test.each(['', 'list/of/'])('pages of "%s" go on behind a key that was deleted, and leave out what has expired', async (at) => {
        await putAll(['a', 'b', 'd'].map((key) => at + key));
        await records.put(`${at}c`, bytes('value of c'), { expiresAt: NOW + 10 });
        const { nextCursor } = await records.list(at, { limit: 2 });
        await records.delete(`${at}b`);
        fixture.setTime(NOW + 10);
        const rest = await records.list(at, { limit: 2, cursor: nextCursor! });
        expect(rest.items.map(({ key }) => key)).toEqual([`${at}d`]);
        expect(rest.nextCursor).toBeUndefined();
      });
    });

    test('everything is there after opening again', async () => {
      await records.put('k', bytes('one'));
      await records.put('k', bytes('value of k'));
      await records.put('gone', bytes('v'), { expiresAt: NOW + 10 });
      records = await fixture.reopen();
      fixture.setTime(NOW + 10);
      expect((await records.get('k'))?.version).toBe(2);
      expect(await records.get('gone')).toBeUndefined();
      expect(await listed('', 10)).toEqual(['k']);
      expect(await records.put('k', bytes('three'), { expected: 2 })).toBe(3);
    });
  });
}
