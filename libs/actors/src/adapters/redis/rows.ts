/** How a process says in Redis that it is there: one field of a hash for each process, so that no two ever write the same one. */
import { createHash } from 'node:crypto';
import type { Joining, MemberKind } from '../../ports/membership.js';

export interface MemberRow extends Joining {
  /** Redis' wall clock when it joined, ms, or more: of two processes of one name the later one has the higher number. */
  readonly since: number;
  /** Counts up while the process lives. */
  readonly beat: number;
  /** What it takes for the ring. */
  readonly ringHash: string;
  /** It will beat no more. */
  readonly left?: true;
}

const VERSION = 1;
const kinds: readonly string[] = ['node', 'router'] satisfies MemberKind[];

export function fieldOf({ kind, name, boot }: Pick<MemberRow, 'kind' | 'name' | 'boot'>): string {
  return JSON.stringify([kind, name, boot]);
}

export function encodeRow(row: MemberRow): string {
  return JSON.stringify({ v: VERSION, ...row });
}

/** @returns undefined for what no version that this one knows has written. */
export function decodeRow(text: string): MemberRow | undefined {
  try {
    const { v, kind, name, boot, address, since, beat, ringHash, left } = JSON.parse(text) as Record<string, unknown>;
    const sound =
      v === VERSION && kinds.includes(kind as string) && [name, boot, address, ringHash].every((value) => typeof value === 'string') && Number.isSafeInteger(since) && Number.isSafeInteger(beat);
    return sound ? ({ kind, name, boot, address, since, beat, ringHash, ...(left === true ? { left } : {}) } as MemberRow) : undefined;
  } catch {
    return undefined;
  }
}

/** The same for all who see the same nodes: 16 hex digits over the sorted names. */
export function ringHashOf(names: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify([...names].sort(compare))).digest('hex').slice(0, 16);
}

/** By code units: the same on every machine, whatever its language. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
