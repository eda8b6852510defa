/**
 * The snapshot store and the small records of a whole cluster. Every call is a request that may be refused, take effect without an answer, take effect
 * late, or twice; what it does, it does at once. Owns the rows, which outlive all processes.
 */
import type { Records, ReplayFrom, SnapshotPointer, SnapshotStore, StoredRecord } from '@ringmaster/actors';
import type { Chance } from './chance.js';
import type { SimProcess } from './sim-process.js';
import type { Moments } from './moments.js';
import type { Sometimes } from './sometimes.js';
import type { VirtualTime } from './virtual-time.js';
import type { Weather } from './weather.js';

interface Rows {
  readonly chunks: Map<string, Uint8Array>;
  readonly pointers: Map<string, SnapshotPointer>;
  /** World time at which each of them was written. */
  readonly landedAt: Map<string, number>;
  replayFrom?: ReplayFrom;
}

const POINTERS_A_PAGE = 2;

export class SimStore {
  readonly #shards = new Map<number, Rows>();
  readonly #records = new Map<string, StoredRecord>();

  constructor(
    private readonly time: VirtualTime,
    private readonly weather: Weather,
    private readonly sometimes: Sometimes,
    private readonly moments: Moments,
  ) {}

  snapshotsFor(process: SimProcess, chance: Chance): SnapshotStore {
    const call = <T>(act: () => T): Promise<T> => this.#call(process, chance, act);
    const chunkKey = (entityId: string, key: string): string => `${entityId}/${key}`;
    return {
      putChunk: (shard, entityId, key, bytes) => {
        const copy = bytes.slice();
        return call(() => this.#putChunk(shard, chunkKey(entityId, key), copy));
      },
      getChunk: (shard, entityId, key) =>
        call(() => {
          const chunk = this.#rows(shard).chunks.get(chunkKey(entityId, key))?.slice();
          if (chunk === undefined) this.sometimes.note('chunk missing restart');
          return chunk;
        }),
      deleteChunks: (shard, entityId, keys) =>
        call(() => {
          for (const key of keys) this.#rows(shard).chunks.delete(chunkKey(entityId, key));
        }),
      putPointer: (shard, pointer) => (this.moments.happened('pointerSent', process.name), call(() => this.#putPointer(shard, { ...pointer }, process.name))),
      getPointer: (shard, entityId) => call(() => this.#rows(shard).pointers.get(entityId)),
      pointers: (shard) => this.#pages(shard, (act) => call(() => (this.moments.happened('pointersRead', process.name), act()))),
      chunkKeys: (shard, entityId) => call(() => this.chunksOf(shard, entityId).map(({ key }) => key)),
      deletePointer: (shard, entityId, n) =>
        call(() => {
          const { pointers } = this.#rows(shard);
          const stored = pointers.get(entityId);
          if (stored === undefined) return true;
          if (stored.n !== n) return false;
          this.sometimes.note('tombstone removed');
          return pointers.delete(entityId);
        }),
      getReplayFrom: (shard) => call(() => this.#rows(shard).replayFrom),
      putReplayFrom: (shard, from) => call(() => this.#putReplayFrom(shard, { ...from }, process.name)),
    };
  }

  recordsFor(process: SimProcess, chance: Chance): Records {
    const call = <T>(act: () => T): Promise<T> => this.#call(process, chance, act);
    return {
      get: (key) => call(() => this.#records.get(key)),
      put: (key, value, { expected } = {}) =>
        call(() => {
          const version = this.#records.get(key)?.version ?? 0;
          if (expected !== undefined && expected !== version) return undefined;
          this.#records.set(key, { value: value.slice(), version: version + 1 });
          return version + 1;
        }),
      delete: (key, expected) =>
        call(() => {
          if (expected !== undefined && this.#records.get(key)?.version !== expected) return false;
          this.#records.delete(key);
          return true;
        }),
      list: (prefix, { limit, cursor = '' }) =>
        call(() => {
          const keys = [...this.#records.keys()].filter((key) => key.startsWith(prefix) && key > cursor).sort();
          const items = keys.slice(0, limit).map((key) => ({ key, ...(this.#records.get(key) as StoredRecord) }));
          const last = items.at(-1)?.key;
          return { items, ...(keys.length > limit && last !== undefined ? { nextCursor: last } : {}) };
        }),
    };
  }

  /** What is there of an entity, as it lies: for the checker. */
  pointerOf(shard: number, entityId: string): SnapshotPointer | undefined {
    return this.#rows(shard).pointers.get(entityId);
  }

  pointerLandedAt(shard: number, entityId: string): number | undefined {
    return this.#rows(shard).landedAt.get(entityId);
  }

  chunksOf(shard: number, entityId: string): { readonly key: string; readonly landedAt: number }[] {
    const prefix = `${entityId}/`;
    const { chunks, landedAt } = this.#rows(shard);
    return [...chunks.keys()].filter((key) => key.startsWith(prefix)).map((key) => ({ key: key.slice(prefix.length), landedAt: landedAt.get(key) ?? 0 }));
  }

  replayNOf(shard: number): number {
    return this.#rows(shard).replayFrom?.n ?? 0;
  }

  async *#pages(shard: number, call: <T>(act: () => T) => Promise<T>): AsyncGenerator<readonly SnapshotPointer[], void, undefined> {
    for (let last = '', more = true; more; ) {
      const page = await call(() => {
        const ids = [...this.#rows(shard).pointers.keys()].filter((id) => id > last).sort();
        return ids.slice(0, POINTERS_A_PAGE).map((id) => this.#rows(shard).pointers.get(id) as SnapshotPointer);
      });
      if (page.length > 0) yield page;
      last = page.at(-1)?.entityId ?? last;
      more = page.length === POINTERS_A_PAGE;
    }
  }

  #putChunk(shard: number, key: string, bytes: Uint8Array): void {
    const { chunks, landedAt } = this.#rows(shard);
    chunks.set(key, bytes);
    landedAt.set(key, this.time.now);
  }

  #putPointer(shard: number, pointer: SnapshotPointer, by: string): boolean {
    const { pointers, landedAt } = this.#rows(shard);
    if ((pointers.get(pointer.entityId)?.n ?? 0) > pointer.n) this.moments.happened('tooLate', by);
    if ((pointers.get(pointer.entityId)?.n ?? -1) >= pointer.n) {
      if (pointer.chunks.length > 0 && pointers.get(pointer.entityId)?.chunks.length === 0) this.sometimes.note('tombstone refused a pointer');
      this.sometimes.note('older pointer refused');
      return false;
    }
    pointers.set(pointer.entityId, pointer);
    landedAt.set(pointer.entityId, this.time.now);
    this.sometimes.note('snapshot written');
    if (pointer.chunks.length === 0) this.moments.happened('buried', by);
    return true;
  }

  #putReplayFrom(shard: number, from: ReplayFrom, by: string): boolean {
    const rows = this.#rows(shard);
    if ((rows.replayFrom?.offset ?? 0) > from.offset) this.moments.happened('tooLate', by);
    if (rows.replayFrom !== undefined && rows.replayFrom.offset >= from.offset) return false;
    const before = rows.replayFrom?.n ?? 0;
    rows.replayFrom = from;
    if ([...rows.pointers.values()].some(({ chunks, n }) => chunks.length === 0 && n > before && n <= from.n)) this.moments.happened('passed', by);
    return true;
  }

  #call<T>(process: SimProcess, chance: Chance, act: () => T): Promise<T> {
    const { store } = this.weather;
    return new Promise((resolve, reject) => {
      const fail = (why: string) => (): void => reject(new Error(why));
      if (chance.odds(store.throttled)) return process.input(chance.skewed(1, 50), fail('the store is busy'));
      const slow = chance.odds(store.slow) ? chance.skewed(20, 4_000) : 0;
      const slowToAnswer = chance.odds(0.5);
      const late = chance.fraction();
      const delay = chance.skewed(0.5, 8) + (slowToAnswer ? 0 : slow + late * this.#extra(process, chance));
      const heard = !chance.odds(store.unheard);
      const repeated = chance.odds(store.repeated);
      this.time.after(delay, () => {
        let result = act();
        // The client library has heard nothing and asks again by itself: the caller sees the second answer.
        if (repeated) result = act();
        const answerMs = chance.skewed(0.2, 3) + (slowToAnswer ? slow : 0) + (1 - late) * this.#extra(process, chance);
        if (heard) process.input(answerMs, () => resolve(result));
        else process.input(chance.between(100, 400), fail('no answer from the store'));
      });
    });
  }

  /** By how much calls of this process are slower than others' now, ms. */
  #extra({ name }: SimProcess, chance: Chance): number {
    const slow = this.weather.store.slowFor.get(name);
    return slow !== undefined && (slow.odds === 1 || chance.odds(slow.odds)) ? slow.extraMs : 0;
  }

  #rows(shard: number): Rows {
    let rows = this.#shards.get(shard);
    if (rows === undefined) this.#shards.set(shard, (rows = { chunks: new Map(), pointers: new Map(), landedAt: new Map() }));
    return rows;
  }
}
