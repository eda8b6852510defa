/** Tables of its own for each test, with a wall clock that the test moves. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '@ringmaster/actors';
import { setupDynamo, type DynamoSetupOptions, type DynamoSetupReport } from '@ringmaster/actors/adapters/dynamodb/setup';
import { openDynamoStore, type DynamoStore, type DynamoStoreOptions } from '@ringmaster/actors/adapters/dynamodb/store';
import { systemClock, systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';

export const SHARDS = 256;

export class DynamoTables {
  readonly prefix = `test-${randomBytes(6).toString('hex')}-`;
  wall = 1_800_000_000_000;
  /** What the observer was told: `retried STORE_AWAY`, `failed STORE_BUSY`, … */
  readonly observed: string[] = [];
  readonly #endpoint: string;
  readonly #stores: DynamoStore[] = [];

  readonly clock: Clock = { mono: () => systemClock.mono(), wall: () => this.wall };

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  get options(): DynamoStoreOptions {
    return {
      endpoint: this.#endpoint,
      region: 'local',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      tablePrefix: this.prefix,
      shards: SHARDS,
      clock: this.clock,
      timers: systemTimers({ keepAlive: true }),
      random: systemRandom,
      limits: { connectMsMax: 5_000, requestMsMax: 10_000 },
      observer: {
        retried: (code) => this.observed.push(`retried ${code}`),
        failed: (code) => this.observed.push(`failed ${code}`),
        leftBehind: (rows) => this.observed.push(`left behind ${rows}`),
        scanned: (prefix) => this.observed.push(`scanned ${prefix}`),
      },
    };
  }

  setup(options: Partial<DynamoSetupOptions> = {}): Promise<DynamoSetupReport> {
    return setupDynamo({ ...this.options, ...options });
  }

  async open(options: Partial<DynamoStoreOptions> = {}): Promise<DynamoStore> {
    const store = await openDynamoStore({ ...this.options, ...options });
    this.#stores.push(store);
    return store;
  }

  async made(options: Partial<DynamoStoreOptions> = {}): Promise<DynamoStore> {
    await this.setup();
    return this.open(options);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#stores.map((store) => store.close()));
  }
}
