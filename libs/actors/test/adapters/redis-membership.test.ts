/** Membership against a real Redis: joining, leaving, dying; Redis emptied, killed, standing still. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { disconnectRedis } from '@ringmaster/actors/adapters/redis/connection';
import { Redis } from 'ioredis';
import { describeWithServers, START_MS_MAX } from '../../../../test/services/describe-with-servers.js';
import { redisRecipe } from '../../../../test/services/redis.js';
import { startOwned } from '../../../../test/services/running.js';
import { membershipContract } from '../contract/membership.contract.js';
import { all, namesOf, quick, RedisMembers, when, type TestMember } from './redis-members.js';

// Real servers on a machine that may be busy.
jest.setTimeout(60_000);

/** Nothing happens by time alone. */
const patient = { ...quick, beatEveryMs: 3_600_000, deadAfterMs: 7_200_000 };

let redis: Awaited<ReturnType<typeof startOwned>>;
let url: string;
let members: RedisMembers;
let raw: Redis;

describeWithServers(['own redis'], 'membership in Redis', () => {
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
    members = new RedisMembers(url);
  });
  afterEach(() => members.dispose());

  membershipContract('Redis', async ({ nodes, routers }) => {
    const cluster = new RedisMembers(url);
    const join = async (self: Parameters<TestMember['membership']['join']>[0]): Promise<void> => cluster.start('', self.kind).membership.join(self);
    await Promise.all(nodes.slice(1).map((node) => join({ kind: 'node', ...node })));
    await Promise.all(routers.map((name) => join({ kind: 'router', name, boot: 'boot', address: '127.0.0.1:1' })));
    return { membership: cluster.start('').membership, dispose: () => cluster.dispose() };
  });

  describe('members', () => {
    test('all come to the same view with the same hash, and nobody disagrees', async () => {
      const nodes = await Promise.all(['n3', 'n1', 'n2'].map((name) => members.joined(name)));
      const routers = await Promise.all(['r2', 'r1'].map((name) => members.joined(name, 'router')));
      const everybody = [...nodes, ...routers];
      await all(everybody, ['n1', 'n2', 'n3']);
      await when('all agree', () => everybody.every(({ membership }) => membership.status().disagreeing.length === 0 && membership.view().routers.join() === 'r1,r2'));
      expect(new Set(everybody.map(({ membership }) => membership.status().ringHash)).size).toBe(1);
      const { kind: _kind, ...own } = nodes[0]!.self;
      expect(routers[0]!.membership.view().nodes).toContainEqual(own);
      expect(everybody.map(({ membership }) => membership.status().stale)).toEqual(everybody.map(() => false));
    });

    test('who joins or leaves is seen at once, not at the next beat', async () => {
      const watching = await members.joined('a', 'node', patient);
      // The watcher listens once it has heard itself being published.
      await when('it listens', async () => Number(((await raw.pubsub('NUMSUB', `${members.keyPrefix}members`)) as unknown[])[1]) === 1);
      const other = await members.joined('b', 'node', patient);
      await all([watching, other], ['a', 'b']);
      await other.membership.leave();
      await all([watching, other], ['a']);
      expect([watching.membership.addressOf('a'), watching.membership.addressOf('b')]).toEqual([watching.self.address, other.self.address]);
      expect(watching.views.map(({ nodes }) => nodes.length)).toEqual([1, 2, 1]);
      expect(watching.views.map(({ version }) => version)).toEqual([1, 2, 3]);
    });

    test('who dies without a word is gone after a while, and its row too', async () => {
      const [a, b] = [await members.joined('a'), await members.joined('b')];
      await all([a, b], ['a', 'b']);
      await b.membership.close();
      await all([a], ['a']);
      await when('its row is removed', async () => (await raw.hlen(`${members.keyPrefix}members`)) === 1);
      expect(namesOf(a)).toEqual(['a']);
    });

    test('clusters with other prefixes do not see each other; rows of others are not understood and do no harm', async () => {
      await raw.hset(`${members.keyPrefix}members`, 'x', 'no JSON', 'y', '{"v":2,"kind":"node"}');
      const a = await members.joined('a');
      const b = members.start('b', 'node', quick, 'test-other:');
      await b.membership.join(b.self);
      expect(namesOf(a)).toEqual(['a']);
      expect(namesOf(b)).toEqual(['b']);
    });

    test('one process joins once', async () => {
      const a = await members.joined('a');
      await expect(a.membership.join(a.self)).rejects.toThrow('has joined before');
      await a.membership.close();
      const b = members.start('b');
      await b.membership.close();
      await expect(b.membership.join(b.self)).rejects.toThrow('has closed');
    });
  });

  describe('two processes of one name', () => {
    test('the later one is the member, both are told, and the earlier one is again when the later one is gone', async () => {
      const [watching, first] = [await members.joined('w'), await members.joined('a')];
      await when('the first is seen', () => namesOf(watching).includes('a'));
      const second = await members.joined('a');
      const bootSeen = (): string | undefined => watching.membership.view().nodes.find(({ name }) => name === 'a')?.boot;
      await when('the later one is seen', () => bootSeen() === second.self.boot);
      await when('both are told', () => [first, second].every(({ notes }) => notes.some(({ event }) => event.startsWith('name '))));
      expect(first.notes.filter(({ event }) => event.startsWith('name '))).toEqual([
        { event: 'name taken over', about: { kind: 'node', name: 'a', boot: first.self.boot, address: first.self.address, otherBoot: second.self.boot, otherAddress: second.self.address } },
      ]);
      expect(second.notes.filter(({ event }) => event.startsWith('name ')).map(({ event, about }) => [event, about['otherBoot']])).toEqual([['name shared', first.self.boot]]);
      expect([first, second].map(({ membership }) => membership.status().replacedBy)).toEqual([second.self.boot, undefined]);
      expect(namesOf(watching)).toEqual(['a', 'w']);
      await second.membership.leave();
      await when('the first is back', () => bootSeen() === first.self.boot);
      await when('the first knows', () => first.membership.status().replacedBy === undefined);
    });

    test('a process that starts again after a crash is the member at once, and nobody speaks of two', async () => {
      const watching = await members.joined('w');
      const first = await members.joined('a');
      await first.membership.close();
      const second = await members.joined('a');
      await when('the new one is seen', () => watching.membership.view().nodes[0]?.boot === second.self.boot);
      await when('the old row is removed', async () => (await raw.hlen(`${members.keyPrefix}members`)) === 2);
      expect(second.notes.filter(({ event }) => event.startsWith('name '))).toEqual([]);
    });
  });

  test('closes while Redis is away, too', async () => {
    const two = [await members.joined('a'), await members.joined('b')];
    await redis.kill();
    await two[0]!.membership.close();
    await when('it has tried', () => two[1]!.membership.status().failures > 2);
    await two[1]!.membership.close();
    await redis.restart();
  });

  describe('Redis', () => {
    const trio = async (): Promise<TestMember[]> => {
      const three = [await members.joined('a'), await members.joined('b'), await members.joined('r', 'router')];
      await all(three, ['a', 'b']);
      await when('the router is seen', () => three.every(({ membership }) => membership.view().routers.join() === 'r'));
      for (const { views } of three) views.length = 0;
      return three;
    };

    test('emptied: all are there again before anybody misses them', async () => {
      const three = await trio();
      for (let round = 0; round < 3; round += 1) {
        await raw.flushall();
        await when('all have written themselves down again', async () => (await raw.hlen(`${members.keyPrefix}members`)) === 3);
      }
      const beats = three.map(({ membership }) => membership.status().beats);
      await when('time enough to miss somebody has passed', () => three.every(({ membership }, i) => membership.status().beats > beats[i]! + 60));
      expect(three.map(({ views }) => views)).toEqual([[], [], []]);
    }, 30_000);

    test('killed: the last view stands, and says that it is old; empty again: nobody is dropped', async () => {
      const three = await trio();
      await redis.kill();
      await when('all know that their view is old', () => three.every(({ membership }) => membership.status().stale));
      expect(three.map(namesOf)).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b']]);
      await redis.restart();
      await when('all have heard again', () => three.every(({ membership }) => !membership.status().stale));
      const beats = three.map(({ membership }) => membership.status().beats);
      await when('time enough to miss somebody has passed', () => three.every(({ membership }, i) => membership.status().beats > beats[i]! + 80));
      expect(three.map(({ views }) => views)).toEqual([[], [], []]);
      for (const { notes } of three) expect(notes.map(({ event }) => event).filter((event) => event.startsWith('membership'))).toEqual(['membership stale', 'membership heard again']);
      expect(await raw.hlen(`${members.keyPrefix}members`)).toBe(3);
    }, 60_000);

    test('killed: who dies meanwhile is dropped some time after Redis is back', async () => {
      const [a, b] = await trio();
      await redis.kill();
      await b!.membership.close();
      await when('the view is old', () => a!.membership.status().stale);
      expect(namesOf(a!)).toEqual(['a', 'b']);
      await redis.restart();
      await all([a!], ['a']);
    }, 60_000);

    test('with something else under the key: as if it were gone, until somebody takes that away', async () => {
      const three = await trio();
      await raw.set(`${members.keyPrefix}members`, 'not ours');
      await when('all know that their view is old', () => three.every(({ membership }) => membership.status().stale));
      expect(await raw.get(`${members.keyPrefix}members`)).toBe('not ours');
      await raw.del(`${members.keyPrefix}members`);
      await when('all have written themselves down again', async () => (await raw.hlen(`${members.keyPrefix}members`)) === 3);
      await when('all have heard again', () => three.every(({ membership }) => !membership.status().stale));
      expect(three.map(({ views }) => views)).toEqual([[], [], []]);
    });

    test('standing still with its connections open: as if it were gone, and then as before', async () => {
      const three = await trio();
      const [pid] = redis.pids();
      process.kill(pid!, 'SIGSTOP');
      try {
        await when('all know that their view is old', () => three.every(({ membership }) => membership.status().stale));
      } finally {
        process.kill(pid!, 'SIGCONT');
      }
      await when('all have heard again', () => three.every(({ membership }) => !membership.status().stale));
      expect(three.map(({ views }) => views)).toEqual([[], [], []]);
    }, 60_000);

    test('not there at the start: the view is empty, not of oneself alone; joining is done when it comes', async () => {
      await redis.kill();
      const a = members.start('a');
      const joining = a.membership.join(a.self);
      await when('it has tried', () => a.membership.status().failures > 2);
      expect(a.membership.view()).toEqual({ version: 0, nodes: [], routers: [] });
      expect(a.membership.status()).toMatchObject({ stale: true, ageMs: undefined });
      const gone = members.start('b');
      const refused = expect(gone.membership.join(gone.self)).rejects.toThrow('has left');
      await gone.membership.leave();
      await refused;
      await redis.restart();
      await joining;
      expect(namesOf(a)).toEqual(['a']);
    }, 60_000);
  });
});
