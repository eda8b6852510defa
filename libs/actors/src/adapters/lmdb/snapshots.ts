// Owns: chunks, pointers and replay positions of all shards. Does not own: when to write them (S1, S2, S5).
// S1: a pointer is written only over an older one. S2: the replay position only rises. S3: every read sees all that
// was answered before it, for this process is the only writer.
import type { ReplayFrom, SnapshotPointer, SnapshotStore } from '../../ports/snapshot-store.js';
import type { CommitQueue } from './commits.js';
import type { Environment } from './environment.js';
import { corruptError } from './errors.js';
import { afterPrefix, chunkKey, chunkPrefix, pointerKey, shardKey } from './keys.js';
import { seal, unseal } from './seal.js';
import type { LmdbTable } from './table.js';

const POINTERS_PER_PAGE = 256;
/** What the removal of one key touches. */
const PAGE_BYTES = 4096;

export interface LmdbSnapshotStoreOptions {
  readonly environment: Environment;
  readonly commits: CommitQueue<LmdbTable>;
}

export class LmdbSnapshotStore implements SnapshotStore {
  readonly #environment: Environment;
  readonly #chunks: LmdbTable;
  readonly #pointers: LmdbTable;
  readonly #replay: LmdbTable;
  readonly #commits: CommitQueue<LmdbTable>;

  constructor({ environment, commits }: LmdbSnapshotStoreOptions) {
    this.#environment = environment;
    this.#chunks = environment.tables.chunks;
    this.#pointers = environment.tables.pointers;
    this.#replay = environment.tables.replay;
    this.#commits = commits;
  }

  async putChunk(shard: number, entityId: string, key: string, bytes: Uint8Array): Promise<void> {
    const at = chunkKey(shard, entityId, key);
    const sealed = seal(bytes);
    await this.#commits.submit({ bytes: at.length + sealed.length }, (draft) => {
      draft.put(this.#chunks, at, sealed);
    });
  }

  async getChunk(shard: number, entityId: string, key: string): Promise<Uint8Array | undefined> {
    return this.#read(this.#chunks, chunkKey(shard, entityId, key), `chunk ${key} of ${entityId}`);
  }

  async deleteChunks(shard: number, entityId: string, keys: readonly string[]): Promise<void> {
    await this.#commits.submit({ bytes: keys.length * PAGE_BYTES, frees: true }, (draft) => {
      for (const key of keys) draft.remove(this.#chunks, chunkKey(shard, entityId, key));
    });
  }

  async chunkKeys(shard: number, entityId: string): Promise<readonly string[]> {
    const prefix = chunkPrefix(shard, entityId);
    const end = afterPrefix(prefix);
    return this.#environment.read(() => [...this.#chunks.getKeys({ start: prefix, ...(end && { end }) })].map((key) => key.toString('utf8', prefix.length)));
  }

  putPointer(shard: number, pointer: SnapshotPointer): Promise<boolean> {
    const key = pointerKey(shard, pointer.entityId);
    const bytes = seal(Buffer.from(JSON.stringify(pointer)));
    return this.#commits.submit({ bytes: key.length + bytes.length }, (draft) => {
      const stored = draft.get(this.#pointers, key);
      if (stored !== undefined && this.#parse<SnapshotPointer>(stored, `pointer of ${pointer.entityId}`).n >= pointer.n) return false;
      draft.put(this.#pointers, key, bytes);
      return true;
    });
  }

  async getPointer(shard: number, entityId: string): Promise<SnapshotPointer | undefined> {
    const bytes = this.#read(this.#pointers, pointerKey(shard, entityId), `pointer of ${entityId}`);
    return bytes === undefined ? undefined : fromJson<SnapshotPointer>(bytes);
  }

  async *pointers(shard: number): AsyncGenerator<readonly SnapshotPointer[], void, undefined> {
    const end = afterPrefix(shardKey(shard));
    let start = shardKey(shard);
    for (;;) {
      const page = this.#pointerPage(start, end);
      if (page.length > 0) yield page.map(({ pointer }) => pointer);
      const last = page.at(-1);
      if (last === undefined || page.length < POINTERS_PER_PAGE) return;
      start = Buffer.concat([last.key, Buffer.of(0)]);
    }
  }

  deletePointer(shard: number, entityId: string, n: number): Promise<boolean> {
    const key = pointerKey(shard, entityId);
    return this.#commits.submit({ bytes: PAGE_BYTES, frees: true }, (draft) => {
      const stored = draft.get(this.#pointers, key);
      if (stored === undefined) return true;
      if (this.#parse<SnapshotPointer>(stored, `pointer of ${entityId}`).n !== n) return false;
      draft.remove(this.#pointers, key);
      return true;
    });
  }

  async getReplayFrom(shard: number): Promise<ReplayFrom | undefined> {
    const bytes = this.#read(this.#replay, shardKey(shard), `replay position of shard ${String(shard)}`);
    return bytes === undefined ? undefined : fromJson<ReplayFrom>(bytes);
  }

  putReplayFrom(shard: number, from: ReplayFrom): Promise<boolean> {
    const bytes = seal(Buffer.from(JSON.stringify(from)));
    return this.#commits.submit({ bytes: bytes.length }, (draft) => {
      const stored = draft.get(this.#replay, shardKey(shard));
      const what = `replay position of shard ${String(shard)}`;
      if (stored !== undefined && this.#parse<ReplayFrom>(stored, what).offset >= from.offset) return false;
      draft.put(this.#replay, shardKey(shard), bytes);
      return true;
    });
  }

  #pointerPage(start: Buffer, end: Buffer | undefined): { key: Buffer; pointer: SnapshotPointer }[] {
    const range = { start, ...(end && { end }), limit: POINTERS_PER_PAGE };
    return this.#environment.read(() =>
      [...this.#pointers.getRange(range)].map(({ key, value }) => ({ key, pointer: this.#parse<SnapshotPointer>(value, 'a pointer') })),
    );
  }

  #read(table: LmdbTable, key: Buffer, what: string): Uint8Array | undefined {
    const sealed = this.#environment.read(() => table.getBinary(key));
    return sealed === undefined ? undefined : this.#unseal(sealed, what);
  }

  #parse<T>(sealed: Uint8Array, what: string): T {
    return fromJson<T>(this.#unseal(sealed, what));
  }

  #unseal(sealed: Uint8Array, what: string): Uint8Array {
    const bytes = unseal(sealed);
    if (bytes === undefined) throw corruptError(this.#environment.path, what);
    return bytes;
  }
}

function fromJson<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()) as T;
}
