/**
 * Copies the raw journal out of Kafka while the cluster runs, with a client of its own: it goes to the brokers directly, past all proxies and past the
 * adapter of the engine. Owns the copy: one JSON object a line, `{shard, offset, seen, crc, text}`. What it has copied stays, even if the cluster trims it.
 */
import { createWriteStream, type WriteStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { Connection, fetchV11, listOffsetsV3, metadataV6 } from '@platformatic/kafka';

/** A record as it stands in the journal. */
export interface RawRecord {
  readonly shard: number;
  readonly offset: number;
  /** When the copy was made, on the monotonic clock of the histories, ms. */
  readonly seen: number;
  /** Whether its key is the CRC-32 of its value, as the journal's format has it. */
  readonly crc: boolean;
  readonly text: string;
  /** What lay below `offset` was trimmed by the cluster before it was copied; this is no record itself. */
  readonly gone?: true;
}

/** What a copy as a whole has to say. */
export interface Copy {
  readonly records: number;
  /** Records that were trimmed before they could be copied: fences and claims of shards on which nothing is played go at once. */
  readonly gone: number;
}

const EVERY_MS = 150;
const BYTES_MAX = 4 * 1024 * 1024;
const ANSWER_MS_MAX = 4_000;
const READ_UNCOMMITTED = 0;
const NOBODY = -1;
const CONSUMER = -1;
const EARLIEST = -2n;
const OFFSET_OUT_OF_RANGE = 1;

interface Leader {
  readonly address: string;
  readonly shards: readonly number[];
}

export class JournalRecorder {
  readonly #next: number[];
  readonly #out: WriteStream;
  readonly #connections = new Map<string, Connection>();
  #gone = 0;
  #records = 0;
  #ended = false;
  #lastError = '';
  #work: Promise<void> = Promise.resolve();

  constructor(
    private readonly brokers: readonly string[],
    private readonly topic: string,
    private readonly shards: number,
    readonly path: string,
  ) {
    this.#next = Array.from({ length: shards }, () => 0);
    this.#out = createWriteStream(path);
  }

  begin(): void {
    this.#work = this.#run();
  }

  /** Reads to the end of every shard once more. @throws Error when some shard cannot be read to its end within `withinMs` */
  async end(withinMs: number): Promise<Copy> {
    this.#ended = true;
    await this.#work;
    const until = performance.now() + withinMs;
    const read = new Set<number>();
    for (;;) {
      for (const shard of await this.#round().catch(() => [])) read.add(shard);
      if (read.size === this.shards) break;
      if (performance.now() > until) throw new Error(`of ${this.shards} shards only ${read.size} could be read to their end: ${this.#lastError}`);
      await pause(EVERY_MS);
    }
    for (const connection of this.#connections.values()) void connection.close();
    await new Promise<void>((resolve, reject) => this.#out.once('error', reject).end(resolve));
    return { records: this.#records, gone: this.#gone };
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      await this.#round().catch(() => []);
      await pause(EVERY_MS);
    }
  }

  /** Reads what is new of every shard. @returns those that were read to their end */
  async #round(): Promise<number[]> {
    const rounds = (await this.#leaders()).map((leader) => this.#read(leader).catch((error: unknown) => {
      this.#failed(leader.address, error);
      return [];
    }));
    return (await Promise.all(rounds)).flat();
  }

  async #leaders(): Promise<Leader[]> {
    for (const broker of this.brokers) {
      const answer = await this.#connection(broker).then((connection) => answerOf(metadataV6.api.async(connection, [this.topic], false))).catch((error: unknown) => {
        this.#failed(broker, error);
        return undefined;
      });
      if (answer === undefined) continue;
      const addresses = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, `${host}:${port}`]));
      const shards = new Map<string, number[]>();
      for (const { leaderId, partitionIndex } of answer.topics[0]?.partitions ?? []) {
        const address = addresses.get(leaderId);
        if (address !== undefined) shards.set(address, [...(shards.get(address) ?? []), partitionIndex]);
      }
      return [...shards].map(([address, of]) => ({ address, shards: of }));
    }
    return [];
  }

  async #read({ address, shards }: Leader): Promise<number[]> {
    const connection = await this.#connection(address);
    const partitions = shards.map((partition) => ({ partition, currentLeaderEpoch: NOBODY, fetchOffset: BigInt(this.#next[partition] ?? 0), lastFetchedEpoch: NOBODY, partitionMaxBytes: BYTES_MAX }));
    const answer = await answerOf(fetchV11.api.async(connection, 0, 0, BYTES_MAX, READ_UNCOMMITTED, 0, NOBODY, [{ topicId: this.topic, partitions }], [], ''));
    const atEnd: number[] = [];
    const seen = performance.now();
    for (const { partitionIndex: shard, errorCode, highWatermark, records } of answer.responses[0]?.partitions ?? []) {
      if (errorCode === OFFSET_OUT_OF_RANGE) await this.#skip(connection, shard, seen);
      if (errorCode !== 0) {
        this.#lastError = `shard ${shard} from ${this.#next[shard]} at ${address}: error ${errorCode}`;
        continue;
      }
      for (const batch of records ?? []) {
        for (const { offsetDelta, key, value } of batch.records) this.#take(shard, Number(batch.firstOffset) + offsetDelta, key, value, seen);
      }
      if ((this.#next[shard] ?? 0) >= Number(highWatermark)) atEnd.push(shard);
    }
    return atEnd;
  }

  /** The log begins behind what is to be read next. */
  async #skip(connection: Connection, shard: number, seen: number): Promise<void> {
    const wanted = [{ name: this.topic, partitions: [{ partitionIndex: shard, currentLeaderEpoch: NOBODY, timestamp: EARLIEST }] }];
    const { topics } = await answerOf(listOffsetsV3.api.async(connection, CONSUMER, READ_UNCOMMITTED, wanted));
    const start = Number(topics[0]?.partitions[0]?.offset);
    const next = this.#next[shard] ?? 0;
    if (!(start > next)) return;
    this.#gone += start - next;
    this.#next[shard] = start;
    this.#out.write(`${JSON.stringify({ shard, offset: start, seen, crc: true, text: '', gone: true } satisfies RawRecord)}\n`);
  }

  #take(shard: number, offset: number, key: Buffer | null, value: Buffer | null, seen: number): void {
    if (offset < (this.#next[shard] ?? 0)) return;
    this.#next[shard] = offset + 1;
    this.#records++;
    const crc = key !== null && value !== null && key.length === 4 && key.readUInt32BE() === crc32(value);
    this.#out.write(`${JSON.stringify({ shard, offset, seen, crc, text: value?.toString('utf8') ?? '' } satisfies RawRecord)}\n`);
  }

  async #connection(address: string): Promise<Connection> {
    const known = this.#connections.get(address);
    if (known?.isConnected()) return known;
    this.#forget(address);
    const connection = new Connection('recorder', { connectTimeout: ANSWER_MS_MAX, requestTimeout: ANSWER_MS_MAX });
    connection.on('error', () => undefined);
    this.#connections.set(address, connection);
    const [host = '', port = ''] = address.split(':');
    await connection.connect(host, Number(port));
    return connection;
  }

  #failed(address: string, error: unknown): void {
    this.#lastError = `${address}: ${error instanceof Error ? error.message : String(error)}`;
    this.#forget(address);
  }

  #forget(address: string): void {
    const connection = this.#connections.get(address);
    this.#connections.delete(address);
    void connection?.close().catch(() => undefined);
  }
}

/** An answer with an error for one partition comes as an error that carries the whole answer. */
async function answerOf<T>(asked: Promise<T>): Promise<T> {
  return asked.catch((error: unknown) => {
    const { response } = error as { readonly response?: T };
    if (response === undefined) throw error;
    return response;
  });
}
