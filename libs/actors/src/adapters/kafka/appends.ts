/**
 * Brings batches to the leaders of their partitions. Owns what waits and what flies. L4: what gathers while a request flies goes out in the
 * next one, all shards of a broker together; of one shard one batch at a time, in order; nothing is sent a second time from here.
 * A shard whose last append had an unknown outcome takes another lane until one is accepted: a partition whose followers hang
 * makes its request wait for `replicationTimeoutMs`, and that must not happen to all others again and again.
 */
import type { JournalError } from '../../ports/journal.js';
import type { Address, Batch, Produced } from './client.js';
import { nameOf, type Connections, type Lane } from './connections.js';
import { brokerError, meansMoved, requestError } from './errors.js';
import type { Leaders } from './leaders.js';
import type { KafkaSettings } from './options.js';

/** Bytes of one request; brokers take 100 MiB (socket.request.max.bytes). */
export const REQUEST_BYTES_MAX = 16 * 1024 * 1024;
/**
 * Partitions of one request. A broker syncs a file for each partition that it has newly come to lead, at its first append: 256 of them
 * took a busy disk 1 to 12 s in one request, which is more than `requestTimeoutMs`.
 */
const REQUEST_PARTITIONS_MAX = 64;

interface Waiting extends Batch {
  readonly bytes: number;
  accepted(baseOffset: number): void;
  failed(error: JournalError): void;
}

interface Route {
  readonly address: Address;
  readonly lane: Lane;
  readonly batches: Waiting[];
  bytes: number;
}

export class Appends {
  /** What waits, by shard, in the order in which it came. */
  readonly #waiting = new Map<number, Waiting[]>();
  readonly #flying = new Set<number>();
  readonly #suspects = new Set<number>();
  /** `broker/lane` with a request under way. */
  readonly #busy = new Set<string>();
  #isScheduled = false;
  #isLocating = false;
  #drained: (() => void)[] = [];

  constructor(
    private readonly connections: Connections,
    private readonly leaders: Leaders,
    private readonly settings: KafkaSettings,
  ) {}

  /** @param bytes about what it takes in a request. @returns offset of the first record. @throws JournalError */
  submit(batch: Batch, bytes: number): Promise<number> {
    return new Promise((accepted, failed) => {
      const waiting = { ...batch, bytes, accepted, failed };
      const queue = this.#waiting.get(batch.partition);
      if (queue) queue.push(waiting);
      else this.#waiting.set(batch.partition, [waiting]);
      this.#schedule();
    });
  }

  /** Until everything that was submitted has its answer. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained.push(resolve);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.settings.timers.soon(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const routes = new Map<string, Route>();
    const lost: number[] = [];
    for (const [shard, queue] of this.#waiting) {
      if (this.#flying.has(shard)) continue;
      const address = this.leaders.of(shard);
      if (address === undefined) lost.push(shard);
      else this.#route(routes, shard, address, queue);
    }
    for (const [key, route] of routes) void this.#send(key, route);
    if (lost.length > 0 && !this.#isLocating) void this.#locate(lost);
    if (this.#waiting.size === 0 && this.#flying.size === 0) for (const resolve of this.#drained.splice(0)) resolve();
  }

  #route(routes: Map<string, Route>, shard: number, address: Address, queue: Waiting[]): void {
    const lane = this.#suspects.has(shard) ? 'retry' : 'produce';
    const key = `${nameOf(address)}/${lane}`;
    const batch = queue[0];
    if (batch === undefined || this.#busy.has(key)) return;
    const route = routes.get(key);
    if (route === undefined) routes.set(key, { address, lane, batches: [batch], bytes: batch.bytes });
    else if (route.batches.length === REQUEST_PARTITIONS_MAX || route.bytes + batch.bytes > REQUEST_BYTES_MAX) return;
    else {
      route.batches.push(batch);
      route.bytes += batch.bytes;
    }
    this.#flying.add(shard);
    queue.shift();
    if (queue.length === 0) this.#waiting.delete(shard);
  }

  async #send(key: string, { address, lane, batches }: Route): Promise<void> {
    const { topic, replicationTimeoutMs } = this.settings;
    this.#busy.add(key);
    try {
      this.#settle(batches, await this.connections.call(address, lane, 'Produce', (broker) => broker.produce(topic, batches, replicationTimeoutMs)));
    } catch (cause) {
      for (const batch of batches) this.#fail(batch, requestError(cause, `append to ${topic}/${batch.partition} at ${nameOf(address)}`), true);
    } finally {
      this.#busy.delete(key);
      for (const { partition } of batches) this.#flying.delete(partition);
      if (this.#waiting.size > 0 || this.#drained.length > 0) this.#schedule();
    }
  }

  #settle(batches: readonly Waiting[], all: readonly Produced[]): void {
    const answers = new Map(all.map((produced) => [produced.partition, produced]));
    for (const batch of batches) {
      const produced = answers.get(batch.partition);
      if (produced?.error === 0) {
        this.#suspects.delete(batch.partition);
        batch.accepted(produced.baseOffset);
      } else {
        const error = produced?.error ?? -1;
        this.#fail(batch, brokerError(error, `append to ${this.settings.topic}/${batch.partition}`), meansMoved(error));
      }
    }
  }

  #fail(batch: Waiting, error: JournalError, isDoubtful: boolean): void {
    if (error.kind === 'unknown') this.#suspects.add(batch.partition);
    if (isDoubtful) this.leaders.doubt(batch.partition);
    batch.failed(error);
  }

  /** Finds the leaders of shards; the first batch of each that has none is given up, for its appender to try again. */
  async #locate(shards: readonly number[]): Promise<void> {
    this.#isLocating = true;
    let failure: unknown;
    try {
      await this.leaders.ensure(shards);
    } catch (error) {
      failure = error;
    }
    this.#isLocating = false;
    for (const shard of shards.filter((each) => this.leaders.of(each) === undefined)) this.#giveUp(shard, failure);
    this.#schedule();
  }

  #giveUp(shard: number, failure: unknown): void {
    const queue = this.#waiting.get(shard);
    const batch = queue?.shift();
    if (queue?.length === 0) this.#waiting.delete(shard);
    try {
      if (failure !== undefined) throw failure;
      this.leaders.known(shard);
    } catch (cause) {
      batch?.failed(requestError(cause, `append to ${this.settings.topic}/${shard}`));
    }
  }
}
