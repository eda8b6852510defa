/** Copies of records against a real Redis: found, filled, bounded, and never in the way. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Records, StoredRecord } from '@ringmaster/actors';
import { CachedRecords, type CachedRecordsOptions } from '@ringmaster/actors/adapters/redis/cached-records';
import { disconnectRedis } from '@ringmaster/actors/adapters/redis/connection';
import { systemClock } from '@ringmaster/actors/adapters/system/clock';
import { Redis } from 'ioredis';
import { describeWithServers, START_MS_MAX } from '../../../../test/services/describe-with-servers.js';
import { redisRecipe } from '../../../../test/services/redis.js';
import { startOwned } from '../../../../test/services/running.js';
import { bytes, noise, sameBytes, text } from '../contract/bytes.js';
import { recordsContract } from '../contract/records.contract.js';
import { MemoryRecords, type MemoryRows } from '../fakes-memory/memory-records.js';
import { when } from './redis-members.js';

// Real servers on a machine that may be busy.
jest.setTimeout(60_000);

let redis: Awaited<ReturnType<typeof startOwned>>;
let url: string;
let raw: Redis;
let keyPrefix: string;
let inner: MemoryRecords;
/** Keys that the records themselves were asked for. */
let asked: string[];
let mono: number;
let opened: CachedRecords[];

