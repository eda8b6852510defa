// L6 begins here: "accepted" must mean durable. kill -9 shows that nothing acknowledged is lost with the process;
// that it is not lost with the machine is shown by what the kernel still held back when the answer came.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sameBytes } from '../contract/bytes.js';
import { LmdbFolder } from './lmdb-folder.js';
import { startLmdbProcess } from './lmdb-process.js';
import { SHARDS, recordAt } from './lmdb-records.js';

describe('lmdb: what was acknowledged', () => {
  let folder: LmdbFolder;

  beforeEach(() => {
    folder = new LmdbFolder();
  });
  afterEach(() => folder.dispose());

  /** Reads every shard from its start to its end. @returns its end. */
  const expectSound = async (): Promise<number[]> => {
    const store = await folder.open({ shards: SHARDS });
    const ends: number[] = [];
    for (let shard = 0; shard < SHARDS; shard += 1) {
      let next = 0;
      let end = Infinity;
      while (next < end) {
        const page = await store.journal.read(shard, next, 1_000_000);
        end = page.end;
        for (const { offset, bytes } of page.records) {
          expect(offset).toBe(next);
          expect(sameBytes(bytes, recordAt(shard, offset))).toBe(true);
          next += 1;
        }
        if (page.records.length === 0) break;
      }
      expect(next).toBe(end);
      ends.push(end);
    }
    await store.close();
    return ends;
  };

  const expectAllThere = (said: readonly string[], ends: readonly number[]): void => {
    for (const line of said) {
      const [shard, first, count] = line.split(' ').map(Number) as [number, number, number];
      expect(ends[shard]).toBeGreaterThanOrEqual(first + count);
    }
  };

  test('is there after kill -9, each time anew, at any moment', async () => {
    let before = Array.from({ length: SHARDS }, () => 0);
    for (const acknowledged of [1, 40, 7, 150, 23, 90]) {
      const process = startLmdbProcess('append', folder.path);
      await process.lines(acknowledged);
      await process.kill();
      const ends = await expectSound();
      expectAllThere(process.said, ends);
      ends.forEach((end, shard) => {
        expect(end).toBeGreaterThanOrEqual(before[shard]!);
      });
      before = ends;
    }
    expect(before.every((end) => end > 0)).toBe(true);
  }, 60_000);

  test('is there when the file could not grow any more, and the journal goes on where it can again', async () => {
    const blocks = (3 * 2 ** 20) / 512;
    const process = startLmdbProcess('append', folder.path, blocks);
    await process.ended();
    expect(process.said.at(-1)).toBe('failed JOURNAL_FULL');
    expect(process.said.some((line) => line.startsWith('fatal'))).toBe(false);
    const acknowledged = process.said.filter((line) => /^\d/.test(line));
    expect(acknowledged.length).toBeGreaterThan(10);
    const ends = await expectSound();
    expectAllThere(acknowledged, ends);
    const store = await folder.open({ shards: SHARDS });
    expect(await store.journal.append(0, [recordAt(0, ends[0]!)])).toBe(ends[0]);
  }, 30_000);

  // The kernel's account is Linux's, and not kept for file systems in memory: hence a folder beside the sources.
  if (process.platform === 'linux') {
    test('has left the page cache for the disk before the answer came', async () => {
      const cache = join(import.meta.dirname, '../../../../node_modules/.cache');
      mkdirSync(cache, { recursive: true });
      const path = mkdtempSync(join(cache, 'ringmaster-lmdb-'));
      try {
        const process = startLmdbProcess('unsynced', path);
        await process.ended();
        const said = Object.fromEntries(process.said.map((line) => line.split(' '))) as Record<string, string>;
        expect(Number(said.control)).toBeGreaterThanOrEqual(100_000);
        expect(Number(said.journal)).toBe(0);
      } finally {
        rmSync(path, { recursive: true, force: true });
      }
    }, 30_000);
  }
});
