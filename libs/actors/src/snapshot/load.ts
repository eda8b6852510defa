/** S3, S4: from pointer and chunks to a state. Reads only; what it cannot read or must not believe, it names. */
import { Halt } from '../halt.js';
import type { AnyBehavior } from '../opaque.js';
import type { ChunkRef, SnapshotPointer, SnapshotStore } from '../ports/snapshot-store.js';
import type { Retry } from '../time/retry.js';
import { join, storedImageOf, type StoredImage } from './image.js';

export interface LoadPorts {
  readonly snapshots: SnapshotStore;
  readonly behavior: AnyBehavior;
  readonly retry: Retry;
  readonly loadTriesMax: number;
}

export interface LoadedState {
  readonly state: unknown;
  /** The last record that it contains; 0: the entity was never journaled. */
  readonly n: number;
  readonly stored: StoredImage | undefined;
}

/** Restores what `pointer` describes. @returns undefined when a chunk is missing. @throws Halt SNAPSHOT_CORRUPT; Ended */
export async function restore(shard: number, pointer: SnapshotPointer, ports: LoadPorts): Promise<LoadedState | undefined> {
  const { behavior, retry, snapshots } = ports;
  const { entityId, n } = pointer;
  const stored = storedImageOf(pointer);
  if (pointer.chunks.length === 0) return { state: behavior.initial(entityId), n, stored };
  const read = async (refs: readonly ChunkRef[]): Promise<Uint8Array | undefined> => {
    const chunks = await Promise.all(refs.map(({ key }) => retry.until(() => snapshots.getChunk(shard, entityId, key))));
    return chunks.some((chunk) => chunk === undefined) ? undefined : join(refs, chunks as Uint8Array[]);
  };
  const head = await read(stored.head);
  if (head === undefined) return undefined;
  await retry.until(async () => behavior.prepareHead(head));
  const parts = new Map<string, Uint8Array>();
  for (const key of behavior.partKeys(head)) {
    const refs = stored.parts.get(key);
    if (!refs) throw new Halt('SNAPSHOT_CORRUPT', `${entityId}: the pointer at ${n} has no part ${key}`);
    const bytes = await read(refs);
    if (bytes === undefined) return undefined;
    parts.set(key, bytes);
  }
  return { state: behavior.restore(entityId, head, parts), n, stored };
}

/** Loads one entity, which was last seen at `n`. @throws Halt SNAPSHOT_MISSING, SNAPSHOT_CORRUPT; Ended */
export async function load(shard: number, entityId: string, n: number, ports: LoadPorts): Promise<LoadedState> {
  for (let attempt = 0; attempt < ports.loadTriesMax; attempt++) {
    if (attempt > 0) await ports.retry.pause(attempt);
    const pointer = await ports.retry.until(() => ports.snapshots.getPointer(shard, entityId));
    if ((pointer?.n ?? 0) < n) continue; // S4 a lower n is read again
    if (!pointer) return { state: ports.behavior.initial(entityId), n: 0, stored: undefined };
    const loaded = await restore(shard, pointer, ports);
    if (loaded) return loaded;
  }
  throw new Halt('SNAPSHOT_MISSING', `${entityId}: no whole snapshot at ${n} or above could be read`);
}
