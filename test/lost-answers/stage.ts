/** One broker behind a proxy that can lose its answers. Owns both, and the topics it makes; clients that come in by the proxy are told to stay there. */
import { randomBytes } from 'node:crypto';
import { setUpKafkaTopic, type KafkaOptions } from '@ringmaster/actors/adapters/kafka/kafkajs/journal';
import { systemClock, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { parseAddress } from '../../libs/actors/src/adapters/kafka/client.js';
import { kafkajsClient } from '../../libs/actors/src/adapters/kafka/kafkajs/client.js';
import { settle } from '../../libs/actors/src/adapters/kafka/options.js';
import { CuttingProxy } from '../../libs/actors/test/adapters/kafka/cutting-proxy.js';
import { startKafka, type RunningKafka } from '../services/kafka.js';
import { until } from '../services/until.js';

/** Partitions of a topic. */
export const PARTITIONS = 8;
const PAGE_BYTES = 4 * 1024 * 1024;
const LEADS_MS_MAX = 60_000;

export class Stage {
  private constructor(
    readonly proxy: CuttingProxy,
    private readonly kafka: RunningKafka,
  ) {}

  static async set(): Promise<Stage> {
    const place: { behind?: string } = {};
    const proxy = await new CuttingProxy(() => parseAddress(place.behind ?? '127.0.0.1:1')).listen();
    const kafka = await startKafka({ advertised: [proxy.address.port] });
    Object.assign(place, { behind: kafka.behind?.[0] });
    return new Stage(proxy, kafka);
  }

  /** A topic of its own, and what a client needs to get at it by the proxy. */
  async topic(): Promise<KafkaOptions> {
    const options = {
      topic: `lost-answers-${randomBytes(6).toString('hex')}`, shards: PARTITIONS, clock: systemClock, timers: systemTimers({ keepAlive: false }), dev: true,
      brokers: [`${this.proxy.address.host}:${this.proxy.address.port}`],
    };
    await setUpKafkaTopic({ ...options, brokers: this.kafka.addresses });
    return options;
  }

  /** The answers to the next `count` requests that append are lost; the broker has appended. */
  cutNext(count: number): void {
    let left = count;
    this.proxy.cuts = () => left-- > 0;
  }

  cutEvery(nth: number): void {
    let seen = 0;
    this.proxy.cuts = () => ++seen % nth === 0;
  }

  cutNone(): void {
    this.proxy.cuts = () => false;
  }

  /** Values of all records of the topic, by partition, in their order; read past the proxy. */
  async read(options: KafkaOptions): Promise<readonly (readonly Buffer[])[]> {
    const connection = kafkajsClient(settle(options)).dial(parseAddress(this.kafka.addresses[0] as string));
    await connection.open();
    try {
      const all: Buffer[][] = [];
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const values: Buffer[] = [];
        for (let from = 0, end = 1; from < end; ) {
          const page = await connection.fetch(options.topic, { partition, from, maxBytes: PAGE_BYTES });
          if (page.error !== 0) throw new Error(`partition ${partition} cannot be read: ${page.error}`);
          for (const { offset, value } of page.records) if (offset >= from && value !== null) values.push(value);
          end = page.end;
          from = (page.records.at(-1)?.offset ?? end - 1) + 1;
        }
        all.push(values);
      }
      return all;
    } finally {
      connection.destroy();
    }
  }

  /** Like a power cut. Resolves when the broker leads the topic's partitions again. */
  async cutPower(options: KafkaOptions): Promise<void> {
    await this.kafka.kill();
    await this.kafka.restart();
    await until('the broker leads its partitions', LEADS_MS_MAX, async () => this.read(options));
  }

  async strike(): Promise<void> {
    await this.proxy.close();
    await this.kafka.stop();
  }
}