describeWithServers(['own redis'], 'copies in Redis', () => {
  // Killed and stopped by these tests: never one that others use.
  beforeAll(async () => {
    redis = await startOwned(redisRecipe());
    url = `redis://127.0.0.1:${redis.ports[0]}`;
    raw = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50, disconnectTimeout: 50 });
    raw.on('error', () => undefined);
  }, START_MS_MAX);
  afterAll(async () => {
    if (raw !== undefined) await disconnectRedis(raw);
    await redis?.stop();
  });

  beforeEach(() => {
    keyPrefix = `test-${randomBytes(6).toString('hex')}:`;
    inner = new MemoryRecords(() => 0);
    asked = [];
    mono = 0;
    opened = [];
  });
  afterEach(() => Promise.all(opened.map((cache) => cache.close())));

  const watched = (): Records => ({
    get: (key) => {
      asked.push(key);
      return inner.get(key);
    },
    put: (...args) => inner.put(...args),
    delete: (...args) => inner.delete(...args),
    list: (...args) => inner.list(...args),
  });

  async function open(options: Partial<CachedRecordsOptions> = {}): Promise<CachedRecords> {
    const cache = new CachedRecords({ url, keyPrefix, records: watched(), clock: { mono: () => mono, wall: () => 0 }, immutable: ['deck/'], replyMsMax: 2_000, ...options });
    opened.push(cache);
    await when('it is connected', async () => {
      const { bypassed } = cache.counts();
      await cache.get('deck/none');
      return cache.counts().bypassed === bypassed;
    });
    asked.length = 0;
    return cache;
  }
  const filled = (cache: CachedRecords, count: number) => when(`${count} copies are made`, () => cache.counts().fills === count);

  recordsContract('cached in Redis', async () => {
    let now = 0;
    const rows: MemoryRows = new Map();
    const caches: CachedRecords[] = [];
    const reopen = async (): Promise<Records> => {
      const cache = new CachedRecords({ url, keyPrefix: `test-${randomBytes(6).toString('hex')}:`, records: new MemoryRecords(() => now, rows), clock: systemClock, immutable: ['deck/', 'large/'] });
      caches.push(cache);
      return cache;
    };
    return {
      records: await reopen(),
      setTime: (ms) => {
        now = ms;
      },
      sweep: async () => undefined,
      reopen,
      dispose: async () => {
        await Promise.all(caches.map((cache) => cache.close()));
      },
    };
  });

  describe('copies', () => {
    test('are made of what was read and of what was written, with version and every byte', async () => {
      const value = noise(300_000, 1);
      await inner.put('deck/read', value);
      const cache = await open();
      expect(sameBytes((await cache.get('deck/read'))?.value, value)).toBe(true);
      await filled(cache, 1);
      expect(await cache.put('deck/written', new Uint8Array(0), { expected: 0 })).toBe(1);
      await filled(cache, 2);
      const other = await open();
      const [read, written] = [await other.get('deck/read'), await other.get('deck/written')];
      expect([read?.version, sameBytes(read?.value, value), written?.version, written?.value.length]).toEqual([1, true, 1, 0]);
      expect(asked).toEqual([]);
      expect(other.counts().hits).toBe(2);
    });

    test('are not made of anything else, nor of what expires, nor of what another has written', async () => {
      const cache = await open();
      await cache.put('quiz/o/1', bytes('v'));
      await cache.put('deck/1', bytes('v'), { expiresAt: 10 });
      await inner.put('deck/2', bytes('theirs'));
      expect(await cache.put('deck/2', bytes('ours'), { expected: 0 })).toBeUndefined();
      await cache.get('quiz/o/1');
      await cache.get('quiz/o/1');
      expect(asked).toEqual(['quiz/o/1', 'quiz/o/1']);
      expect(text((await cache.get('deck/2'))?.value)).toBe('theirs');
      await filled(cache, 1);
      expect((await raw.keys(`${keyPrefix}*`))).toEqual([`${keyPrefix}copy:deck/2`]);
    });

    test('end after ttlMs, and with the record', async () => {
      const cache = await open({ ttlMs: 86_000 });
      await cache.put('deck/1', bytes('v'));
      await filled(cache, 1);
      const ttl = await raw.pttl(`${keyPrefix}copy:deck/1`);
      expect(ttl).toBeGreaterThan(50_000);
      expect(ttl).toBeLessThanOrEqual(86_000);
      expect(await cache.delete('deck/1', 7)).toBe(false);
      expect(await raw.exists(`${keyPrefix}copy:deck/1`)).toBe(1);
      expect(await cache.delete('deck/1')).toBe(true);
      expect(await raw.exists(`${keyPrefix}copy:deck/1`)).toBe(0);
      expect(await cache.get('deck/1')).toBeUndefined();
    });

    test('are bounded in size and in number at once', async () => {
      const cache = await open({ valueBytesMax: 10, fillsMax: 2 });
      await cache.put('deck/large', noise(11, 1));
      expect(cache.counts()).toMatchObject({ fills: 0, unfilled: 1 });
      await Promise.all([1, 2, 3, 4, 5].map((i) => cache.put(`deck/${i}`, noise(10, i))));
      await filled(cache, 2);
      expect(cache.counts()).toMatchObject({ fills: 2, unfilled: 4, errors: 0 });
    });

    test.each([
      ['a bit', (copy: Buffer) => copy.fill(copy[20]! ^ 1, 20, 21)],
      ['its end', (copy: Buffer) => copy.subarray(0, -1)],
      ['its head', (copy: Buffer) => copy.subarray(0, 3)],
      ['its version', (copy: Buffer) => copy.fill(9, 0, 1)],
    ])('that have lost %s are none', async (_what, damage) => {
      const cache = await open();
      await cache.put('deck/1', bytes('a value of some length'));
      await filled(cache, 1);
      const at = `${keyPrefix}copy:deck/1`;
      await raw.set(at, damage((await raw.getBuffer(at))!));
      expect(text((await cache.get('deck/1'))?.value)).toBe('a value of some length');
      expect(cache.counts()).toMatchObject({ errors: 1, hits: 0 });
      await filled(cache, 2);
      await cache.get('deck/1');
      expect(cache.counts().hits).toBe(1);
    });
  });

  describe('Redis is away', () => {
    const value = (stored: StoredRecord | undefined): string | undefined => text(stored?.value);

    test('killed: everything goes on, is counted, and Redis is used again when it is back', async () => {
      const cache = await open({ restMs: 1_000 });
      await cache.put('deck/1', bytes('v'));
      await filled(cache, 1);
      await redis.kill();
      for (let i = 0; i < 5; i += 1) expect(value(await cache.get('deck/1'))).toBe('v');
      expect(await cache.put('deck/2', bytes('w'))).toBe(1);
      expect(await cache.delete('deck/2')).toBe(true);
      expect(cache.counts().hits).toBe(0);
      expect(cache.counts().bypassed + cache.counts().errors).toBeGreaterThan(5);
      await redis.restart();
      await when('a copy is found again', async () => {
        mono += 1_000;
        expect(value(await cache.get('deck/1'))).toBe('v');
        return cache.counts().hits > 0;
      });
    }, 60_000);

    test('standing still: a read waits for it once, and not again for a while', async () => {
      const cache = await open({ replyMsMax: 150, restMs: 1_000 });
      await cache.put('deck/1', bytes('v'));
      await filled(cache, 1);
      const [pid] = redis.pids();
      process.kill(pid!, 'SIGSTOP');
      try {
        for (let i = 0; i < 20; i += 1) expect(value(await cache.get('deck/1'))).toBe('v');
      } finally {
        process.kill(pid!, 'SIGCONT');
      }
      expect(asked).toHaveLength(20);
      expect(cache.counts()).toMatchObject({ errors: 1, hits: 0 });
    });
  });
});
