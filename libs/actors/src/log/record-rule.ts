/**
 * L2, the record rule: the one thing that every reader of a log applies, and all that decides who owns a shard.
 * Owns (epoch, n, owner) at a place in the log and a bounded memory of digests; reads nothing, knows no offsets.
 */
import { crc32 } from 'node:zlib';
import type { ClaimRecord, NumberedHeader } from './record.js';

/** stale: of an owner that was replaced. duplicate: accepted before. gap and conflict: a promise was broken elsewhere (I9). */
export type Verdict = 'accepted' | 'stale' | 'duplicate' | 'gap' | 'conflict';

/** The rule's state at one place of the log. */
export interface RuleState {
  readonly epoch: number;
  readonly n: number;
  /** Of the last accepted claim; empty before the first, and after `released`. */
  readonly owner: string;
}

export class RecordRule implements RuleState {
  epoch: number;
  n: number;
  owner: string;
  /** Ring of digests of the records accepted in this epoch, from `digestsFrom` on. */
  private digests: Uint32Array | undefined;
  private digestsFrom: number;

  constructor(
    start: RuleState = { epoch: 0, n: 0, owner: '' },
    /** 0: conflicts are left to those who replay. */
    private readonly digestsMax = 4_096,
  ) {
    this.epoch = start.epoch;
    this.n = start.n;
    this.owner = start.owner;
    this.digestsFrom = start.n + 1;
  }

  /** Judges the next record of the log and, if it is accepted, moves past it. */
  judge(record: ClaimRecord | NumberedHeader, bytes: Uint8Array): Verdict {
    if (record.kind === 'claim') {
      if (record.epoch <= this.epoch) return 'stale'; // L2 a claim's epoch must exceed
      this.epoch = record.epoch;
      this.owner = record.owner;
      this.digestsFrom = this.n + 1;
      return 'accepted';
    }
    if (record.epoch < this.epoch) return 'stale'; // L2 stale epoch
    if (record.epoch > this.epoch) return 'gap'; // L2 an epoch that was never claimed
    if (record.n <= this.n) return this.remembersOther(record.n, bytes) ? 'conflict' : 'duplicate'; // L2 duplicate
    if (record.n > this.n + 1) return 'gap'; // L2 n is dense
    this.n = record.n;
    if (record.kind === 'released') this.owner = '';
    if (this.digestsMax > 0) this.remember(record.n, bytes);
    return 'accepted';
  }

  private remember(n: number, bytes: Uint8Array): void {
    this.digests ??= new Uint32Array(this.digestsMax);
    this.digests[n % this.digestsMax] = crc32(bytes);
  }

  /** Whether other bytes than these were accepted as record `n` of this epoch, as far as memory goes. */
  private remembersOther(n: number, bytes: Uint8Array): boolean {
    if (n < this.digestsFrom || n <= this.n - this.digestsMax) return false;
    return this.digests?.[n % this.digestsMax] !== crc32(bytes);
  }
}
