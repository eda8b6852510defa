/** Topics of their own for tests on a broker that others may use too, and journals on them that are closed at the end. */
import { randomBytes } from 'node:crypto';
import type { Journal } from '@ringmaster/actors';
import { openKafkaJournal, setUpKafkaTopic, type KafkaOptions } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { systemClock, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { openPlatformaticJournal, setUpPlatformaticTopic } from '@ringmaster/actors/adapters/platformatic/journal';
import { kafkajsClient } from '../../../src/adapters/kafka/kafkajs/client.js';
import type { MakeClient } from '../../../src/adapters/kafka/open.js';
import { platformaticClient } from '../../../src/adapters/platformatic/client.js';

/** Time for a broker to be started, ms; the first time its files are fetched. */
export const START_MS_MAX = 240_000;

export interface Client {
  readonly name: string;
  open(options: KafkaOptions): Promise<Journal>;
  setUp(options: KafkaOptions): Promise<boolean>;
  readonly make: MakeClient;
}

/** Both clients under the same tests. */
export const clients: readonly Client[] = [
  { name: 'kafkajs', open: openKafkaJournal, setUp: setUpKafkaTopic, make: kafkajsClient },
  { name: '@platformatic/kafka', open: openPlatformaticJournal, setUp: setUpPlatformaticTopic, make: platformaticClient },
];

/** A busy machine may take more than a second for a first handshake. */
export const PATIENT = { connectTimeoutMs: 10_000, requestTimeoutMs: 10_000 } as const;

export class TestTopic {
  readonly name = `test-${randomBytes(6).toString('hex')}`;
  #open: Journal[] = [];

  constructor(
    private readonly brokers: readonly string[],
    readonly shards = 16,
    private readonly client: Client = clients[0]!,
  ) {}

  options(more: Partial<KafkaOptions> = {}): KafkaOptions {
    return { brokers: this.brokers, topic: this.name, shards: this.shards, clock: systemClock, timers: systemTimers({ keepAlive: false }), dev: true, ...more };
  }

  async make(more: Partial<KafkaOptions> = {}): Promise<this> {
    await this.client.setUp(this.options(more));
    return this;
  }

  async open(more: Partial<KafkaOptions> = {}): Promise<Journal> {
    const journal = await this.client.open(this.options(more));
    this.#open.push(journal);
    return journal;
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((journal) => journal.close()));
  }
}
