/**
 * A session taken apart for the store, and put together again (S1). The head changes with every snapshot. A part never changes under its key:
 * `a<k>` are the answers to the k-th question once it has closed, `r<n>` is revision n of the standings. What follows from these (points, streaks, statistics, boards)
 * is worked out again. The head's first line says its version, its deck and its parts, so that they can be fetched without reading on.
 */
import type { SessionState, DeckLookup } from './state/state.js';
import { extended } from './state/ints.js';
import type { Revision } from './state/standing.js';
import { answersFromJson, answersToJson } from './snapshot/answers-codec.js';
import type { AnswersJson } from './snapshot/answers-codec.js';
import { packInts, unpackInts } from './snapshot/bytes.js';
import { bodyToState, stateToBody } from './snapshot/body-codec.js';
import type { SnapshotBody } from './snapshot/body-codec.js';

export const SNAPSHOT_VERSION = 1;

interface SnapshotIndex {
  readonly v: number;
  readonly deck: string;
  readonly parts: readonly string[];
}

/** This release cannot read that snapshot: nothing is guessed. */
export class UnknownSnapshotError extends Error {
  readonly code = 'UNKNOWN_SNAPSHOT';
}

interface RevisionJson {
  readonly of: number;
  readonly score: string;
  readonly rank: string;
}

function encoded(json: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(json));
}
function decoded<T>(bytes: Uint8Array): T {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as T;
}

function revisionBytes({ of, score, rank }: Revision): Uint8Array {
  return encoded({ of, score: packInts(score), rank: packInts(rank) } satisfies RevisionJson);
}
function revisionFrom(bytes: Uint8Array): Revision {
  const { of, score, rank } = decoded<RevisionJson>(bytes);
  const rows = unpackInts(rank);
  return { of, score: extended(unpackInts(score), rows.length), rank: extended(rows, rows.length) };
}

/** True where the answers of the k-th question can change no more. */
function isSettled(state: SessionState, k: number): boolean {
  return k < state.runs.length - 1 || state.phase !== 'open';
}

export interface Snapshot {
  readonly head: Uint8Array;
  readonly parts: ReadonlyMap<string, () => Uint8Array>;
}

/** The parts may be asked for later: nothing that they read changes any more. */
export function snapshot(state: SessionState): Snapshot {
  const parts = new Map<string, () => Uint8Array>();
  const open: [number, AnswersJson][] = [];
  state.runs.forEach(({ answers }, k) => {
    if (answers === null) return;
    if (isSettled(state, k)) parts.set(`a${k}`, () => encoded(answersToJson(answers)));
    else open.push([k, answersToJson(answers)]);
  });
  state.revisions.forEach((revision, i) => parts.set(`r${i + 1}`, () => revisionBytes(revision)));
  const index: SnapshotIndex = { v: SNAPSHOT_VERSION, deck: state.created?.deck.sha256 ?? '', parts: [...parts.keys()] };
  return { head: Buffer.from(`${JSON.stringify(index)}\n${JSON.stringify({ ...stateToBody(state), open })}`), parts };
}

/** @throws UnknownSnapshotError */
function indexOf(head: Uint8Array): SnapshotIndex {
  const end = head.indexOf(10);
  const index = end < 0 ? null : decoded<SnapshotIndex>(head.subarray(0, end));
  if (index?.v !== SNAPSHOT_VERSION) throw new UnknownSnapshotError(`snapshot of version ${index?.v ?? 'none'}; this release reads ${SNAPSHOT_VERSION}`);
  return index;
}

/** Keys of the parts that `head` needs. @throws UnknownSnapshotError */
export function partKeys(head: Uint8Array): readonly string[] {
  return indexOf(head).parts;
}

/** SHA-256 of the deck that `head` needs. @throws UnknownSnapshotError */
export function deckOfHead(head: Uint8Array): string {
  return indexOf(head).deck;
}

/** @throws UnknownSnapshotError; Error where a part or the deck is missing */
export function restore(sessionId: string, head: Uint8Array, parts: ReadonlyMap<string, Uint8Array>, decks: DeckLookup): SessionState {
  const index = indexOf(head);
  const part = (key: string): Uint8Array => {
    const bytes = parts.get(key);
    if (bytes === undefined) throw new Error(`snapshot of session ${sessionId} lacks its part ${key}`);
    return bytes;
  };
  const body = decoded<SnapshotBody & { open: [number, AnswersJson][] }>(head.subarray(head.indexOf(10) + 1));
  const answers = new Map(body.open.map(([k, json]) => [k, answersFromJson(json)]));
  for (const key of index.parts) if (key.startsWith('a')) answers.set(Number(key.slice(1)), answersFromJson(decoded(part(key))));
  const revisions = index.parts.filter((key) => key.startsWith('r')).map((key) => revisionFrom(part(key)));
  return bodyToState(sessionId, decks, index.deck, body, answers, revisions);
}
