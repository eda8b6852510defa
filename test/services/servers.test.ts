/** Real processes: they answer, die, come back and leave nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeWithServers, START_MS_MAX } from './describe-with-servers.js';
import { dynamoAnswers, startDynamo } from './dynamodb.js';
import { root, runsFolder } from './places.js';
import { isFree } from './ports.js';
import { startOf } from './process-identity.js';
import { redisAnswers, redisRecipe, startRedis } from './redis.js';
import { makeRunFolder } from './run-folder.js';
import { startOwned } from './running.js';
import { ServerProcess } from './server-process.js';
import { until } from './until.js';

const portOfAddress = (address: string): number => Number(address.split(':').at(-1));
const ownFolders = (name: string): string[] => readdirSync(runsFolder).filter((entry) => entry.startsWith(`${name}.${process.pid}.`));

describeWithServers(['own redis'], 'Redis', () => {
  test('answers, is killed, comes back at the same address, leaves nothing', async () => {
    const redis = await startRedis();
    const port = portOfAddress(redis.address);
    expect(redis.owned).toBe(true);
    expect(await redisAnswers(port)).toBe(true);
    const [first] = redis.pids();
    await redis.kill();
    expect(redis.pids()).toEqual([]);
    expect(startOf(first as number)).toBeUndefined();
    await expect(redisAnswers(port)).rejects.toThrow('ECONNREFUSED');
    await redis.restart();
    expect(await redisAnswers(port)).toBe(true);
    const [second] = redis.pids();
    expect(second).not.toBe(first);
    await expect(redis.kill(2)).rejects.toThrow('there is no server 2, there are 1');
    await redis.stop();
    expect(startOf(second as number)).toBeUndefined();
    expect(ownFolders('redis')).toEqual([]);
    await redis.stop();
  });

  test('when somebody is quicker on its port, it takes another', async () => {
    const thief = createServer();
    const recipe = redisRecipe();
    const tried: number[] = [];
    const running = await startOwned({
      ...recipe,
      prepare: async (folder, ports) => {
        tried.push(ports[0] as number);
        if (tried.length === 1) await once(thief.listen(ports[0], '127.0.0.1'), 'listening');
        return recipe.prepare(folder, ports);
      },
    });
    expect(tried).toHaveLength(2);
    expect(running.ports).toEqual([tried[1]]);
    await running.stop();
    thief.close();
  });

  test('it does not outlive a process that is killed before it could stop it', async () => {
    const program = `import { startRedis } from '${join(root, 'test/services/redis.ts')}'; const redis = await startRedis(); console.log(redis.pids()[0]); setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--import', join(root, 'scripts/ts-hooks.mjs'), '--input-type=module', '-e', program], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
    const pid = Number(line);
    expect(startOf(pid)).toBeDefined();
    owner.kill('SIGKILL');
    await until('Redis ends with its owner', 10_000, () => startOf(pid) === undefined || undefined);
    const left = () => readdirSync(runsFolder).filter((entry) => entry.startsWith(`redis.${owner.pid}.`));
    expect(left()).toHaveLength(1);
    await until('the folder is swept', 10_000, async () => {
      await (await startRedis()).stop();
      return left().length === 0 || undefined;
    });
  }, 60_000);

  describe('shared by the suites of a run', () => {
    test('it is one, and nobody stops it', async () => {
      const [one, other] = await Promise.all([startRedis({ shared: true }), startRedis({ shared: true })]);
      expect(one.address).toBe(other.address);
      expect(one.owned).toBe(false);
      await one.stop();
      expect(await redisAnswers(portOfAddress(other.address))).toBe(true);
      await expect(other.kill()).rejects.toThrow('shared');
    });
  });

  describe('named by the environment', () => {
    const before = process.env['REDIS_URL'];
    beforeAll(() => {
      process.env['REDIS_URL'] = 'redis://cache.example:6379';
    });
    afterAll(() => {
      if (before === undefined) delete process.env['REDIS_URL'];
      else process.env['REDIS_URL'] = before;
    });

    test('none is started, and it cannot be killed', async () => {
      const redis = await startRedis();
      expect(redis).toMatchObject({ owned: false, address: 'redis://cache.example:6379' });
      expect(redis.pids()).toEqual([]);
      await expect(redis.kill()).rejects.toThrow("REDIS_URL names the server: it is not this test's own");
      await expect(redis.restart()).rejects.toThrow('REDIS_URL');
      await redis.stop();
    });
  });
});

describeWithServers(['own dynamodb'], 'DynamoDB', () => {
  test('answers, is killed, comes back at the same address, leaves nothing', async () => {
    const dynamo = await startDynamo();
    expect(await dynamoAnswers(dynamo.address)).toBe(true);
    await dynamo.kill();
    await expect(dynamoAnswers(dynamo.address)).rejects.toThrow();
    await dynamo.restart();
    expect(await dynamoAnswers(dynamo.address)).toBe(true);
    const [pid] = dynamo.pids();
    await dynamo.stop();
    expect(startOf(pid as number)).toBeUndefined();
    expect(await isFree(portOfAddress(dynamo.address))).toBe(true);
    expect(ownFolders('dynamodb')).toEqual([]);
  }, START_MS_MAX);
});

describe('a server that does not come up', () => {
  const recipe = (script: string) => ({
    name: 'broken',
    portsCount: 1,
    prepare: async (folder: string) => [new ServerProcess({ name: 'Broken', command: 'sh', args: ['-c', script], logFile: join(folder, 'log') })],
    answers: async () => false,
  });

  test('is told with the end of its log', async () => {
    await expect(startOwned(recipe('echo no memory left; exit 3'))).rejects.toThrow('Broken ended with code 3:\nno memory left');
    expect(ownFolders('broken')).toEqual([]);
  });

  test('is told when its program is missing', async () => {
    await expect(startOwned(recipe('exec no-such-program'))).rejects.toThrow('no-such-program');
  });
});

describe('folders of runs', () => {
  test('those of processes that are gone are removed, others are not', () => {
    const parent = mkdtempSync(join(tmpdir(), 'runs-'));
    const [dead, reused] = [join(parent, 'kafka.999999999.5.abc'), join(parent, `kafka.${process.pid}.5.abc`)];
    for (const folder of [dead, reused]) mkdirSync(folder);
    const mine = makeRunFolder('kafka', parent);
    const other = makeRunFolder('kafka', parent);
    expect([dead, reused, mine, other].map((folder) => existsSync(folder))).toEqual([false, false, true, true]);
    rmSync(parent, { recursive: true });
  });
});
