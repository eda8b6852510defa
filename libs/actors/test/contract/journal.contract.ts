/** What every journal keeps to. Offsets are compared with each other only: where a fresh log begins is the adapter's. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Journal, JournalRecord } from '@ringmaster/actors';
import { bytes, noise, sameBytes, text } from './bytes.js';

export interface JournalFixture {
  readonly journal: Journal;
  /** Closes the journal and opens another one on the same data. */
  reopen(): Promise<Journal>;
  dispose(): Promise<void>;
}

/** Shards that the journal under test has at least. */
export const SHARDS_MIN = 16;

const MANY = 1_000_000_000;

export function journalContract(name: string, makeFixture: () => Promise<JournalFixture>): void {
  describe(`journal: ${name}`, () => {
    let fixture: JournalFixture;
    let journal: Journal;

    beforeEach(async () => {
      fixture = await makeFixture();
      journal = fixture.journal;
    });
    afterEach(() => fixture.dispose());

    const range = async (shard: number) => (await journal.ends([shard])).get(shard)!;
    const all = async (shard: number): Promise<JournalRecord[]> => {
      const records: JournalRecord[] = [];
      let { start: next, end } = await range(shard);
      while (next < end) {
        const page = await journal.read(shard, next, 4096);
        expect(page.records.length).toBeGreaterThan(0);
        records.push(...page.records);
        next = page.records.at(-1)!.offset + 1;
        end = page.end;
      }
      return records;
    };
    const words = async (shard: number) => (await all(shard)).map((record) => text(record.bytes));
    const expectDense = (records: readonly JournalRecord[]) => {
      expect(records.map(({ offset }) => offset)).toEqual(records.map((_, i) => records[0]!.offset + i));
    };

    describe('append', () => {
      test('returns the offset of the first record, and the records lie behind each other', async () => {
        const first = await journal.append(0, [bytes('a'), bytes('b'), bytes('c')]);
        const second = await journal.append(0, [bytes('d')]);
        expect(second).toBe(first + 3);
        const records = await all(0);
        expect(records.map(({ offset }) => offset)).toEqual([first, first + 1, first + 2, first + 3]);
        expect(await words(0)).toEqual(['a', 'b', 'c', 'd']);
      });

      test('shards have logs of their own', async () => {
        await Promise.all([journal.append(0, [bytes('a0')]), journal.append(1, [bytes('b0'), bytes('b1')]), journal.append(2, [bytes('c0')])]);
        await journal.append(1, [bytes('b2')]);
        expect(await words(0)).toEqual(['a0']);
        expect(await words(1)).toEqual(['b0', 'b1', 'b2']);
        expect(await words(2)).toEqual(['c0']);
        expect(await words(3)).toEqual([]);
      });

      test('what is acknowledged is there to be read at once', async () => {
        for (let i = 0; i < 20; i += 1) {
          const offset = await journal.append(0, [bytes(`r${String(i)}`)]);
          const [record] = (await journal.read(0, offset, MANY)).records;
          expect(text(record?.bytes)).toBe(`r${String(i)}`);
          expect((await range(0)).end).toBe(offset + 1);
        }
      });

      test('keeps the bytes, whatever they are', async () => {
        const strange = [new Uint8Array(0), new Uint8Array(1), Uint8Array.from({ length: 256 }, (_, i) => i), noise(5_000, 1)];
        await journal.append(0, strange);
        const stored = await all(0);
        expect(stored).toHaveLength(strange.length);
        stored.forEach((record, i) => {
          expect(sameBytes(record.bytes, strange[i]!)).toBe(true);
        });
      });

      test('keeps large records and large batches', async () => {
        const large = [noise(256 * 1024, 1), noise(255 * 1024, 2)];
        const many = Array.from({ length: 4_096 }, (_, i) => noise(100, i));
        await Promise.all([journal.append(0, large), journal.append(1, many)]);
        const stored = [await all(0), await all(1)];
        expect(stored.map(({ length }) => length)).toEqual([2, 4_096]);
        expect(stored[0]!.every((record, i) => sameBytes(record.bytes, large[i]!))).toBe(true);
        expect(stored[1]!.every((record, i) => sameBytes(record.bytes, many[i]!))).toBe(true);
        expectDense(stored[1]!);
      });

      test('does not look at the caller\'s memory after it has answered', async () => {
        const memory = bytes('before');
        await journal.append(0, [memory]);
        memory.fill(0);
        expect(await words(0)).toEqual(['before']);
      });

      test('racing appends lie one behind the other: no hole, no double, none torn apart', async () => {
        const batches = Array.from({ length: 200 }, (_, i) => Array.from({ length: 1 + (i % 7) }, (_unused, k) => bytes(`${String(i)}.${String(k)}`)));
        const offsets = await Promise.all(batches.map((batch, i) => journal.append(i % 3, batch)));
        for (const shard of [0, 1, 2]) {
          const records = await all(shard);
          expectDense(records);
          const mine = batches.map((batch, i) => ({ batch, offset: offsets[i]! })).filter((_, i) => i % 3 === shard);
          expect(records).toHaveLength(mine.reduce((sum, { batch }) => sum + batch.length, 0));
          const start = records[0]!.offset;
          for (const { batch, offset } of mine) {
            const placed = records.slice(offset - start, offset - start + batch.length);
            expect(placed.map((record) => text(record.bytes))).toEqual(batch.map(text));
          }
        }
      });

      test('appends of one shard that are made in order are stored in order', async () => {
        await Promise.all(Array.from({ length: 100 }, (_, i) => journal.append(0, [bytes(String(i))])));
        expect(await words(0)).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
      });
    });

    describe('read', () => {
      test('an empty log has no records, and ends where it starts', async () => {
        const { start, end } = await range(5);
        expect(end).toBe(start);
        expect(await journal.read(5, start, MANY)).toEqual({ records: [], start, end });
      });

      test('begins at the given offset, and finds nothing at the end', async () => {
        const first = await journal.append(0, ['a', 'b', 'c'].map(bytes));
        const page = await journal.read(0, first + 1, MANY);
        expect(page.records.map((record) => text(record.bytes))).toEqual(['b', 'c']);
        expect(page).toMatchObject({ start: first, end: first + 3 });
        expect((await journal.read(0, first + 3, MANY)).records).toEqual([]);
        expect((await journal.read(0, first + 100, MANY)).records).toEqual([]);
      });

      test('a page holds about as many bytes as asked for, but at least one record', async () => {
        const first = await journal.append(0, Array.from({ length: 50 }, (_, i) => noise(1_000, i)));
        const page = await journal.read(0, first, 10_000);
        expect(page.records.length).toBeGreaterThan(1);
        expect(page.records.length).toBeLessThan(50);
        expectDense(page.records);
        const one = await journal.read(0, first + 7, 1);
        expect(one.records[0]?.offset).toBe(first + 7);
        expect(sameBytes(one.records[0]?.bytes, noise(1_000, 7))).toBe(true);
      });

      test('pages put together are the log', async () => {
        const records = Array.from({ length: 300 }, (_, i) => noise(50 + (i % 11) * 100, i));
        await journal.append(0, records);
        const stored = await all(0);
        expectDense(stored);
        expect(stored).toHaveLength(300);
        expect(stored.every((record, i) => sameBytes(record.bytes, records[i]!))).toBe(true);
      });

      test('what was read stays as it is while others read and write', async () => {
        const first = await journal.append(0, [noise(2_000, 1), noise(100_000, 2)]);
        const { records } = await journal.read(0, first, MANY);
        await journal.append(0, [noise(2_000, 3), noise(100_000, 4)]);
        await journal.read(0, first + 2, MANY);
        expect(sameBytes(records[0]?.bytes, noise(2_000, 1))).toBe(true);
        expect(sameBytes(records[1]?.bytes, noise(100_000, 2))).toBe(true);
      });
    });

    describe('ends', () => {
      test('answers for all shards at once, in use or not', async () => {
        await journal.append(3, [bytes('x')]);
        const ends = await journal.ends([3, 4, SHARDS_MIN - 1]);
        expect([...ends.keys()].sort((a, b) => a - b)).toEqual([3, 4, SHARDS_MIN - 1]);
        expect(ends.get(3)!.end - ends.get(3)!.start).toBe(1);
        expect(ends.get(4)!.end).toBe(ends.get(4)!.start);
        expect(await journal.ends([])).toEqual(new Map());
      });
    });

    describe('trim', () => {
      test('forgets what lies below, and nothing else', async () => {
        const first = await journal.append(0, ['a', 'b', 'c', 'd'].map(bytes));
        await journal.append(1, [bytes('other')]);
        await journal.trim(0, first + 2);
        expect(await range(0)).toEqual({ start: first + 2, end: first + 4 });
        expect(await words(0)).toEqual(['c', 'd']);
        expect(await words(1)).toEqual(['other']);
      });

      test('a reader below the start sees where the log begins now', async () => {
        const first = await journal.append(0, ['a', 'b', 'c'].map(bytes));
        await journal.trim(0, first + 2);
        const page = await journal.read(0, first, MANY);
        expect(page.start).toBe(first + 2);
        expect(page.records.every(({ offset }) => offset >= first + 2)).toBe(true);
      });

      test('a log that was trimmed to its end goes on counting, also after it was opened again', async () => {
        const first = await journal.append(0, ['a', 'b'].map(bytes));
        await journal.trim(0, first + 2);
        expect(await range(0)).toEqual({ start: first + 2, end: first + 2 });
        journal = await fixture.reopen();
        expect(await range(0)).toEqual({ start: first + 2, end: first + 2 });
        expect(await journal.append(0, [bytes('c')])).toBe(first + 2);
        expect(await words(0)).toEqual(['c']);
      });

      test('trimming less than before changes nothing', async () => {
        const first = await journal.append(0, ['a', 'b', 'c'].map(bytes));
        await journal.trim(0, first + 2);
        await journal.trim(0, first + 1);
        await journal.trim(0, 0);
        expect(await range(0)).toEqual({ start: first + 2, end: first + 3 });
      });

      test('long logs can be trimmed while they are written', async () => {
        const batch = Array.from({ length: 1_000 }, (_, i) => noise(20, i));
        const first = await journal.append(0, batch);
        await journal.append(0, batch);
        const [, next] = await Promise.all([journal.trim(0, first + 1_500), journal.append(0, [bytes('last')])]);
        expect(next).toBe(first + 2_000);
        expect(await range(0)).toEqual({ start: first + 1_500, end: first + 2_001 });
        expect(await all(0)).toHaveLength(501);
      });
    });

    describe('durability', () => {
      test('what was acknowledged is there after opening again, one record and many', async () => {
        const one = await journal.append(7, [bytes('only')]);
        const many = await journal.append(8, Array.from({ length: 500 }, (_, i) => noise(300, i)));
        journal = await fixture.reopen();
        expect(await range(7)).toEqual({ start: one, end: one + 1 });
        expect(await words(7)).toEqual(['only']);
        expect(await range(8)).toEqual({ start: many, end: many + 500 });
        const stored = await all(8);
        expect(stored.every((record, i) => sameBytes(record.bytes, noise(300, i)))).toBe(true);
        expect(await range(6)).toMatchObject({ end: (await range(6)).start });
        expect(await journal.append(7, [bytes('next')])).toBe(one + 1);
      });

      test('closing waits for what was appended', async () => {
        const appends = Array.from({ length: 20 }, (_, i) => journal.append(0, [bytes(String(i))]));
        journal = await fixture.reopen();
        await Promise.all(appends);
        expect(await words(0)).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
      });

      test('a closed journal takes nothing more', async () => {
        await journal.close();
        await expect(journal.append(0, [bytes('late')])).rejects.toMatchObject({ name: 'JournalError', kind: 'permanent', code: 'JOURNAL_CLOSED' });
        journal = await fixture.reopen();
        expect(await words(0)).toEqual([]);
      });
    });
  });
}
