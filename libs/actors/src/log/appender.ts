/**
 * Brings batches of numbered records into one shard's log. Owns the offset at which the owner's next record is expected,
 * and the rule's state there. Its caller has one call under way at a time.
 * L4: a batch ends accepted or fenced; until then the same bytes are tried again and nothing else is written.
 * L5: accepted at once only where no foreign record can lie between; else the log is read back, and L2 decides.
 */
import { Halt, haltOf } from '../halt.js';
import { JournalError, type Journal } from '../ports/journal.js';
import type { Life } from '../time/life.js';
import type { Retry } from '../time/retry.js';
import type { LogReader } from './log-reader.js';
import type { NumberedHeader } from './record.js';

/** A numbered record and the bytes that stand for it, now and at every further attempt. */
export interface Numbered {
  readonly record: NumberedHeader;
  readonly bytes: Uint8Array;
  /** Whose turn it is; empty for a mark of the shard. */
  readonly entityId: string;
}

export interface AppendOutcome {
  readonly accepted: boolean;
  /** Offset of each accepted record, in order. */
  readonly offsets: readonly number[];
  /** Owner of the higher claim, once one was seen. */
  readonly fencedBy?: string;
}

interface Flight {
  readonly records: readonly Numbered[];
  readonly offsets: number[];
}

export class Appender {
  /** Code of the last failed attempt, until one succeeds. */
  failing: string | undefined;

  constructor(
    private readonly journal: Journal,
    private readonly log: LogReader,
    private readonly retry: Retry,
    private readonly life: Life,
  ) {}

  /** Offset behind the last record that this owner knows of. */
  get position(): number {
    return this.log.position;
  }

  /** @throws Halt for what will not pass; Ended */
  async append(records: readonly Numbered[]): Promise<AppendOutcome> {
    const flight: Flight = { records, offsets: [] };
    const bytes = records.map((each) => each.bytes);
    for (let attempt = 0; ; attempt++) {
      const base = await this.send(bytes); // L4 the same bytes at every attempt
      if (base === this.log.position) return this.accept(flight, base); // L5 contiguous
      const outcome = await this.readBack(flight);
      if (outcome) return outcome; // L4 ends accepted or fenced
      await this.retry.pause(attempt);
    }
  }

  /** Reads what others have appended meanwhile. @returns the owner of a higher claim, if there is one. */
  async catchUp(): Promise<string | undefined> {
    return (await this.readBack({ records: [], offsets: [] }))?.fencedBy;
  }

  /** @returns the offset of the first record, or undefined when the outcome is unknown. */
  private async send(bytes: readonly Uint8Array[]): Promise<number | undefined> {
    try {
      const base = await this.journal.append(this.log.shard, bytes);
      this.failing = undefined;
      return base;
    } catch (error) {
      const halt = haltOf(error);
      if (halt) throw halt;
      this.failing = error instanceof JournalError ? error.code : 'JOURNAL_ERROR';
      return undefined;
    } finally {
      this.life.check();
    }
  }

  private accept(flight: Flight, base: number): AppendOutcome {
    flight.records.forEach(({ record, bytes }, index) => {
      const verdict = this.log.rule.judge(record, bytes);
      if (verdict === 'accepted') flight.offsets.push(base + index);
      else if (verdict !== 'duplicate') throw new Halt('INTERNAL', `own record (${record.epoch}, ${record.n}) is ${verdict}`);
    });
    this.log.position = base + flight.records.length;
    return { accepted: true, offsets: flight.offsets };
  }

  /** @returns undefined when the batch is not in the log up to its end, and no higher claim either. */
  private async readBack(flight: Flight): Promise<AppendOutcome | undefined> {
    let fencedBy: string | undefined;
    for (let step = 'more'; step === 'more'; ) {
      step = await this.retry.until(() =>
        this.log.skim(({ record, verdict, offset, bytes }) => {
          if (verdict !== 'accepted') return;
          if (record.kind === 'claim') {
            fencedBy = record.owner;
            return 'stop'; // L5 what lies behind a higher claim is not ours to count
          }
          const own = flight.records[flight.offsets.length];
          if (!own || Buffer.compare(own.bytes, bytes) !== 0) throw foreign(record); // L5 compare bytes
          flight.offsets.push(offset);
          return;
        }),
      );
      if (step === 'trimmed') fencedBy = ''; // only a later owner trims above this one's position
    }
    const accepted = flight.records.length > 0 && flight.offsets.length === flight.records.length;
    if (fencedBy !== undefined) return { accepted, offsets: flight.offsets, fencedBy }; // L5 a higher claim fences
    return accepted ? { accepted, offsets: flight.offsets } : undefined;
  }
}

function foreign(record: NumberedHeader): Halt {
  return new Halt('RECORD_CONFLICT', `record (${record.epoch}, ${record.n}) of this owner's epoch is not its own`);
}
