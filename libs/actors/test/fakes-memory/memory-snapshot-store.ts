/** The snapshot store's contract in its shortest form. The data outlives the store, as a disk would. */
import type { ReplayFrom, SnapshotPointer, SnapshotStore } from '@ringmaster/actors';

interface Entity {
  pointer?: SnapshotPointer;
  readonly chunks: Map<string, Uint8Array>;
}

interface Shard {
  readonly entities: Map<string, Entity>;
  replayFrom?: ReplayFrom;
}

export type MemorySnapshots = Map<number, Shard>;

export class MemorySnapshotStore implements SnapshotStore {
  readonly #shards: MemorySnapshots;

  constructor(shards: MemorySnapshots = new Map()) {
    this.#shards = shards;
  }

  async putChunk(shard: number, entityId: string, key: string, bytes: Uint8Array): Promise<void> {
    this.#entity(shard, entityId).chunks.set(key, bytes.slice());
  }

  async getChunk(shard: number, entityId: string, key: string): Promise<Uint8Array | undefined> {
    return this.#shard(shard).entities.get(entityId)?.chunks.get(key)?.slice();
  }

  async deleteChunks(shard: number, entityId: string, keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#shard(shard).entities.get(entityId)?.chunks.delete(key);
  }

  async putPointer(shard: number, pointer: SnapshotPointer): Promise<boolean> {
    const entity = this.#entity(shard, pointer.entityId);
    if (entity.pointer !== undefined && entity.pointer.n >= pointer.n) return false;
    entity.pointer = structuredClone(pointer);
    return true;
  }

  async getPointer(shard: number, entityId: string): Promise<SnapshotPointer | undefined> {
    return this.#shard(shard).entities.get(entityId)?.pointer;
  }

  async *pointers(shard: number): AsyncGenerator<readonly SnapshotPointer[], void, undefined> {
    const found = [...this.#shard(shard).entities.values()].flatMap(({ pointer }) => (pointer === undefined ? [] : [pointer]));
    if (found.length > 0) yield found;
  }

  async chunkKeys(shard: number, entityId: string): Promise<readonly string[]> {
    return [...(this.#shard(shard).entities.get(entityId)?.chunks.keys() ?? [])];
  }

  async deletePointer(shard: number, entityId: string, n: number): Promise<boolean> {
    const entity = this.#shard(shard).entities.get(entityId);
    if (entity?.pointer === undefined) return true;
    if (entity.pointer.n !== n) return false;
    delete entity.pointer;
    return true;
  }

  async getReplayFrom(shard: number): Promise<ReplayFrom | undefined> {
    return this.#shard(shard).replayFrom;
  }

  async putReplayFrom(shard: number, from: ReplayFrom): Promise<boolean> {
    const kept = this.#shard(shard);
    if (kept.replayFrom !== undefined && kept.replayFrom.offset >= from.offset) return false;
    kept.replayFrom = structuredClone(from);
    return true;
  }

  #shard(shard: number): Shard {
    let kept = this.#shards.get(shard);
    if (kept === undefined) this.#shards.set(shard, (kept = { entities: new Map() }));
    return kept;
  }

  #entity(shard: number, entityId: string): Entity {
    const { entities } = this.#shard(shard);
    let entity = entities.get(entityId);
    if (entity === undefined) entities.set(entityId, (entity = { chunks: new Map() }));
    return entity;
  }
}
