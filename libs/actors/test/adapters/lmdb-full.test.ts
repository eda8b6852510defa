// No room is no fault: the shard stalls, nothing acknowledged is lost, and it goes on when there is room again.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LmdbStore } from '@ringmaster/actors/adapters/lmdb/store';
import { bytes, noise, sameBytes } from '../contract/bytes.js';
import { LmdbFolder } from './lmdb-folder.js';

const MIB = 2 ** 20;

describe('lmdb without room', () => {
  let folder: LmdbFolder;

  beforeEach(() => {
    folder = new LmdbFolder();
  });
  afterEach(() => folder.dispose());

  const record = (i: number) => noise(20_000 + i, i);
  /** Appends until there is no room. @returns how many were acknowledged. */
  const fill = async ({ journal }: LmdbStore): Promise<number> => {
    for (let count = 0; ; count += 1) {
      try {
        expect(await journal.append(0, [record(count)])).toBe(count);
      } catch (error) {
        expect(error).toMatchObject({ name: 'JournalError', kind: 'unknown', code: 'JOURNAL_FULL' });
        return count;
      }
    }
  };
  const expectAll = async ({ journal }: LmdbStore, from: number, count: number): Promise<void> => {
    expect((await journal.ends([0])).get(0)).toEqual({ start: from, end: count });
    const { records } = await journal.read(0, from, 100 * MIB);
    expect(records).toHaveLength(count - from);
    expect(records.every(({ offset, bytes: stored }) => sameBytes(stored, record(offset)))).toBe(true);
  };

  test('refuses what needs room and keeps the rest', async () => {
    const store = await folder.open({ bytesMax: 4 * MIB });
    expect(store.isFull()).toBe(false);
    const count = await fill(store);
    expect(count).toBeGreaterThan(50);
    expect(store.isFull()).toBe(true);
    await expectAll(store, 0, count);
    await expect(store.records.put('k', noise(20_000, 1))).rejects.toMatchObject({ code: 'JOURNAL_FULL' });
    await expect(store.snapshots.putChunk(0, 'a', 'k', noise(20_000, 1))).rejects.toMatchObject({ code: 'JOURNAL_FULL' });
    expect(folder.fatal).toEqual([]);
  });

  test('goes on when it was opened again with more', async () => {
    const count = await fill(await folder.open({ bytesMax: 4 * MIB }));
    const store = await folder.reopen({ bytesMax: 8 * MIB });
    await expectAll(store, 0, count);
    for (let i = count; i < count + 50; i += 1) await store.journal.append(0, [record(i)]);
    await expectAll(store, 0, count + 50);
    expect(store.isFull()).toBe(false);
  });

  test('goes on when a trim has made room; trims and deletions are never refused', async () => {
    const store = await folder.open({ bytesMax: 4 * MIB });
    await store.records.put('k', bytes('v'));
    const count = await fill(store);
    expect(await store.records.delete('k')).toBe(true);
    await store.journal.trim(0, 40);
    for (let i = count; i < count + 30; i += 1) expect(await store.journal.append(0, [record(i)])).toBe(i);
    expect(store.isFull()).toBe(false);
    await expectAll(store, 40, count + 30);
  });

  test('many times its room can pass through it', async () => {
    const store = await folder.open({ bytesMax: 4 * MIB });
    for (let i = 0; i < 1_000; i += 1) {
      await store.journal.append(0, [record(i)]);
      if (i % 50 === 49) await store.journal.trim(0, i - 9);
    }
    await expectAll(store, 990, 1_000);
  });

  test('says so before it comes to that, after a look at what is left', async () => {
    const store = await folder.open({ bytesMax: 4 * MIB, bytesFreeMin: 2 * MIB });
    const look = async (): Promise<void> => {
      folder.fire();
      while (folder.due.size === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    await look();
    expect(store.isFull()).toBe(false);
    for (let i = 0; i < 110; i += 1) await store.journal.append(0, [record(i)]);
    expect(store.isFull()).toBe(false);
    await look();
    expect(store.isFull()).toBe(true);
    await store.journal.trim(0, 100);
    await look();
    expect(store.isFull()).toBe(false);
  });
});
