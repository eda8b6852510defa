/** Redis with a password and TLS, as real processes: who gets in is a member, who does not is told why. */
import { readFileSync } from 'node:fs';
import { rootCertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkRedisAccess } from '@ringmaster/actors/adapters/redis/access';
import { describeWithServers, START_MS_MAX } from '../../../../test/services/describe-with-servers.js';
import { startRedis, type RunningRedis } from '../../../../test/services/redis.js';
import { all, RedisMembers } from './redis-members.js';

const PATIENT = { connectMsMax: 10_000 };
const wrong = (address: string): string => address.replace(/:[^:@/]+@/, ':not-this-one@');

describeWithServers(['own redis', 'keytool'], 'a Redis that wants to know who comes', () => {
  let redis: RunningRedis;
  let overTls: string;
  beforeAll(async () => {
    redis = await startRedis({ secured: true });
    overTls = redis.secured!.address;
  }, START_MS_MAX);
  afterAll(() => redis?.stop());

  const trust = (): void => setDefaultCACertificates([...rootCertificates, readFileSync(redis.secured!.certificates.ca, 'utf8')]);
  const reason = (url: string): Promise<unknown> => checkRedisAccess({ url, ...PATIENT }).then(() => 'in', (error: unknown) => error);

  test.each(['a password', 'a password and TLS'])('members meet over %s', async (how) => {
    if (how !== 'a password') trust();
    const url = how === 'a password' ? redis.address : overTls;
    expect(await reason(url)).toBe('in');
    const members = new RedisMembers(url);
    const [a, b] = [await members.joined('a'), await members.joined('b')];
    await all([a, b], ['a', 'b']);
    await members.dispose();
    setDefaultCACertificates([...rootCertificates]);
  });

  test('a wrong password, and none, are told with the server and without the password', async () => {
    const refused = await reason(wrong(redis.address));
    expect(refused).toMatchObject({ name: 'RedisAccessError', code: 'REDIS_UNAUTHENTICATED' });
    const { message } = refused as Error;
    expect(message).toMatch(/^Redis at 127\.0\.0\.1:\d+ says: WRONGPASS/);
    expect(message).not.toContain('not-this-one');
    expect(await reason(redis.address.replace(/:[^:@/]+@/, ''))).toMatchObject({ code: 'REDIS_UNAUTHENTICATED', message: expect.stringContaining('NOAUTH') as unknown });
  });

  test('an authority that is not known', async () => {
    expect(await reason(overTls)).toMatchObject({ name: 'RedisAccessError', code: 'REDIS_UNTRUSTED', message: expect.stringMatching(/certificate/) as unknown });
  });

  test('a Redis that is away may come back', async () => {
    await expect(checkRedisAccess({ url: 'redis://127.0.0.1:1' })).resolves.toBeUndefined();
  });
});
