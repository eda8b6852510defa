/** What every snapshot store keeps to. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SnapshotPointer, SnapshotStore } from '@ringmaster/actors';
import { bytes, noise, sameBytes, text } from './bytes.js';

export interface SnapshotStoreFixture {
  readonly store: SnapshotStore;
  /** Closes the store and opens another one on the same data. */
  reopen(): Promise<SnapshotStore>;
  dispose(): Promise<void>;
}

const pointer = (entityId: string, n: number, deadline: number | null = null): SnapshotPointer => ({
  entityId,
  n,
  deadline,
  chunks: [{ key: `state-${String(n)}`, bytes: 3, crc: 123_456_789 }],
});

export function snapshotStoreContract(name: string, makeFixture: () => Promise<SnapshotStoreFixture>): void {
  describe(`snapshot store: ${name}`, () => {
    let fixture: SnapshotStoreFixture;
    let store: SnapshotStore;

    beforeEach(async () => {
      fixture = await makeFixture();
      store = fixture.store;
    });
    afterEach(() => fixture.dispose());

    const pointersOf = async (shard: number): Promise<SnapshotPointer[]> => {
      const found: SnapshotPointer[] = [];
      for await (const page of store.pointers(shard)) found.push(...page);
      return found.sort((a, b) => (a.entityId < b.entityId ? -1 : 1));
    };

    describe('chunks', () => {
      test('are kept by shard, entity and key', async () => {
        await Promise.all([
          store.putChunk(1, 'a', 'k', bytes('1ak')),
          store.putChunk(1, 'a', 'k2', bytes('1ak2')),
          store.putChunk(1, 'ak', 'k', bytes('1akk')),
          store.putChunk(2, 'a', 'k', bytes('2ak')),
        ]);
        expect(text(await store.getChunk(1, 'a', 'k'))).toBe('1ak');
        expect(text(await store.getChunk(1, 'a', 'k2'))).toBe('1ak2');
        expect(text(await store.getChunk(1, 'ak', 'k'))).toBe('1akk');
        expect(text(await store.getChunk(2, 'a', 'k'))).toBe('2ak');
        expect(await store.getChunk(1, 'a', 'none')).toBeUndefined();
        expect(await store.getChunk(3, 'a', 'k')).toBeUndefined();
      });

      test('a later one replaces an earlier one', async () => {
        await store.putChunk(1, 'a', 'k', bytes('old'));
        await store.putChunk(1, 'a', 'k', bytes('new'));
        expect(text(await store.getChunk(1, 'a', 'k'))).toBe('new');
      });

      test('may be empty, or large', async () => {
        const large = noise(2 * 1024 * 1024, 9);
        await Promise.all([store.putChunk(1, 'a', 'empty', new Uint8Array(0)), store.putChunk(1, 'a', 'large', large)]);
        expect((await store.getChunk(1, 'a', 'empty'))?.length).toBe(0);
        expect(sameBytes(await store.getChunk(1, 'a', 'large'), large)).toBe(true);
      });

      test('large ones are replaced by others of any size, and deleted whole', async () => {
        for (const [i, length] of [900_000, 500_000, 3, 1_300_000].entries()) {
          await store.putChunk(1, 'a', 'k', noise(length, i));
          expect(sameBytes(await store.getChunk(1, 'a', 'k'), noise(length, i))).toBe(true);
        }
        await store.putChunk(1, 'a', 'k#2', noise(900_000, 7));
        await store.deleteChunks(1, 'a', ['k', 'k']);
        expect(await store.getChunk(1, 'a', 'k')).toBeUndefined();
        expect(sameBytes(await store.getChunk(1, 'a', 'k#2'), noise(900_000, 7))).toBe(true);
        await store.deleteChunks(1, 'a', ['k#2']);
        expect(await store.chunkKeys(1, 'a')).toEqual([]);
      });

      test('are deleted in any number', async () => {
        const keys = Array.from({ length: 70 }, (_, i) => `k${i}`);
        await Promise.all(keys.map((key) => store.putChunk(1, 'a', key, bytes(key))));
        await store.deleteChunks(1, 'a', keys.slice(1));
        const left = await Promise.all(keys.map((key) => store.getChunk(1, 'a', key)));
        expect(left.map(text)).toEqual(['k0', ...keys.slice(1).map(() => undefined)]);
      });

      test('are deleted by key; a key that is not there is no error', async () => {
        await Promise.all(['k1', 'k2', 'k3'].map((key) => store.putChunk(1, 'a', key, bytes(key))));
        await store.deleteChunks(1, 'a', ['k1', 'k3', 'none']);
        await store.deleteChunks(1, 'a', []);
        expect(await store.getChunk(1, 'a', 'k1')).toBeUndefined();
        expect(text(await store.getChunk(1, 'a', 'k2'))).toBe('k2');
        expect(await store.getChunk(1, 'a', 'k3')).toBeUndefined();
      });
    });

    describe('pointers', () => {
      test('come back as they were written', async () => {
        const written: SnapshotPointer = {
          entityId: 'quiz-ä-🎪',
          n: 12,
          deadline: 1_700_000_000_123,
          chunks: [
            { key: 'answers-3', bytes: 0, crc: 0 },
            { key: 'state-12', bytes: 1_234_567, crc: 0xffffffff },
          ],
        };
        expect(await store.putPointer(1, written)).toBe(true);
        expect(await store.getPointer(1, 'quiz-ä-🎪')).toEqual(written);
        expect(await store.getPointer(2, 'quiz-ä-🎪')).toBeUndefined();
        expect(await store.getPointer(1, 'other')).toBeUndefined();
      });

      test('S1 conditional: only a higher n replaces one', async () => {
        expect(await store.putPointer(1, pointer('a', 5))).toBe(true);
        expect(await store.putPointer(1, pointer('a', 5, 99))).toBe(false);
        expect(await store.putPointer(1, pointer('a', 4))).toBe(false);
        expect(await store.getPointer(1, 'a')).toEqual(pointer('a', 5));
        expect(await store.putPointer(1, pointer('a', 6, 77))).toBe(true);
        expect(await store.getPointer(1, 'a')).toEqual(pointer('a', 6, 77));
      });

      test('S1 conditional: of racing writers the highest n stays, whatever the order', async () => {
        const numbers = [3, 9, 1, 7, 10, 2, 8];
        await Promise.all(numbers.map((n) => store.putPointer(1, pointer('a', n))));
        expect(await store.getPointer(1, 'a')).toEqual(pointer('a', 10));
        const equal = await Promise.all([1, 2, 3].map((deadline) => store.putPointer(1, pointer('b', 4, deadline))));
        expect(equal.filter(Boolean)).toHaveLength(1);
      });

      test('S3 all of a shard are listed, in pages, each once, and no others', async () => {
        const names = Array.from({ length: 1_000 }, (_, i) => `session-${String(i).padStart(4, '0')}`);
        await Promise.all([...names.map((entityId, i) => store.putPointer(1, pointer(entityId, i + 1))), store.putPointer(0, pointer('x', 1)), store.putPointer(2, pointer('y', 1))]);
        expect(await pointersOf(1)).toEqual(names.map((entityId, i) => pointer(entityId, i + 1)));
        expect(await pointersOf(0)).toEqual([pointer('x', 1)]);
        expect(await pointersOf(3)).toEqual([]);
      });

      test('S3 all of a shard are listed, however long they are', async () => {
        const chunks = Array.from({ length: 1_000 }, (_, i) => ({ key: `p:question-${i}:1.1.1:0`, bytes: i, crc: i }));
        const long = Array.from({ length: 60 }, (_, i) => ({ ...pointer(`session-${10 + i}`, i + 1), chunks }));
        await Promise.all(long.map((each) => store.putPointer(1, each)));
        // As text: an expectation per reference would take seconds.
        expect(JSON.stringify(await pointersOf(1)) === JSON.stringify(long)).toBe(true);
      });

      test('S3 consistent: a list that is begun after a write contains it', async () => {
        for (const n of [1, 2, 3, 4, 5]) {
          await store.putPointer(1, pointer('a', n));
          await store.putPointer(1, pointer(`b${String(n)}`, n));
          const found = await pointersOf(1);
          expect(found).toHaveLength(n + 1);
          expect(found[0]).toEqual(pointer('a', n));
        }
      });
    });

    describe('what is left of an entity', () => {
      test('a pointer is removed only where it stands at that n, and nothing of others with it', async () => {
        for (const id of ['a', 'aa']) {
          await store.putChunk(1, id, 'k', bytes(id));
          await store.putPointer(1, pointer(id, 2));
        }
        await store.putPointer(2, pointer('a', 2));
        expect(await store.deletePointer(1, 'a', 1)).toBe(false);
        expect(await store.deletePointer(1, 'a', 3)).toBe(false);
        expect(await pointersOf(1)).toEqual([pointer('a', 2), pointer('aa', 2)]);
        expect(await store.deletePointer(1, 'a', 2)).toBe(true);
        expect(await pointersOf(1)).toEqual([pointer('aa', 2)]);
        expect(await store.getPointer(2, 'a')).toEqual(pointer('a', 2));
        expect(text(await store.getChunk(1, 'a', 'k'))).toBe('a');
      });

      test('a pointer that is gone already was removed: who has not heard the answer asks again', async () => {
        await store.putPointer(1, pointer('a', 2));
        expect([await store.deletePointer(1, 'a', 2), await store.deletePointer(1, 'a', 2), await store.deletePointer(1, 'never was', 1)]).toEqual([true, true, true]);
      });

      test('of a removal and a newer pointer that race, the newer pointer stays', async () => {
        for (let round = 0; round < 5; round++) {
          const [n, id] = [10 + round, `r${String(round)}`];
          await store.putPointer(1, pointer(id, n));
          await Promise.all([store.deletePointer(1, id, n), store.putPointer(1, pointer(id, n + 1)), store.deletePointer(1, id, n)]);
          expect(await store.getPointer(1, id)).toEqual(pointer(id, n + 1));
        }
      });

      test('where a pointer was removed, one with a lower n can stand again', async () => {
        await store.putPointer(1, pointer('a', 10));
        await store.deletePointer(1, 'a', 10);
        expect(await store.putPointer(1, pointer('a', 1))).toBe(true);
      });

      test('when it ended is kept with its pointer', async () => {
        const tombstone: SnapshotPointer = { entityId: 'a', n: 4, deadline: null, chunks: [], goneAt: 1_700_000_000_123 };
        await store.putPointer(1, tombstone);
        expect(await store.getPointer(1, 'a')).toEqual(tombstone);
        expect(await pointersOf(1)).toEqual([tombstone]);
      });

      test('all its chunks are listed by key, however many and large, and those of no other entity', async () => {
        const keys = [...Array.from({ length: 40 }, (_, i) => `h:7.1.${String(i)}:0`), 'p:Frage · 1:7.1.2:0', 'x#y'];
        await Promise.all(keys.map((key, i) => store.putChunk(1, 'a', key, i % 20 === 0 ? noise(900_000, i) : bytes(key))));
        await Promise.all([store.putChunk(1, 'aa', 'other', bytes('v')), store.putChunk(2, 'a', 'other', bytes('v'))]);
        expect([...(await store.chunkKeys(1, 'a'))].sort()).toEqual([...keys].sort());
        await store.deleteChunks(1, 'a', await store.chunkKeys(1, 'a'));
        expect(await store.chunkKeys(1, 'a')).toEqual([]);
        expect(await store.getChunk(1, 'a', keys[0]!)).toBeUndefined();
        expect(await store.chunkKeys(1, 'aa')).toEqual(['other']);
        expect(await store.chunkKeys(3, 'a')).toEqual([]);
      });
    });

    describe('replay position', () => {
      test('S2 monotone: only a higher offset replaces one', async () => {
        expect(await store.getReplayFrom(1)).toBeUndefined();
        const from = { offset: 10, n: 8, epoch: 2, owner: 'node-a' };
        expect(await store.putReplayFrom(1, from)).toBe(true);
        expect(await store.putReplayFrom(1, { ...from, n: 9 })).toBe(false);
        expect(await store.putReplayFrom(1, { ...from, offset: 9 })).toBe(false);
        expect(await store.getReplayFrom(1)).toEqual(from);
        const later = { offset: 11, n: 9, epoch: 3, owner: 'node-b' };
        expect(await store.putReplayFrom(1, later)).toBe(true);
        expect(await store.getReplayFrom(1)).toEqual(later);
        expect(await store.getReplayFrom(2)).toBeUndefined();
      });

      test('S2 monotone: of racing writers the highest offset stays', async () => {
        const offsets = [5, 30, 20, 10, 25];
        await Promise.all(offsets.map((offset) => store.putReplayFrom(1, { offset, n: offset, epoch: 1, owner: 'o' })));
        expect((await store.getReplayFrom(1))?.offset).toBe(30);
      });

      test('begins at offset 0', async () => {
        expect(await store.putReplayFrom(1, { offset: 0, n: 0, epoch: 0, owner: '' })).toBe(true);
        expect(await store.getReplayFrom(1)).toEqual({ offset: 0, n: 0, epoch: 0, owner: '' });
      });
    });

    test('everything is there after opening again', async () => {
      await store.putChunk(1, 'a', 'k', bytes('v'));
      await store.putPointer(1, pointer('a', 3, 42));
      await store.putReplayFrom(1, { offset: 4, n: 3, epoch: 1, owner: 'o' });
      store = await fixture.reopen();
      expect(text(await store.getChunk(1, 'a', 'k'))).toBe('v');
      expect(await pointersOf(1)).toEqual([pointer('a', 3, 42)]);
      expect(await store.getReplayFrom(1)).toEqual({ offset: 4, n: 3, epoch: 1, owner: 'o' });
      expect(await store.putPointer(1, pointer('a', 3))).toBe(false);
    });
  });
}
