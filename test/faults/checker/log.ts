/**
 * The journal as an outsider reads it, with a record rule of its own. I3: what counts forms one dense sequence of records, each in the epoch that was claimed
 * last. I9: bytes are what was written. Knows the format of a record, and takes nothing from the engine.
 */
import type { AcceptedTurn, RawEvent } from '../../checker/turn.js';
import type { RawRecord } from '../journal/recorder.js';
import type { Wrong } from './verdict.js';

interface JournalRecord {
  readonly kind: 'claim' | 'turn' | 'fence' | 'released';
  readonly epoch: number;
  readonly n?: number;
  readonly at?: number;
  readonly owner?: string;
  readonly nonce?: string;
  readonly entityId?: string;
  readonly events?: readonly RawEvent[];
}

export interface AcceptedClaim {
  readonly shard: number;
  readonly epoch: number;
  /** `name/boot`. */
  readonly owner: string;
  readonly landedAt: number;
}

export interface ShardLog {
  readonly turns: AcceptedTurn[];
  readonly claims: AcceptedClaim[];
  readonly counts: { accepted: number; stale: number; duplicate: number };
}

/** Takes the records of one shard in the order of their offsets. */
export class LogReader {
  readonly log: ShardLog = { turns: [], claims: [], counts: { accepted: 0, stale: 0, duplicate: 0 } };
  #epoch = 0;
  #n = 0;
  #at = 0;
  #offset = -1;
  /** Part of the log was trimmed unread, and no claim has come since: one may have been in it. */
  #isUnread = false;
  /** … and no numbered record has come either: as many turns counted before. */
  #gone: number | undefined;
  #turnsBefore = 0;
  #isClaimed = false;
  /** What counts under each number, for the comparison of those that come twice. */
  readonly #texts = new Map<number, string>();

  constructor(
    private readonly shard: number,
    private readonly wrong: Wrong,
  ) {}

  take({ offset, crc, text, seen, gone }: RawRecord): void {
    if (gone === true) {
      this.#offset = offset - 1;
      this.#isUnread = true;
      this.#isClaimed = false;
      this.#gone = this.#turnsBefore = this.log.turns.length;
      return;
    }
    if (offset !== this.#offset + 1) this.#wrong(offset, 'I3', `offset ${offset} follows ${this.#offset}`);
    this.#offset = offset;
    const record = crc ? parsed(text) : undefined;
    if (record === undefined) return this.#wrong(offset, 'I9', crc ? 'it is no record' : 'its checksum does not fit');
    if (record.kind === 'claim') this.#claim(record, seen);
    else this.#numbered(record, offset, text, seen);
  }

  #claim({ epoch, owner = '' }: JournalRecord, landedAt: number): void {
    const { claims, counts } = this.log;
    if (epoch <= this.#epoch) {
      counts.stale++;
      return;
    }
    this.#epoch = epoch;
    // With a claim behind the gap the epoch is known again; the number, once a record has come.
    this.#isClaimed = true;
    if (this.#gone === undefined) this.#isUnread = false;
    claims.push({ shard: this.shard, epoch, owner, landedAt });
  }

  #numbered({ kind, epoch, n = -1, at = 0, entityId = '', events = [] }: JournalRecord, offset: number, text: string, landedAt: number): void {
    const { turns, counts } = this.log;
    if (this.#isUnread && (this.#gone !== undefined ? epoch >= this.#epoch && n > this.#n : epoch > this.#epoch)) this.#resume(epoch, n);
    if (epoch > this.#epoch) return this.#wrong(offset, 'I3', `a record of epoch ${epoch}, which nobody has claimed`);
    if (epoch < this.#epoch) {
      counts.stale++;
      return;
    }
    if (n <= this.#n) {
      counts.duplicate++;
      if ((this.#texts.get(n) ?? text) !== text) this.#wrong(offset, 'I3', `other bytes as record ${n} of epoch ${epoch}`);
      return;
    }
    if (n !== this.#n + 1) return this.#wrong(offset, 'I3', `record ${n} follows ${this.#n}`);
    if (at < this.#at) this.#wrong(offset, 'I3', `session time falls from ${this.#at} to ${at}`);
    this.#n = n;
    this.#at = at;
    this.#texts.set(n, text);
    counts.accepted++;
    if (kind === 'turn') turns.push({ epoch, n, at, sessionId: entityId, events, landedAt, offset });
  }

  /** A record behind what was trimmed says how far the log had come; what seemed to count there, of a lower epoch, was stale. */
  #resume(epoch: number, n: number): void {
    if (this.#gone === undefined) this.log.turns.length = this.#turnsBefore;
    this.#gone = undefined;
    if (this.#isClaimed) this.#isUnread = false;
    this.#epoch = epoch;
    this.#n = n - 1;
  }

  #wrong(offset: number, invariant: string, about: string): void {
    this.wrong(invariant, `shard ${this.shard}, offset ${offset}: ${about}`);
  }
}

const kinds: readonly string[] = ['claim', 'turn', 'fence', 'released'];

function parsed(text: string): JournalRecord | undefined {
  try {
    const record = JSON.parse(text) as JournalRecord & { readonly f?: number };
    return record.f === 1 && kinds.includes(record.kind) && Number.isSafeInteger(record.epoch) ? record : undefined;
  } catch {
    return undefined;
  }
}
