/** Whether Redis lets us in, asked once before a program begins: later on, a Redis that cannot be used is one that is away, and the last membership stands. */
import { connectRedis, disconnectRedis, type RedisConnectionOptions } from './connection.js';

const NAME = 'ringmaster-access';
const REPLY_MS_MAX = 1_000;
/** As Redis begins what it says: a wrong password, none where one is needed, a user who may not. */
const REFUSAL = /^(?:WRONGPASS|NOAUTH|NOPERM|ERR AUTH)/;
const CERTIFICATE_CODE = /CERT|^UNABLE_TO_|^INVALID_CA$|^HOSTNAME_MISMATCH$/;

/** Other settings help, waiting does not. */
export class RedisAccessError extends Error {
  override readonly name = 'RedisAccessError';

  constructor(
    readonly code: 'REDIS_UNAUTHENTICATED' | 'REDIS_UNTRUSTED',
    message: string,
  ) {
    super(message);
  }
}

/** One attempt. Resolves also when nobody answers: that may pass. @throws RedisAccessError that names the server, and not the password */
export async function checkRedisAccess(options: RedisConnectionOptions): Promise<void> {
  const redis = connectRedis(options, NAME, REPLY_MS_MAX);
  try {
    const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      redis.once('error', resolve);
      for (const event of ['ready', 'close', 'end']) redis.once(event, () => resolve(undefined));
    });
    if (failure === undefined) return;
    const where = `Redis at ${new URL(options.url).host}`;
    if (REFUSAL.test(failure.message)) throw new RedisAccessError('REDIS_UNAUTHENTICATED', `${where} says: ${failure.message}`);
    if (CERTIFICATE_CODE.test(failure.code ?? '')) throw new RedisAccessError('REDIS_UNTRUSTED', `${where}: ${failure.message}`);
  } finally {
    await disconnectRedis(redis);
  }
}
