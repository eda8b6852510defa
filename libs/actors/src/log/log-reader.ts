/**
 * Reads one shard's log forward and lets the record rule judge each record. Owns a position and the rule's state at it;
 * both move together. Keeps L2 for its users and the comparison with the log's start (S3).
 */
import { Halt } from '../halt.js';
import { JournalError, type Journal, type JournalPage } from '../ports/journal.js';
import { decodeHeader, decodeRecord, type ClaimRecord, type LogRecord, type NumberedHeader } from './record.js';
import type { RecordRule } from './record-rule.js';

export interface Judged<R> {
  readonly record: R;
  readonly verdict: 'accepted' | 'stale' | 'duplicate';
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export type JudgedRecord = Judged<LogRecord>;
export type JudgedHeader = Judged<ClaimRecord | NumberedHeader>;

/** Sees every record; ends the step behind it by returning 'stop'. */
export type Visit<J> = (judged: J) => 'stop' | void;

/** trimmed: the log starts above the position. stopped: the visitor had enough. end: nothing lies beyond. */
export type Step = 'more' | 'end' | 'stopped' | 'trimmed';

export class LogReader {
  private readonly pageBytes: number;

  constructor(
    private readonly journal: Journal,
    readonly shard: number,
    readonly rule: RecordRule,
    /** Offset of the next record to judge. */
    public position: number,
    readBytesMax: number,
  ) {
    this.pageBytes = Math.min(readBytesMax, journal.readBytesBest ?? Infinity);
  }

  /**
   * Reads and judges one page.
   * @throws Halt JOURNAL_GAP, RECORD_CONFLICT, JOURNAL_CORRUPT or UNKNOWN_EVENT; JournalError when the read failed
   */
  async step(visit: Visit<JudgedRecord>): Promise<Step> {
    return this.judge(await this.page(), visit);
  }

  /** As `step`, for those who need not know what is in a turn. */
  async skim(visit: Visit<JudgedHeader>): Promise<Step> {
    return this.advance(await this.page(), decodeHeader, visit);
  }

  /** The next page, not yet judged, for those who judge without being called again. @throws JournalError when the read failed */
  async page(): Promise<JournalPage> {
    const { position } = this;
    const page = await this.journal.read(this.shard, position, this.pageBytes);
    const short = page.records.length === 0 && page.start <= position && position < page.end;
    if (short) throw new JournalError('unknown', 'JOURNAL_SHORT_READ', 'a read below the end gave nothing');
    return page;
  }

  /** Judges what `page` gave; nothing else may have moved the position. @throws Halt as `step` */
  judge(page: JournalPage, visit: Visit<JudgedRecord>): Step {
    return this.advance(page, decodeRecord, visit);
  }

  private advance<R extends ClaimRecord | NumberedHeader>(page: JournalPage, decode: (bytes: Uint8Array) => R, visit: Visit<Judged<R>>): Step {
    if (page.start > this.position) return 'trimmed'; // S3 compare with the log's start
    for (const { offset, bytes } of page.records) {
      const record = decode(bytes);
      const verdict = this.rule.judge(record, bytes);
      if (verdict === 'gap') throw new Halt('JOURNAL_GAP', this.describe(record, offset));
      if (verdict === 'conflict') throw new Halt('RECORD_CONFLICT', this.describe(record, offset));
      this.position = offset + 1;
      if (visit({ record, verdict, offset, bytes }) === 'stop') return 'stopped';
    }
    return this.position >= page.end ? 'end' : 'more';
  }

  private describe(record: ClaimRecord | NumberedHeader, offset: number): string {
    const n = record.kind === 'claim' ? '-' : record.n;
    return `shard ${this.shard}, offset ${offset}: ${record.kind} (${record.epoch}, ${n}) after (${this.rule.epoch}, ${this.rule.n})`;
  }
}
