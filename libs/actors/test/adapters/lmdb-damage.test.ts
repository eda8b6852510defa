// I9: damage stops the node by name and leaves the files as they are; it is never served, and never "repaired".
import { closeSync, openSync, readFileSync, readSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LmdbStore } from '@ringmaster/actors/adapters/lmdb/store';
import { bytes, noise, text } from '../contract/bytes.js';
import { LmdbFolder } from './lmdb-folder.js';
import { startLmdbProcess } from './lmdb-process.js';
import { SHARDS } from './lmdb-records.js';

let folder: LmdbFolder;
let path: string;

beforeEach(() => {
  folder = new LmdbFolder();
  path = join(folder.path, 'data.mdb');
});
afterEach(() => folder.dispose());

/** What a commit has reached: the file itself is longer, ahead of the next ones. */
function bytesInUse(): number {
  const file = openSync(path, 'r');
  const metas = Buffer.alloc(8192);
  readSync(file, metas, 0, metas.length, 0);
  closeSync(file);
  const pageSize = metas.readUInt32LE(48);
  const lastPage = [0, pageSize].map((meta) => Number(metas.readBigUInt64LE(meta + 144)));
  return (Math.max(...lastPage) + 1) * pageSize;
}

/** Changes one byte of every copy of `found`: pages that are no longer in use may hold older ones. */
function flipByteOf(found: string): void {
  const content = readFileSync(path);
  const places: number[] = [];
  for (let at = content.indexOf(found); at >= 0; at = content.indexOf(found, at + 1)) places.push(at);
  expect(places.length).toBeGreaterThan(0);
  const file = openSync(path, 'r+');
  for (const at of places) writeSync(file, Buffer.of(content[at + 3]! ^ 0x10), 0, 1, at + 3);
  closeSync(file);
}

const fill = async (store: LmdbStore): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await store.journal.append(i % 3, [bytes(`record ${String(i)} of the journal`), noise(3_000, i)]);
};

describe('a data file that was cut off', () => {
  const corrupt = { name: 'JournalError', kind: 'corrupt', code: 'JOURNAL_CORRUPT' };

  beforeEach(async () => {
    const store = await folder.open();
    await fill(store);
    await store.close();
  });

  test.each([
    ['to nothing', () => 0],
    ['within the first meta page', () => 100],
    ['behind the first meta page', () => 4_096],
    ['behind both meta pages', () => 8_192],
    ['in the middle', () => Math.floor(bytesInUse() / 2)],
    ['by one byte', () => bytesInUse() - 1],
  ])('%s is refused with its path, and left untouched', async (_where, length) => {
    truncateSync(path, length());
    const before = readFileSync(path);
    await expect(folder.open()).rejects.toMatchObject({ ...corrupt, message: expect.stringContaining(path) });
    expect(Buffer.compare(readFileSync(path), before)).toBe(0);
    // The folder is free again for whoever repairs it.
    await expect(folder.open()).rejects.toMatchObject(corrupt);
  });

  test('behind its last page is whole', async () => {
    truncateSync(path, bytesInUse());
    const store = await folder.open();
    expect((await store.journal.ends([0])).get(0)).toEqual({ start: 0, end: 14 });
    expect(await store.journal.append(0, [bytes('next')])).toBe(14);
  });

  test('or is gone altogether is not taken for a new one', async () => {
    rmSync(path);
    await expect(folder.open()).rejects.toMatchObject({ ...corrupt, message: expect.stringContaining(path) });
    expect(() => statSync(path)).toThrow();
  });

  test('or holds something else is refused', async () => {
    writeFileSync(path, noise(100_000, 1));
    await expect(folder.open()).rejects.toMatchObject(corrupt);
    expect(Buffer.compare(readFileSync(path), noise(100_000, 1))).toBe(0);
  });
});

