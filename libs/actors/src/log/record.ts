/**
 * L1: what stands in a shard's log. One record is one JSON text in UTF-8. `f` is the format of the record itself,
 * `v` the version of the domain's events in it.
 */
import { Halt } from '../halt.js';
import { scanHeader } from './header-scan.js';

export interface ClaimRecord {
  readonly kind: 'claim';
  readonly epoch: number;
  /** Tells the claims of two candidates for one epoch apart (L3). */
  readonly nonce: string;
  /** `name/boot` of the claiming process. */
  readonly owner: string;
}

/** The events of one turn. */
export interface TurnRecord {
  readonly kind: 'turn';
  readonly epoch: number;
  readonly n: number;
  /** Session time, ms. */
  readonly at: number;
  readonly entityId: string;
  readonly v: number;
  readonly events: readonly unknown[];
}

/** `fence` proves that its writer still owned the shard; after `released` nobody does (O3). */
export interface MarkRecord {
  readonly kind: 'fence' | 'released';
  readonly epoch: number;
  readonly n: number;
  readonly at: number;
}

export type NumberedRecord = TurnRecord | MarkRecord;
export type LogRecord = ClaimRecord | NumberedRecord;

/** What the record rule sees of a numbered record. */
export interface NumberedHeader {
  readonly kind: NumberedRecord['kind'];
  readonly epoch: number;
  readonly n: number;
  readonly at: number;
}

const FORMAT = 1;

export function encodeRecord(record: LogRecord): Uint8Array {
  return Buffer.from(JSON.stringify({ f: FORMAT, ...record }));
}

/** As `encodeRecord`, for the hot path: `events` is already JSON. */
export function encodeTurn(epoch: number, n: number, at: number, entityId: string, v: number, events: string): Uint8Array {
  return Buffer.from(
    `{"f":${FORMAT},"kind":"turn","epoch":${epoch},"n":${n},"at":${at},"entityId":${JSON.stringify(entityId)},"v":${v},"events":${events}}`,
  );
}

/** @throws Halt JOURNAL_CORRUPT for bytes that are no record, UNKNOWN_EVENT for one that this release cannot know. */
export function decodeRecord(bytes: Uint8Array): LogRecord {
  let raw: unknown;
  try {
    raw = JSON.parse(asBuffer(bytes).toString('utf8'));
  } catch (cause) {
    throw new Halt('JOURNAL_CORRUPT', 'a record of the log is not JSON', { cause });
  }
  const record = raw as { readonly f?: unknown } & LogRecord;
  if (typeof raw !== 'object' || raw === null) throw new Halt('JOURNAL_CORRUPT', 'a record of the log is no object');
  if (record.f !== FORMAT) throw new Halt('UNKNOWN_EVENT', `a record of the log has format ${String(record.f)}, known is ${FORMAT}`);
  if (!isWellFormed(record)) throw new Halt('JOURNAL_CORRUPT', `a record of kind ${record.kind} lacks a field`);
  return record;
}

/** Of a numbered record only what the record rule sees, at a fraction of the cost; who replays decodes the whole. @throws as decodeRecord */
export function decodeHeader(bytes: Uint8Array): ClaimRecord | NumberedHeader {
  return scanHeader(bytes) ?? decodeRecord(bytes);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isWellFormed(record: LogRecord): boolean {
  switch (record.kind) {
    case 'claim':
      return isCount(record.epoch) && typeof record.nonce === 'string' && typeof record.owner === 'string';
    case 'turn':
      return isNumbered(record) && typeof record.entityId === 'string' && isCount(record.v) && Array.isArray(record.events);
    case 'fence':
    case 'released':
      return isNumbered(record);
    default:
      throw new Halt('UNKNOWN_EVENT', `a record of the log has kind ${String((record as LogRecord).kind)}`);
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumbered = (record: NumberedRecord): boolean => isCount(record.epoch) && isCount(record.n) && isCount(record.at);
