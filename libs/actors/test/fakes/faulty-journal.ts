/** A journal in memory whose appends can be held, lost, doubled and delayed, one by one. */
import { JournalError, type Journal, type JournalPage, type LogRange } from '@ringmaster/actors';
import { MemoryJournal, type MemoryLogs } from '../fakes-memory/memory-journal.js';

/**
 * answered: as it should be. unheard: lands, but the response is lost. lost: never lands, and nobody says so. doubled: lands twice.
 * late: nobody answers, and it lands when `landLate` is called. held: waits in `held`. refused: a permanent error.
 */
export type Fate = 'answered' | 'unheard' | 'lost' | 'doubled' | 'late' | 'held' | 'refused' | 'full';

export interface HeldAppend {
  readonly shard: number;
  readonly records: readonly Uint8Array[];
  /** Puts the records into the log, without an answer yet. */
  land(): void;
  answer(): void;
  fail(): void;
}

export class FaultyJournal implements Journal {
  /** Decides each append's fate, in order; `answered` when it says nothing. */
  fate: (shard: number, records: readonly Uint8Array[]) => Fate | undefined = () => undefined;
  readonly held: HeldAppend[] = [];
  readonly late: HeldAppend[] = [];
  /** While true every call fails. */
  down = false;
  appends = 0;
  looks = 0;
  private readonly log: MemoryJournal;

  /** `trimmed` keeps what trims take away, so that a test can read whole histories. */
  constructor(
    private readonly logs: MemoryLogs,
    private readonly trimmed: Map<number, Uint8Array[]> = new Map(),
  ) {
    this.log = new MemoryJournal(logs);
  }

  async append(shard: number, records: readonly Uint8Array[]): Promise<number> {
    this.appends++;
    if (this.down) throw unknown();
    switch (this.fate(shard, records) ?? 'answered') {
      case 'answered':
        return this.log.append(shard, records);
      case 'unheard':
        await this.log.append(shard, records);
        throw unknown();
      case 'lost':
        throw unknown();
      case 'doubled': {
        const base = await this.log.append(shard, records);
        await this.log.append(shard, records);
        return base;
      }
      case 'late':
        void this.hold(this.late, shard, records).catch(() => undefined);
        throw unknown();
      case 'held':
        return this.hold(this.held, shard, records);
      case 'refused':
        throw new JournalError('permanent', 'JOURNAL_REFUSED', 'not authorised');
      case 'full':
        throw new JournalError('unknown', 'JOURNAL_FULL', 'no room');
    }
  }

  async read(shard: number, from: number, maxBytes: number): Promise<JournalPage> {
    if (this.down) throw unknown();
    return this.log.read(shard, from, maxBytes);
  }

  async ends(shards: readonly number[]): Promise<ReadonlyMap<number, LogRange>> {
    this.looks++;
    if (this.down) throw unknown();
    return this.log.ends(shards);
  }

  async trim(shard: number, below: number): Promise<void> {
    if (this.down) throw unknown();
    const log = this.logs.get(shard);
    if (log) this.trimmed.set(shard, [...(this.trimmed.get(shard) ?? []), ...log.records.slice(0, Math.max(0, below - log.start))]);
    return this.log.trim(shard, below);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  /** Gives the next appends these fates, and the rest none. */
  next(...fates: Fate[]): void {
    this.fate = () => fates.shift();
  }

  private hold(list: HeldAppend[], shard: number, records: readonly Uint8Array[]): Promise<number> {
    return new Promise((resolve, reject) => {
      let base: Promise<number> | undefined;
      const land = (): void => {
        base = this.log.append(shard, records);
      };
      list.push({
        shard,
        records,
        land,
        answer: () => {
          if (!base) land();
          resolve(base!);
        },
        fail: () => reject(unknown()),
      });
    });
  }
}

function unknown(): JournalError {
  return new JournalError('unknown', 'JOURNAL_TIMEOUT', 'no answer in time');
}
