/**
 * L6, the gate: an output leaves when an append that was started after its turn is accepted. Owns the batch that gathers,
 * the batch that flies, and the numbering of records. Does not know what an output is, nor what a record says.
 * L4: one append in flight; while it flies, the next batch gathers. S1: a snapshot to the store is an output like any other.
 */
import { haltFor, type Halt } from '../halt.js';
import type { Limits } from '../limits.js';
import type { AppendOutcome, Appender, Numbered } from '../log/appender.js';
import type { DropReason } from '../region/envelope.js';
import { Ended } from '../time/life.js';

/** Something that waits at the gate. Exactly one of the two is called, once. */
export interface Held {
  release(): void;
  drop(reason: DropReason, hint: string): void;
}

export interface OutboxHooks {
  /** The bytes of a `fence` with this number, now. */
  fence(n: number): Numbered;
  /** The journal is asked for something that the outputs wait for (true), or has answered (false). */
  asking(started: boolean): void;
  /** Before the outputs of the batch are released. `offsets[i]` is the place of `records[i]`. */
  accepted(records: readonly Numbered[], offsets: readonly number[]): void;
  fenced(owner: string): void;
  halted(halt: Halt): void;
  /** A listener threw. */
  failed(error: unknown): void;
}

interface Batch {
  readonly records: Numbered[];
  readonly held: Held[];
  bytes: number;
}

const emptyBatch = (): Batch => ({ records: [], held: [], bytes: 0 });

export class Outbox {
  /** Number of the last accepted record. */
  acceptedN: number;
  private gathered = emptyBatch();
  private flown = emptyBatch();
  private busy = false;
  private closed = false;

  constructor(
    private readonly appender: Appender,
    private readonly hooks: OutboxHooks,
    private readonly limits: Pick<Limits, 'batchBytesMax' | 'batchRecordsMax' | 'batchOutputsMax' | 'turnBytesMax'>,
    /** Number of the last record, accepted or not. */
    public lastN: number,
  ) {
    this.acceptedN = lastN;
  }

  /** Whether the gathered batch takes another turn of any size. */
  get full(): boolean {
    const { gathered, limits } = this;
    return (
      gathered.bytes > limits.batchBytesMax - limits.turnBytesMax ||
      gathered.records.length >= limits.batchRecordsMax ||
      gathered.held.length >= limits.batchOutputsMax
    );
  }

  /** Gathers record number `lastN + 1` and what may leave when it is accepted. */
  put(numbered: Numbered, held: Held): void {
    this.gather(numbered);
    this.hold(held);
  }

  /** Holds an output without a record of its own. */
  hold(held: Held): void {
    if (this.closed) return held.drop('notOwner', '');
    this.gathered.held.push(held); // L6 only an append that starts after the turn lets it go
  }

  /** Starts an append if something is held and none is in flight. */
  flush(): void {
    if (this.busy) return; // L4 one in flight
    if (this.gathered.held.length === 0) return;
    if (this.gathered.records.length === 0) this.gather(this.hooks.fence(this.lastN + 1)); // L6 a fence where nothing is gathered
    this.flown = this.gathered;
    this.gathered = emptyBatch();
    this.exclusively(() => this.appender.append(this.flown.records));
  }

  /** L7: `end` is the log's end as just seen. Finds out what lies there, if it is not this owner's own. */
  look(end: number): void {
    if (this.busy || this.closed || end <= this.appender.position) return;
    this.exclusively(async () => {
      const fencedBy = await this.appender.catchUp();
      return fencedBy === undefined ? undefined : { accepted: false, offsets: [], fencedBy };
    });
  }

  /** Gives back all that waits, in turn order. Nothing is appended any more. */
  dropAll(reason: DropReason, hint: string): void {
    this.closed = true;
    const { flown, gathered } = this;
    this.flown = emptyBatch();
    this.gathered = emptyBatch();
    for (const held of flown.held) held.drop(reason, hint);
    for (const held of gathered.held) held.drop(reason, hint);
  }

  private gather(numbered: Numbered): void {
    this.gathered.records.push(numbered);
    this.gathered.bytes += numbered.bytes.byteLength;
    this.lastN = numbered.record.n;
  }

  private exclusively(work: () => Promise<AppendOutcome | undefined>): void {
    this.busy = true;
    this.hooks.asking(true);
    work()
      .then((outcome) => this.settle(outcome))
      .catch((error: unknown) => {
        if (!(error instanceof Ended)) this.hooks.halted(haltFor(error));
      });
  }

  private settle(outcome: AppendOutcome | undefined): void {
    this.busy = false;
    this.hooks.asking(false);
    if (outcome?.accepted) this.release(outcome.offsets);
    if (outcome?.fencedBy !== undefined) return this.hooks.fenced(outcome.fencedBy); // L4 a fenced owner stops
    this.flush();
  }

  private release(offsets: readonly number[]): void {
    const { records, held } = this.flown;
    this.flown = emptyBatch();
    this.acceptedN = records.at(-1)?.record.n ?? this.acceptedN;
    this.hooks.accepted(records, offsets);
    for (const each of held) {
      try {
        each.release();
      } catch (error) {
        this.hooks.failed(error); // who listens may fail; what is accepted stays accepted
      }
    }
  }
}
