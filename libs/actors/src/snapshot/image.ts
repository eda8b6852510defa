/**
 * S1: how a state lies in the store. Pure: cuts a state into chunks with checksums and puts chunks together again.
 * A head's chunks carry a stamp that contains `n`, so that no snapshot ever overwrites another; a part's chunks carry the stamp
 * of the snapshot that wrote them, and later pointers refer to them: they are written once.
 * An entity that does not exist any more has a pointer without chunks, a tombstone: it refuses what an earlier owner may still write, and a replay skips the
 * entity's old events by it. What else the store has of the entity, remains.ts removes.
 */
import { crc32 } from 'node:zlib';
import { Halt } from '../halt.js';
import type { AnyBehavior } from '../opaque.js';
import type { ChunkRef, SnapshotPointer } from '../ports/snapshot-store.js';

/** Which chunks are in the store. */
export interface StoredImage {
  readonly head: readonly ChunkRef[];
  readonly parts: ReadonlyMap<string, readonly ChunkRef[]>;
  /** Keys of the head before this one, which is kept as well. */
  readonly previousHead: readonly string[];
}

/** One for all: most entities in memory have no parts, and an empty map takes 250 bytes. */
const NO_PARTS: StoredImage['parts'] = new Map();
const NO_KEYS: readonly string[] = Object.freeze([]);
const orNone = (keys: readonly string[] | undefined): readonly string[] => (keys === undefined || keys.length === 0 ? NO_KEYS : keys);

export interface Chunk {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export interface Image {
  readonly pointer: SnapshotPointer;
  /** Chunks that are not in the store yet. */
  readonly fresh: readonly Chunk[];
  readonly stored: StoredImage;
  /** Keys that nothing refers to once the pointer is written. */
  readonly obsolete: readonly string[];
}

export interface ImageStamp {
  readonly n: number;
  readonly epoch: number;
  /** Tells attempts of one epoch apart. */
  readonly count: number;
  /** Session time, ms. */
  readonly at: number;
}

/** Takes `state` apart. Reads it now and keeps no reference into it. */
export function takeImage(behavior: AnyBehavior, id: string, state: unknown, stamp: ImageStamp, known: StoredImage | undefined, chunkBytesMax: number): Image {
  const label = `${stamp.n}.${stamp.epoch}.${stamp.count}`; // S1 keys contain n
  if (!behavior.exists(state)) return tombstone(id, stamp);
  const { head, parts } = behavior.snapshot(state);
  const fresh: Chunk[] = [];
  const cut = (prefix: string, bytes: Uint8Array): ChunkRef[] =>
    split(bytes, chunkBytesMax).map((piece, index) => {
      const key = `${prefix}:${label}:${index}`;
      fresh.push({ key, bytes: piece });
      return { key, bytes: piece.byteLength, crc: crc32(piece) };
    });
  const headRefs = cut('h', head);
  const partRefs = new Map<string, readonly ChunkRef[]>();
  for (const [key, bytes] of parts) partRefs.set(key, known?.parts.get(key) ?? cut(`p:${key}`, bytes())); // S1 parts are written once
  const stored = imageOf(headRefs, partRefs, known?.head.map(({ key }) => key));
  return { pointer: pointerTo(behavior, id, state, stamp.n, stored), fresh, stored, obsolete: known?.previousHead ?? [] };
}

function pointerTo(behavior: AnyBehavior, entityId: string, state: unknown, n: number, stored: StoredImage): SnapshotPointer {
  const chunks = [...stored.head];
  for (const refs of stored.parts.values()) chunks.push(...refs);
  return { entityId, n, deadline: behavior.nextDeadline(state)?.at ?? null, chunks, previous: stored.previousHead };
}

function tombstone(entityId: string, { n, at }: ImageStamp): Image {
  const stored: StoredImage = { head: [], parts: NO_PARTS, previousHead: NO_KEYS };
  return { pointer: { entityId, n, deadline: null, chunks: [], goneAt: at }, fresh: [], stored, obsolete: [] };
}

/** Of an entity that does not exist any more. */
export const isTombstone = ({ chunks }: SnapshotPointer): boolean => chunks.length === 0;

/** The number in a chunk's key: up to where the snapshot goes that wrote it. NaN for a key that none of ours wrote. */
export const numberIn = (key: string): number => Number(/:(\d+)\.\d+\.\d+:\d+$/.exec(key)?.[1]);

function imageOf(head: readonly ChunkRef[], parts: StoredImage['parts'], previousHead: readonly string[] | undefined): StoredImage {
  return { head, parts: parts.size === 0 ? NO_PARTS : parts, previousHead: orNone(previousHead) };
}

/** What a pointer says about the store. */
export function storedImageOf(pointer: SnapshotPointer): StoredImage {
  const head: ChunkRef[] = [];
  const parts = new Map<string, ChunkRef[]>();
  for (const ref of pointer.chunks) {
    const [, part] = /^p:(.*):[^:]*:\d+$/s.exec(ref.key) ?? [];
    if (part === undefined) head.push(ref);
    else parts.set(part, [...(parts.get(part) ?? []), ref]);
  }
  return imageOf(head, parts, pointer.previous);
}

/** Puts chunks together again. @throws Halt SNAPSHOT_CORRUPT */
export function join(refs: readonly ChunkRef[], chunks: readonly Uint8Array[]): Uint8Array {
  refs.forEach((ref, index) => {
    const bytes = chunks[index];
    if (bytes?.byteLength !== ref.bytes || crc32(bytes) !== ref.crc) throw new Halt('SNAPSHOT_CORRUPT', `chunk ${ref.key} is not what was written`); // S1 checksum
  });
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function split(bytes: Uint8Array, max: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from === 0 || from < bytes.byteLength; from += max) pieces.push(bytes.subarray(from, from + max));
  return pieces;
}
