/**
 * Who leads which partition: owns that knowledge and the addresses of the brokers. It may be old: the broker that is asked says so, and
 * whoever hears it calls `doubt`. Who asks next has the metadata read again, once for all who wait.
 */
import { JournalError } from '../../ports/journal.js';
import { parseAddress, type Address, type Metadata } from './client.js';
import { nameOf, type Connections } from './connections.js';
import { brokerError, requestError, UNKNOWN_TOPIC_OR_PARTITION } from './errors.js';
import { firstAnswer } from './hedge.js';
import type { KafkaSettings } from './options.js';

/** Between two readings of the metadata, ms. */
const REFRESH_GAP_MS = 50;
/** The topic is gone when all brokers have said so for this long, ms: one that has just started may not know it yet. */
const GONE_AFTER_MS = 5_000;

export class Leaders {
  readonly #seeds: readonly Address[];
  #brokers = new Map<number, Address>();
  #controller = -1;
  #leaders = new Map<number, number>();
  readonly #doubted = new Set<number>();
  #refreshing: Promise<Metadata> | undefined;
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #unknownSince: number | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly settings: KafkaSettings,
  ) {
    this.#seeds = settings.brokers.map(parseAddress);
  }

  /** The broker that leads the shard's partition, as far as is known and not doubted. */
  of(shard: number): Address | undefined {
    const node = this.#doubted.has(shard) ? undefined : this.#leaders.get(shard);
    return node === undefined ? undefined : this.#brokers.get(node);
  }

  /** @throws JournalError unknown JOURNAL_NO_LEADER, or why nobody could be asked */
  async find(shard: number): Promise<Address> {
    await this.ensure([shard]);
    return this.known(shard);
  }

  /** @throws JournalError unknown JOURNAL_NO_LEADER */
  known(shard: number): Address {
    const address = this.of(shard);
    if (address === undefined) throw new JournalError('unknown', 'JOURNAL_NO_LEADER', `partition ${shard} of ${this.settings.topic} has no leader`);
    return address;
  }

  /** Reads the metadata if the leader of one of the shards is not known, or doubted. @throws JournalError when nobody answers */
  async ensure(shards: readonly number[]): Promise<void> {
    if (shards.every((shard) => this.of(shard) !== undefined)) return;
    try {
      await this.refresh();
    } catch (error) {
      this.#doubted.clear(); // who led before is the best that is known
      if (shards.some((shard) => this.of(shard) === undefined)) throw error;
    }
  }

  /** An answer, or none, made it doubtful who leads the shard. */
  doubt(shard: number): void {
    this.#doubted.add(shard);
  }

  controller(): Address | undefined {
    return this.#brokers.get(this.#controller) ?? this.#brokers.values().next().value ?? this.#seeds[0];
  }

  /** @throws JournalError when nobody answers, or the topic is gone */
  refresh(): Promise<Metadata> {
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshedAt = this.settings.clock.mono();
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #read(): Promise<Metadata> {
    const { clock, timers, hedgeMs, topic } = this.settings;
    const wait = this.#refreshedAt + REFRESH_GAP_MS - clock.mono();
    if (wait > 0) await new Promise<void>((resolve) => timers.after(wait, resolve));
    const addresses = new Map([...this.#brokers.values(), ...this.#seeds].map((address) => [nameOf(address), address]));
    const asks = [...addresses.values()].map((address) => () => this.connections.call(address, 'control', 'Metadata', (broker) => broker.metadata(topic)));
    try {
      const metadata = await firstAnswer(rotated(asks, Math.floor(clock.mono())), hedgeMs, timers);
      this.#take(metadata);
      return metadata;
    } catch (error) {
      throw requestError(error, `metadata of ${topic} from ${[...addresses.keys()].join(', ')}`);
    }
  }

  #take({ brokers, controller, topicError, partitions }: Metadata): void {
    this.#brokers = new Map(brokers.map(({ node, host, port }) => [node, { host, port }]));
    this.#controller = controller;
    this.#doubted.clear();
    this.#checkTopic(topicError);
    this.#leaders = new Map(partitions.filter(({ leader }) => leader >= 0).map(({ partition, leader }) => [partition, leader]));
  }

  #checkTopic(error: number): void {
    const now = this.settings.clock.mono();
    if (error !== UNKNOWN_TOPIC_OR_PARTITION) this.#unknownSince = undefined;
    if (error === 0) return;
    if (error === UNKNOWN_TOPIC_OR_PARTITION) {
      this.#unknownSince ??= now;
      if (now - this.#unknownSince >= GONE_AFTER_MS) throw new JournalError('permanent', 'JOURNAL_UNKNOWN_TOPIC', `there is no topic ${this.settings.topic}`);
    }
    throw brokerError(error, `metadata of ${this.settings.topic}`);
  }
}

/** So that not the same broker is asked first every time. */
function rotated<T>(values: readonly T[], by: number): T[] {
  const at = values.length === 0 ? 0 : by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}
