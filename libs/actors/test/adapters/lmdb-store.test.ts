// What the folder's three stores have in common, beyond their contracts.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { journalKey, offsetOfKey } from '../../src/adapters/lmdb/keys.js';
import { RECORD_BYTES_MAX } from '../../src/adapters/lmdb/journal.js';
import { bytes, noise, sameBytes, text } from '../contract/bytes.js';
import { LmdbFolder } from './lmdb-folder.js';

describe('lmdb store', () => {
  let folder: LmdbFolder;

  beforeEach(() => {
    folder = new LmdbFolder();
  });
  afterEach(() => folder.dispose());

  const housekeeping = async (): Promise<void> => {
    expect(folder.due.size).toBe(1);
    folder.fire();
    while (folder.due.size === 0) await new Promise((resolve) => setImmediate(resolve));
  };

  test('expired records leave the file at the next housekeeping, and are not only hidden', async () => {
    const { records } = await folder.open();
    await records.put('old', bytes('v'), { expiresAt: folder.wall + 10 });
    await records.put('kept', bytes('v'), { expiresAt: folder.wall + 20 });
    folder.wall += 10;
    await housekeeping();
    folder.wall -= 10;
    expect(await records.get('old')).toBeUndefined();
    expect(text((await records.get('kept'))?.value)).toBe('v');
  });

  test('an expired record that was written again is not swept', async () => {
    const { records } = await folder.open();
    await records.put('k', bytes('v'), { expiresAt: folder.wall + 10 });
    folder.wall += 10;
    const again = records.put('k', bytes('again'), { expiresAt: folder.wall + 10 });
    await Promise.all([housekeeping(), again]);
    expect(text((await records.get('k'))?.value)).toBe('again');
    expect(await again).toBe(1);
  });

  test('of a pointer that is put and removed in one transaction, the order decides', async () => {
    const { snapshots } = await folder.open();
    const tombstone = (n: number) => ({ entityId: 'a', n, deadline: null, chunks: [], goneAt: 1 });
    expect(await Promise.all([snapshots.putPointer(1, tombstone(1)), snapshots.deletePointer(1, 'a', 1), snapshots.putPointer(1, tombstone(1))])).toEqual([true, true, true]);
    expect(await Promise.all([snapshots.putPointer(1, tombstone(2)), snapshots.deletePointer(1, 'a', 1)])).toEqual([true, false]);
    expect(await snapshots.getPointer(1, 'a')).toEqual(tombstone(2));
  });

  test('a record above the limit is refused for good, and nothing of its batch is written', async () => {
    const { journal } = await folder.open();
    const refused = journal.append(0, [bytes('a'), new Uint8Array(RECORD_BYTES_MAX + 1)]);
    await expect(refused).rejects.toMatchObject({ kind: 'permanent', code: 'JOURNAL_TOO_LARGE' });
    expect((await journal.ends([0])).get(0)).toEqual({ start: 0, end: 0 });
    const largest = noise(RECORD_BYTES_MAX, 1);
    expect(await journal.append(0, [largest])).toBe(0);
    expect(sameBytes((await journal.read(0, 0, 1)).records[0]?.bytes, largest)).toBe(true);
  });

  test('keys keep the order of offsets, and of shards, up to the largest safe number', () => {
    const offsets = [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 45 + 3, Number.MAX_SAFE_INTEGER];
    const keys = offsets.map((offset) => journalKey(7, offset));
    expect(keys.map(offsetOfKey)).toEqual(offsets);
    expect(keys.toSorted(Buffer.compare)).toEqual(keys);
    expect(Buffer.compare(keys.at(-1)!, journalKey(8, 0))).toBe(-1);
  });

  test('a closed journal leaves snapshots and records open; a closed store nothing', async () => {
    const store = await folder.open();
    await store.journal.append(0, [bytes('a')]);
    await store.journal.close();
    expect(await store.records.put('k', bytes('v'))).toBe(1);
    expect(await store.snapshots.putReplayFrom(0, { offset: 1, n: 1, epoch: 1, owner: 'o' })).toBe(true);
    await Promise.all([store.close(), store.close()]);
    const closed = { kind: 'permanent', code: 'JOURNAL_CLOSED' };
    await expect(store.records.put('k', bytes('v'))).rejects.toMatchObject(closed);
    await expect(store.records.get('k')).rejects.toMatchObject(closed);
    await expect(store.snapshots.getReplayFrom(0)).rejects.toMatchObject(closed);
    await expect(store.journal.read(0, 0, 1)).rejects.toMatchObject(closed);
    await expect(store.journal.read(3, 0, 1)).rejects.toMatchObject(closed);
    await expect(store.journal.trim(0, 1)).rejects.toMatchObject(closed);
    expect(folder.fatal).toEqual([]);
    expect(folder.due.size).toBe(0);
  });
});