describe('a flipped bit', () => {
  const reopenAfterFlip = async (found: string): Promise<LmdbStore> => {
    await folder.reopen().then((store) => store.close());
    flipByteOf(found);
    return folder.open();
  };

  test('in a record of the journal: its shard and offset are named, the others are served', async () => {
    await fill(await folder.open());
    const { journal } = await reopenAfterFlip('record 4 of the journal');
    // Record 4 is the second append of shard 1.
    expect((await journal.read(1, 0, 1)).records).toHaveLength(1);
    expect(text((await journal.read(2, 2, 1)).records[0]?.bytes)).toBe('record 5 of the journal');
    const damage = { kind: 'corrupt', code: 'JOURNAL_CORRUPT', message: expect.stringMatching(/data\.mdb.*shard 1, offset 2/) };
    await expect(journal.read(1, 2, 1)).rejects.toMatchObject(damage);
    await expect(journal.read(1, 0, 1_000_000)).rejects.toMatchObject(damage);
  });

  test('in a chunk, a pointer, a replay position, a document', async () => {
    const first = await folder.open();
    await first.snapshots.putChunk(1, 'quiz-a', 'k', bytes('bytes of the chunk'));
    await first.snapshots.putPointer(1, { entityId: 'quiz-b', n: 1, deadline: null, chunks: [{ key: 'pointed-at', bytes: 1, crc: 1 }] });
    await first.snapshots.putReplayFrom(1, { offset: 1, n: 1, epoch: 1, owner: 'owner-of-replay' });
    await first.records.put('doc', bytes('bytes of the document'));
    const damage = { kind: 'corrupt', code: 'JOURNAL_CORRUPT' };

    const { snapshots } = await reopenAfterFlip('bytes of the chunk');
    await expect(snapshots.getChunk(1, 'quiz-a', 'k')).rejects.toMatchObject(damage);
    const pointers = (await reopenAfterFlip('pointed-at')).snapshots;
    await expect(pointers.getPointer(1, 'quiz-b')).rejects.toMatchObject(damage);
    await expect(pointers.putPointer(1, { entityId: 'quiz-b', n: 2, deadline: null, chunks: [] })).rejects.toMatchObject(damage);
    await expect(pointers.pointers(1)[Symbol.asyncIterator]().next()).rejects.toMatchObject(damage);
    const replay = (await reopenAfterFlip('owner-of-replay')).snapshots;
    await expect(replay.getReplayFrom(1)).rejects.toMatchObject(damage);
    const { records } = await reopenAfterFlip('bytes of the document');
    await expect(records.get('doc')).rejects.toMatchObject(damage);
    await expect(records.put('doc', bytes('new'))).rejects.toMatchObject(damage);
    await expect(records.list('', { limit: 1 })).rejects.toMatchObject(damage);
    await records.put('damaged and expired', bytes('bytes of another one'), { expiresAt: folder.wall });
    const problems: unknown[] = [];
    await folder.reopen().then((store) => store.close());
    flipByteOf('bytes of another one');
    await folder.open({ onProblem: (error) => problems.push(error) });
    folder.fire();
    while (folder.due.size === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(problems).toEqual([expect.objectContaining(damage)]);
    expect(folder.fatal).toEqual([]);
  });

  test('refuses what depends on the row, and nothing else', async () => {
    await folder.open().then((store) => store.records.put('doc', bytes('bytes of the document')));
    const { records } = await reopenAfterFlip('bytes of the document');
    await expect(records.get('doc')).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT' });
    expect(await records.put('other', bytes('v'))).toBe(1);
    expect(folder.fatal).toEqual([]);
  });
});

describe('a data folder', () => {
  test('is refused to a second process, which learns who has it, until that one is gone', async () => {
    const holder = startLmdbProcess('hold', folder.path);
    await holder.lines(1);
    const inUse = { name: 'DataDirError', code: 'DATA_DIR_LOCKED' };
    const message = expect.stringContaining(`${folder.path} is in use by process ${String(holder.child.pid)}`);
    await expect(folder.open({ shards: SHARDS })).rejects.toMatchObject({ ...inUse, message });
    await holder.kill();
    const store = await folder.open({ shards: SHARDS });
    expect(await store.journal.append(0, [bytes('a')])).toBe(0);
  });

  test('is refused to a second opener of the same process', async () => {
    const store = await folder.open();
    await expect(folder.open()).rejects.toMatchObject({
      code: 'DATA_DIR_LOCKED',
      message: expect.stringContaining(`process ${String(process.pid)}`),
    });
    expect(await store.journal.append(0, [bytes('a')])).toBe(0);
  });

  test('stays with the number of shards that it was made for', async () => {
    await folder.open({ shards: 64 });
    const message = `the data folder ${folder.path} was made for 64 shards and cannot be used with 256`;
    await expect(folder.reopen({ shards: 256 })).rejects.toMatchObject({ name: 'DataDirError', code: 'DATA_DIR_SHARDS', message });
    await folder.open({ shards: 64 });
  });

  test('of a later version is refused', async () => {
    await folder.open().then((store) => store.close());
    const marker = join(folder.path, 'ringmaster.json');
    writeFileSync(marker, readFileSync(marker, 'utf8').replace('"format":1', '"format":2'));
    await expect(folder.open()).rejects.toMatchObject({ name: 'DataDirError', code: 'DATA_DIR_NEWER' });
    writeFileSync(marker, 'not a description');
    await expect(folder.open()).rejects.toMatchObject({ code: 'JOURNAL_CORRUPT', message: expect.stringContaining(marker) });
  });

  test('remembers when it was made', async () => {
    const made = folder.wall;
    expect((await folder.open()).createdAt).toBe(made);
    folder.wall += 1_000_000;
    expect((await folder.reopen()).createdAt).toBe(made);
  });

  test('whose making was cut short before anything was promised is made anew', async () => {
    writeFileSync(path, '');
    const store = await folder.open();
    expect(await store.journal.append(0, [bytes('a')])).toBe(0);
  });
});
