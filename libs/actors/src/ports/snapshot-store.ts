/** Snapshots of entities, and per shard the place from which a replay starts. All reads are consistent (S3). */
export interface SnapshotStore {
  putChunk(shard: number, entityId: string, key: string, bytes: Uint8Array): Promise<void>;
  getChunk(shard: number, entityId: string, key: string): Promise<Uint8Array | undefined>;
  deleteChunks(shard: number, entityId: string, keys: readonly string[]): Promise<void>;
  /** Keys of all chunks of an entity, also of those that no pointer names. */
  chunkKeys(shard: number, entityId: string): Promise<readonly string[]>;
  /** Written only when `pointer.n` is above the stored one's. @returns false when a newer or equal pointer stands there. */
  putPointer(shard: number, pointer: SnapshotPointer): Promise<boolean>;
  getPointer(shard: number, entityId: string): Promise<SnapshotPointer | undefined>;
  /** All pointers of the shard, in pages, by consistent reads and not by an index. */
  pointers(shard: number): AsyncIterable<readonly SnapshotPointer[]>;
  /** Removes the pointer if it stands at `n`. @returns false when one with another `n` stands there; true when there is none any more. */
  deletePointer(shard: number, entityId: string, n: number): Promise<boolean>;
  getReplayFrom(shard: number): Promise<ReplayFrom | undefined>;
  /** Monotone: written only when `offset` is above the stored one. @returns whether it was written. */
  putReplayFrom(shard: number, from: ReplayFrom): Promise<boolean>;
}

export interface SnapshotPointer {
  readonly entityId: string;
  /** The last record that the snapshot contains. */
  readonly n: number;
  /** Session time of the next deadline, ms, or null; with it the deadline can be armed without loading the state. */
  readonly deadline: number | null;
  readonly chunks: readonly ChunkRef[];
  /** Keys of the chunks that only the snapshot before this one needs; they are deleted with the next one (S1 keeps two). */
  readonly previous?: readonly string[];
  /** Of an entity that does not exist any more (no chunks): session time when the owner wrote that down, ms. Absent: it exists, or nobody knows. */
  readonly goneAt?: number;
}

export interface ChunkRef {
  readonly key: string;
  readonly bytes: number;
  /** CRC-32 of the chunk. */
  readonly crc: number;
}

/** Where a replay starts, with the state of the record rule (L2) at that offset (S2). */
export interface ReplayFrom {
  readonly offset: number;
  readonly n: number;
  readonly epoch: number;
  readonly owner: string;
  /** Session time of the last record before `offset`, ms (T1). Absent: not known. */
  readonly at?: number;
}
