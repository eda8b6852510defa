/** A snapshot store in memory that can be away, hold its writes, or answer reads with what stood there before. */
import type { ReplayFrom, SnapshotPointer, SnapshotStore } from '@ringmaster/actors';
import { MemorySnapshotStore, type MemorySnapshots } from '../fakes-memory/memory-snapshot-store.js';

export class FaultySnapshots implements SnapshotStore {
  down = false;
  /** Every call so far, as `verb` or `verb key`. */
  readonly calls: string[] = [];
  /** Called before a write is made; it waits for what is returned. */
  beforeWrite: (call: string) => Promise<void> | undefined = () => undefined;
  /** Called before a read is made. */
  beforeRead: (call: string) => Promise<void> | undefined = () => undefined;
  private readonly store: MemorySnapshotStore;

  constructor(readonly rows: MemorySnapshots) {
    this.store = new MemorySnapshotStore(rows);
  }

  async putChunk(shard: number, entityId: string, key: string, bytes: Uint8Array): Promise<void> {
    await this.write(`putChunk ${key}`);
    return this.store.putChunk(shard, entityId, key, bytes);
  }

  async getChunk(shard: number, entityId: string, key: string): Promise<Uint8Array | undefined> {
    await this.read(`getChunk ${key}`);
    return this.store.getChunk(shard, entityId, key);
  }

  async deleteChunks(shard: number, entityId: string, keys: readonly string[]): Promise<void> {
    await this.write('deleteChunks');
    return this.store.deleteChunks(shard, entityId, keys);
  }

  async putPointer(shard: number, pointer: SnapshotPointer): Promise<boolean> {
    await this.write(`putPointer ${pointer.n}`);
    return this.store.putPointer(shard, pointer);
  }

  async getPointer(shard: number, entityId: string): Promise<SnapshotPointer | undefined> {
    await this.read('getPointer');
    return this.store.getPointer(shard, entityId);
  }

  async *pointers(shard: number): AsyncGenerator<readonly SnapshotPointer[], void, undefined> {
    await this.read('pointers');
    yield* this.store.pointers(shard);
  }

  async chunkKeys(shard: number, entityId: string): Promise<readonly string[]> {
    await this.read('chunkKeys');
    return this.store.chunkKeys(shard, entityId);
  }

  async deletePointer(shard: number, entityId: string, n: number): Promise<boolean> {
    await this.write(`deletePointer ${n}`);
    return this.store.deletePointer(shard, entityId, n);
  }

  async getReplayFrom(shard: number): Promise<ReplayFrom | undefined> {
    await this.read('getReplayFrom');
    return this.store.getReplayFrom(shard);
  }

  async putReplayFrom(shard: number, from: ReplayFrom): Promise<boolean> {
    await this.write(`putReplayFrom ${from.offset}`);
    return this.store.putReplayFrom(shard, from);
  }

  private async write(call: string): Promise<void> {
    this.calls.push(call);
    await this.beforeWrite(call);
    if (this.down) throw new Error('the store is away');
  }

  private async read(call: string): Promise<void> {
    this.calls.push(call);
    await this.beforeRead(call);
    if (this.down) throw new Error('the store is away');
  }
}
