/** Connections to Redis that say at once when they cannot be used, and never send a command twice. */
import { Redis } from 'ioredis';

export interface RedisConnectionOptions {
  /** `redis://[user:password@]host:port[/db]`, or `rediss://` for TLS. */
  readonly url: string;
  /** Begins the name of every key and channel. Default `ringmaster:`. Clusters that share a Redis need different ones. */
  readonly keyPrefix?: string;
  /** A connection that is not made after this time has failed, ms. Default 1,000. */
  readonly connectMsMax?: number;
  /** A command that is not answered after this time has failed, ms. */
  readonly replyMsMax?: number;
  /** Longest pause between two attempts to connect, ms. Default 500: shorter than the grace that members get after an outage. */
  readonly reconnectMsMax?: number;
}

export const DEFAULT_KEY_PREFIX = 'ringmaster:';
const RECONNECT_MS_MIN = 20;
/** A connection that is ended waits this long for the other side. */
const DISCONNECT_MS_MAX = 100;

/** @param name shown by Redis' `CLIENT LIST`. */
export function connectRedis(options: RedisConnectionOptions, name: string, replyMsMax: number): Redis {
  const { url, connectMsMax = 1_000, reconnectMsMax = 500 } = options;
  const redis = new Redis(url, {
    connectionName: name,
    connectTimeout: connectMsMax,
    disconnectTimeout: DISCONNECT_MS_MAX,
    commandTimeout: options.replyMsMax ?? replyMsMax,
    retryStrategy: (attempt) => Math.min(reconnectMsMax, RECONNECT_MS_MIN * 2 ** Math.min(attempt, 20)),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: null,
  });
  // Every command that fails says so itself; without a listener the library prints.
  redis.on('error', () => undefined);
  return redis;
}

/** Resolves when the connection is closed and no timer of it is left. */
export async function disconnectRedis(redis: Redis): Promise<void> {
  const { status } = redis;
  if (status === 'end') return;
  const ended = new Promise<void>((resolve) => redis.once('end', resolve));
  redis.disconnect();
  // Between two attempts to connect there is nothing that could end.
  if (status !== 'reconnecting') await ended;
}
