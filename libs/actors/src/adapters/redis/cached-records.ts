// Owns: copies of records in Redis. Does not own: the records. Only what never changes under its key may be cached, such as a deck
// under its SHA-256: a copy is never compared with what it is a copy of, and nobody tells it that the record was removed.
// Redis is never waited for longer than `replyMsMax`, and after an error is not asked for `restMs`: what it has not, or not soon,
// comes from the records. Its errors are counted, never thrown. A copy that is damaged is none.
import { crc32 } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { Clock } from '../../ports/clock.js';
import type { PutOptions, RecordPage, Records, StoredRecord } from '../../ports/records.js';
import { connectRedis, DEFAULT_KEY_PREFIX, disconnectRedis, type RedisConnectionOptions } from './connection.js';

export interface CachedRecordsOptions extends RedisConnectionOptions {
  /** What is cached. */
  readonly records: Records;
  readonly clock: Clock;
  /** Keys that begin with one of these are immutable: one key, one value, for ever. For the quiz-node `['deck/']`. */
  readonly immutable: readonly string[];
  /** A copy is forgotten after this time, ms: so long at most is a removed record still found. Default one day. */
  readonly ttlMs?: number;
  /** Larger values are not copied, bytes. Default 1 MiB. What all copies take together is bounded by Redis' own `maxmemory`. */
  readonly valueBytesMax?: number;
  /** Copies on their way to Redis at once; further ones are not made. Default 32. */
  readonly fillsMax?: number;
  /** After an error Redis is left alone for this time, ms. Default 1,000. */
  readonly restMs?: number;
}

export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  /** Reads and writes that Redis did not answer, or not in time, and damaged copies. */
  readonly errors: number;
  /** Reads and writes for which Redis was not asked: it is not connected, or did not answer a moment ago. */
  readonly bypassed: number;
  readonly fills: number;
  /** Values that were too large to be copied, or too many at once. */
  readonly unfilled: number;
}

const REPLY_MS_MAX = 100;
const DAY_MS = 86_400_000;
/** Version of the head, checksum of what follows it, version of the record. */
const HEAD_BYTES = 13;
const HEAD_VERSION = 1;

export class CachedRecords implements Records {
  readonly #options: Required<Omit<CachedRecordsOptions, keyof RedisConnectionOptions>>;
  readonly #redis: Redis;
  readonly #prefix: string;
  #counts = { hits: 0, misses: 0, errors: 0, bypassed: 0, fills: 0, unfilled: 0 };
  #filling = 0;
  #restUntil = -Infinity;

  constructor(options: CachedRecordsOptions) {
    this.#options = { ttlMs: DAY_MS, valueBytesMax: 1024 * 1024, fillsMax: 32, restMs: 1_000, ...options };
    this.#prefix = `${options.keyPrefix ?? DEFAULT_KEY_PREFIX}copy:`;
    this.#redis = connectRedis(options, 'ringmaster-copies', REPLY_MS_MAX);
  }

  counts(): CacheCounts {
    return { ...this.#counts };
  }

  async get(key: string): Promise<StoredRecord | undefined> {
    const { records } = this.#options;
    if (!this.#isImmutable(key)) return records.get(key);
    const copy = await this.#ask(() => this.#redis.getBuffer(this.#prefix + key));
    const found = copy && this.#unpack(copy);
    if (found) {
      this.#counts.hits += 1;
      return found;
    }
    this.#counts.misses += 1;
    const stored = await records.get(key);
    if (stored !== undefined) this.#fill(key, stored);
    return stored;
  }

  async put(key: string, value: Uint8Array, options?: PutOptions): Promise<number | undefined> {
    const version = await this.#options.records.put(key, value, options);
    // What expires by itself must not outlive that as a copy.
    if (version !== undefined && options?.expiresAt === undefined && this.#isImmutable(key)) this.#fill(key, { value, version });
    return version;
  }

  async delete(key: string, expected?: number): Promise<boolean> {
    const deleted = await this.#options.records.delete(key, expected);
    if (deleted && this.#isImmutable(key)) await this.#ask(() => this.#redis.del(this.#prefix + key));
    return deleted;
  }

  list(prefix: string, options: { limit: number; cursor?: string }): Promise<RecordPage> {
    return this.#options.records.list(prefix, options);
  }

  /** Ends the connection to Redis, not the records. */
  close(): Promise<void> {
    return disconnectRedis(this.#redis);
  }

  #isImmutable(key: string): boolean {
    return this.#options.immutable.some((prefix) => key.startsWith(prefix));
  }

  /** @returns undefined when Redis has nothing, or says nothing. */
  async #ask<T>(command: () => Promise<T | null>): Promise<T | undefined> {
    const { clock, restMs } = this.#options;
    if (this.#redis.status !== 'ready' || clock.mono() < this.#restUntil) {
      this.#counts.bypassed += 1;
      return undefined;
    }
    try {
      return (await command()) ?? undefined;
    } catch {
      this.#counts.errors += 1;
      this.#restUntil = clock.mono() + restMs;
      return undefined;
    }
  }

  /** Nobody waits for it. */
  #fill(key: string, stored: StoredRecord): void {
    const { fillsMax, ttlMs, valueBytesMax } = this.#options;
    if (stored.value.length > valueBytesMax || this.#filling >= fillsMax) {
      this.#counts.unfilled += 1;
      return;
    }
    this.#filling += 1;
    void this.#ask(() => this.#redis.set(this.#prefix + key, pack(stored), 'PX', ttlMs)).then((said) => {
      this.#filling -= 1;
      if (said !== undefined) this.#counts.fills += 1;
    });
  }

  #unpack(bytes: Buffer): StoredRecord | undefined {
    const sound = bytes.length >= HEAD_BYTES && bytes[0] === HEAD_VERSION && bytes.readUInt32BE(1) === crc32(bytes.subarray(5));
    if (!sound) {
      this.#counts.errors += 1;
      return undefined;
    }
    return { version: bytes.readDoubleBE(5), value: bytes.subarray(HEAD_BYTES) };
  }
}

function pack({ value, version }: StoredRecord): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + value.length);
  bytes[0] = HEAD_VERSION;
  bytes.writeDoubleBE(version, 5);
  bytes.set(value, HEAD_BYTES);
  bytes.writeUInt32BE(crc32(bytes.subarray(5)), 1);
  return bytes;
}
