/**
 * The journal in Kafka: one topic, partition = shard. Owns nothing but the joining of its parts; who may write is L2's business. L5: offsets of
 * one partition are dense, as there are no transactions and no compaction; a batch that is not ours is corruption (I9).
 */
import { JournalError, type Journal, type JournalPage, type LogRange } from '../../ports/journal.js';
import { Appends, REQUEST_BYTES_MAX } from './appends.js';
import type { Address, KafkaConnection } from './client.js';
import { nameOf, type Connections, type Lane } from './connections.js';
import { brokerError, closedError, corruptError, meansMoved, OFFSET_OUT_OF_RANGE, readError, requestError } from './errors.js';
import type { Leaders } from './leaders.js';
import type { KafkaSettings } from './options.js';
import { RECORD_OVERHEAD_BYTES, seal, unsealPage } from './seal.js';

/** Brokers answer with a whole batch at least; more than this is not asked of one. */
const FETCH_BYTES_MAX = 16 * 1024 * 1024;

export interface KafkaJournalParts {
  readonly connections: Connections;
  readonly leaders: Leaders;
  readonly settings: KafkaSettings;
}

export class KafkaJournal implements Journal {
  readonly #connections: Connections;
  readonly #leaders: Leaders;
  readonly #settings: KafkaSettings;
  readonly #appends: Appends;
  #closing: Promise<void> | undefined;

  constructor({ connections, leaders, settings }: KafkaJournalParts) {
    this.#connections = connections;
    this.#leaders = leaders;
    this.#settings = settings;
    this.#appends = new Appends(connections, leaders, settings);
  }

  async append(shard: number, records: readonly Uint8Array[]): Promise<number> {
    this.#check();
    if (records.length === 0) return (await this.#range(shard)).end;
    const bytes = records.reduce((sum, { length }) => sum + length + RECORD_OVERHEAD_BYTES, 0);
    if (bytes > REQUEST_BYTES_MAX) throw new JournalError('permanent', 'JOURNAL_TOO_LARGE', `${bytes} bytes in one append are above ${REQUEST_BYTES_MAX}`);
    return this.#appends.submit({ partition: shard, records: records.map(seal) }, bytes);
  }

  async read(shard: number, from: number, maxBytes: number): Promise<JournalPage> {
    this.#check();
    const where = this.#place('read', shard);
    const wanted = { partition: shard, from, maxBytes: Math.max(1, Math.min(maxBytes, FETCH_BYTES_MAX)) };
    const fetched = await this.#ask(shard, where, 'fetch', 'Fetch', (leader) => leader.fetch(this.#settings.topic, wanted));
    // Never a silent reset: the caller sees where the log begins and ends, and decides (S3).
    if (fetched.error === OFFSET_OUT_OF_RANGE) return { records: [], ...(await this.#range(shard)) };
    if (fetched.error !== 0) throw this.#failed(shard, fetched.error, where);
    const records = unsealPage(fetched.records, from, maxBytes);
    if (typeof records === 'string') throw corruptError(where, records);
    return { records, start: fetched.start, end: fetched.end };
  }

  /** A shard whose leader cannot be asked is missing from the answer. @throws JournalError when none could be asked */
  async ends(shards: readonly number[]): Promise<ReadonlyMap<number, LogRange>> {
    this.#check();
    if (shards.length === 0) return new Map();
    await this.#leaders.ensure(shards);
    const groups = new Map<string, { address: Address; partitions: number[] }>();
    for (const shard of new Set(shards)) {
      const address = this.#leaders.of(shard);
      if (address === undefined) continue;
      const group = groups.get(nameOf(address));
      if (group) group.partitions.push(shard);
      else groups.set(nameOf(address), { address, partitions: [shard] });
    }
    const ranges = new Map<number, LogRange>();
    const asked = await Promise.allSettled([...groups.values()].map(({ address, partitions }) => this.#listEnds(address, partitions, ranges)));
    if (ranges.size > 0) return ranges;
    const failure = asked.find((each) => each.status === 'rejected');
    throw requestError(failure?.reason ?? 'no leader answers', `ends of ${shards.length} partitions of ${this.#settings.topic}`);
  }

  async trim(shard: number, below: number): Promise<void> {
    this.#check();
    const { start, end } = await this.#range(shard);
    const target = Math.min(below, end);
    if (target <= start) return;
    const { topic, replicationTimeoutMs } = this.#settings;
    const where = this.#place('trim', shard);
    const { error } = await this.#ask(shard, where, 'control', 'DeleteRecords', (leader) => leader.deleteRecords(topic, shard, target, replicationTimeoutMs));
    if (error !== 0) throw this.#failed(shard, error, where);
  }

  /** Waits for what was appended, at most for one request's time-out; then nothing is left behind. */
  close(): Promise<void> {
    this.#closing ??= this.#appends.drain().then(() => {
      this.#connections.close();
    });
    return this.#closing;
  }

  /** Start and end of one shard's log. @throws JournalError */
  async #range(shard: number): Promise<LogRange> {
    const ranges = new Map<number, LogRange>();
    const where = this.#place('ends', shard);
    await this.#listEnds(await this.#leaders.find(shard), [shard], ranges);
    const range = ranges.get(shard);
    if (range === undefined) throw this.#failed(shard, -1, where);
    return range;
  }

  /** Two requests, as a partition may be named once in each. Adds to `ranges` what the broker knows. @throws JournalError */
  async #listEnds(address: Address, partitions: readonly number[], ranges: Map<number, LogRange>): Promise<void> {
    const { topic } = this.#settings;
    const list = (end: 'earliest' | 'latest') => this.#connections.call(address, 'control', 'ListOffsets', (leader) => leader.listOffsets(topic, partitions, end));
    try {
      const [earliest, latest] = await Promise.all([list('earliest'), list('latest')]);
      const starts = new Map(earliest.map((listed) => [listed.partition, listed]));
      const ends = new Map(latest.map((listed) => [listed.partition, listed]));
      for (const shard of partitions) {
        const start = starts.get(shard);
        const end = ends.get(shard);
        if (start?.error === 0 && end?.error === 0) ranges.set(shard, { start: start.offset, end: Math.max(start.offset, end.offset) });
        else if (partitions.length === 1) throw brokerError(start?.error || end?.error || -1, this.#place('ends', shard));
        else this.#leaders.doubt(shard);
      }
    } catch (error) {
      for (const shard of partitions) this.#leaders.doubt(shard);
      throw requestError(error, `ends of ${partitions.length} partitions of ${topic}`);
    }
  }

  /** Asks the leader of a shard's partition; who does not answer may not lead it any more. @throws JournalError */
  async #ask<T>(shard: number, where: string, lane: Lane, api: string, call: (leader: KafkaConnection) => Promise<T>): Promise<T> {
    const address = await this.#leaders.find(shard);
    try {
      return await this.#connections.call(address, lane, api, call);
    } catch (error) {
      this.#leaders.doubt(shard);
      throw requestError(error, where);
    }
  }

  #failed(shard: number, error: number, where: string): JournalError {
    if (meansMoved(error)) this.#leaders.doubt(shard);
    return readError(error, where);
  }

  #place(what: string, shard: number): string {
    return `${what} of ${this.#settings.topic}/${shard}`;
  }

  #check(): void {
    if (this.#closing !== undefined) throw closedError();
  }
}
