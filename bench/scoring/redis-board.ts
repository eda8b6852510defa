/** The peer's leaderboard: a sorted set in Redis, used by pipelines. */
import { Redis } from 'ioredis';
import { startRedis } from '../servers/redis.js';
import { cpuUs } from '../harness/cpu.js';

export const BOARD = 'board';
type Replies = Awaited<ReturnType<ReturnType<Redis['pipeline']>['exec']>>;

export interface RedisBoard {
  readonly client: Redis;
  /** CPU time of this process and the Redis server so far, µs. */
  cpuUs(): number;
  close(): Promise<void>;
}

export async function openBoard(): Promise<RedisBoard> {
  const redis = await startRedis();
  const client = new Redis(redis.port, '127.0.0.1');
  await client.ping();
  return {
    client,
    cpuUs: () => {
      const { user, system } = process.cpuUsage();
      return user + system + cpuUs([redis.pid]);
    },
    close: async () => {
      client.disconnect();
      await redis.stop();
    },
  };
}

/** The values of a pipeline's replies. @throws the first error among them. */
export function valuesOf(replies: Replies): unknown[] {
  if (replies === null) throw new Error('the pipeline was given up');
  return replies.map(([error, value]) => {
    if (error) throw error;
    return value;
  });
}

/** Ranks as ZREVRANK gives them: by score, ties by name, both descending; from 0. */
export function expectedRanks(scores: readonly number[], names: readonly string[]): number[] {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || (names[a]! < names[b]! ? 1 : -1));
  const ranks = new Array<number>(scores.length);
  order.forEach((i, place) => (ranks[i] = place));
  return ranks;
}
