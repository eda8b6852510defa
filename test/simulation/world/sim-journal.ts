/**
 * The journal of a whole cluster: keeps what it acknowledged, and nothing else is certain. An append may land and not be heard of, land late, land twice, or
 * never; a later one may land before an earlier one. Owns the logs, every record that ever stood in them, and who wrote it when.
 */
import { JournalError, type Journal, type JournalPage, type LogRange } from '@ringmaster/actors';
import type { Chance } from './chance.js';
import type { SimProcess } from './sim-process.js';
import type { Moments } from './moments.js';
import type { Sometimes } from './sometimes.js';
import type { VirtualTime } from './virtual-time.js';
import type { Weather } from './weather.js';

export interface LandedRecord {
  readonly bytes: Uint8Array;
  /** Name and boot of the process that wrote it. */
  readonly by: string;
  /** World time. */
  readonly landedAt: number;
}

interface Log {
  start: number;
  readonly records: LandedRecord[];
  /** Appends of a writer that landed without its knowing. */
  readonly unheard: Map<string, Uint8Array[]>;
}

const TIMEOUT_MS = { least: 250, most: 700 };
const PAGE_RECORDS_MAX = 40;

export class SimJournal {
  readonly #logs = new Map<number, Log>();

  constructor(
    private readonly time: VirtualTime,
    private readonly weather: Weather,
    private readonly sometimes: Sometimes,
    private readonly moments: Moments,
  ) {}

  /** Every record that ever stood in a shard's log, trimmed ones too. */
  records(shard: number): readonly LandedRecord[] {
    return this.#log(shard).records;
  }

  shards(): readonly number[] {
    return [...this.#logs.keys()].sort((a, b) => a - b);
  }

  portFor(process: SimProcess, by: string, chance: Chance): Journal {
    return {
      append: (shard, records) => this.#append(process, by, chance, shard, records.map((record) => record.slice())),
      read: (shard, from, maxBytes) => this.#look(process, chance, () => this.#page(by, shard, from, Math.min(maxBytes, chance.whole(200, 20_000)))),
      ends: (shards) => this.#look(process, chance, () => new Map(shards.map((shard) => [shard, this.#range(shard)]))),
      trim: (shard, below) => this.#ask(process, chance, () => this.#trim(shard, below)),
      close: async () => undefined,
    };
  }

  #append(process: SimProcess, by: string, chance: Chance, shard: number, records: readonly Uint8Array[]): Promise<number> {
    const { journal } = this.weather;
    return new Promise((resolve, reject) => {
      const cancel = process.after(chance.between(TIMEOUT_MS.least, TIMEOUT_MS.most), () => {
        this.#log(shard).unheard.set(by, [...records]);
        reject(new JournalError('unknown', 'JOURNAL_TIMEOUT', 'no answer in time'));
      });
      const land = (heard: boolean): void => {
        const base = this.#land(shard, by, records);
        if (heard) process.input(chance.skewed(0.2, 3), () => (cancel(), resolve(base)));
      };
      const delay = this.#delay(chance);
      const cutOff = journal.cutOff.has(process.name);
      if (chance.odds(cutOff ? 0.6 : journal.lost)) return;
      if (chance.odds(cutOff ? 0.7 : journal.late)) return void this.time.after(delay + chance.between(500, 6_000), () => land(false));
      this.time.after(delay, () => land(!cutOff && !chance.odds(journal.unheard)));
      if (chance.odds(journal.doubled)) this.time.after(delay + chance.skewed(1, 3_000), () => land(false));
    });
  }

  #look<T>(process: SimProcess, chance: Chance, answer: () => T): Promise<T> {
    if (!this.weather.journal.blind.has(process.name)) return this.#ask(process, chance, answer);
    return new Promise((_, reject) => process.after(chance.between(50, 300), () => reject(new JournalError('unknown', 'JOURNAL_TIMEOUT', 'no answer in time'))));
  }

  #ask<T>(process: SimProcess, chance: Chance, answer: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new JournalError('unknown', 'JOURNAL_TIMEOUT', 'no answer in time'));
      if (this.weather.journal.cutOff.has(process.name) || chance.odds(this.weather.journal.failed)) return void process.after(chance.between(50, 300), fail);
      const cancel = process.after(TIMEOUT_MS.most, fail);
      this.time.after(this.#delay(chance), () => {
        const found = answer();
        process.input(chance.skewed(0.2, 3), () => (cancel(), resolve(found)));
      });
    });
  }

  #delay(chance: Chance): number {
    const stalled = this.weather.journal.stalledUntil - this.time.now;
    return stalled > 0 ? stalled + chance.between(0, 50) : chance.skewed(0.3, 4);
  }

  #land(shard: number, by: string, records: readonly Uint8Array[]): number {
    const log = this.#log(shard);
    const base = log.records.length;
    for (const bytes of records) log.records.push({ bytes, by, landedAt: this.time.now });
    if (records.length === 1 && isClaim(records[0])) this.moments.happened('claimed', by.slice(0, by.indexOf('/')));
    return base;
  }

  #page(by: string, shard: number, from: number, maxBytes: number): JournalPage {
    const log = this.#log(shard);
    const page: { offset: number; bytes: Uint8Array }[] = [];
    let bytes = 0;
    for (let offset = Math.max(from, log.start); offset < log.records.length && page.length < PAGE_RECORDS_MAX; offset++) {
      const record = log.records[offset] as LandedRecord;
      if (page.length > 0 && bytes + record.bytes.length > maxBytes) break;
      page.push({ offset, bytes: record.bytes.slice() });
      bytes += record.bytes.length;
      if (log.unheard.get(by)?.[0] === record.bytes) this.sometimes.note('read-back found own bytes');
    }
    return { records: page, ...this.#range(shard) };
  }

  #trim(shard: number, below: number): void {
    const log = this.#log(shard);
    if (below <= log.start) return;
    log.start = Math.min(below, log.records.length);
    this.sometimes.note('log trimmed');
  }

  #range(shard: number): LogRange {
    const { start, records } = this.#log(shard);
    return { start, end: records.length };
  }

  #log(shard: number): Log {
    let log = this.#logs.get(shard);
    if (log === undefined) this.#logs.set(shard, (log = { start: 0, records: [], unheard: new Map() }));
    return log;
  }
}

const CLAIM = Buffer.from('"kind":"claim"');
const isClaim = (bytes: Uint8Array | undefined): boolean => bytes !== undefined && Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(40, bytes.byteLength)).includes(CLAIM);
