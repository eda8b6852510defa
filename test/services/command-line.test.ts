import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Background } from './background.js';
import { exportLine, readRequest } from './command-line.js';
import { describeWithServers } from './describe-with-servers.js';
import { root } from './places.js';
import { freePorts } from './ports.js';
import { startOf } from './process-identity.js';
import { redisAnswers } from './redis.js';

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, ['--import', './scripts/ts-hooks.mjs', 'test/services/main.ts', ...args], { cwd: root, encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } });
}

describe('npm run services', () => {
  test('says what it can do', () => {
    const { status, stdout, stderr } = run(['--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const word of ['up', 'down', 'status', 'fetch', '--brokers 3', '--only', 'KAFKA_PORT', 'DYNAMODB_PORT', 'REDIS_PORT']) expect(stdout).toContain(word);
  });

  test('what it does not understand ends with 2 and nothing on stdout', () => {
    expect(run([])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('no command') });
    expect(run(['up'], { REDIS_PORT: 'many' })).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('REDIS_PORT is "many"') });
  });

  test('what is understood', () => {
    expect(readRequest(['up', '--brokers', '3', '--only', 'redis,kafka'])).toEqual({ command: 'up', brokers: 3, only: ['kafka', 'redis'] });
    expect(readRequest(['down'])).toEqual({ command: 'down', brokers: 1, only: ['kafka', 'dynamodb', 'redis'] });
    expect(readRequest(['up', '-h'])).toMatchObject({ command: 'help' });
  });

  test.each([
    [['zap'], 'the command zap is not known'],
    [['up', '--brokers', '2'], '--brokers takes 1 or 3'],
    [['up', '--brokers'], '--brokers takes 1 or 3'],
    [['down', '--brokers', '3'], '--brokers is not an option of down'],
    [['up', '--only', 'kafka,postgres'], '--only takes some of kafka,dynamodb,redis'],
    [['status', '--only'], '--only takes some of'],
    [['up', 'kafka'], 'kafka is not an option of up'],
  ])('%j is not', (args, message) => {
    expect(() => readRequest(args)).toThrow(message);
  });

  test('the line to export', () => {
    expect(exportLine(new Map([['kafka', ['a:1', 'b:2']], ['redis', ['redis://c:3']]] as const))).toBe('export KAFKA_BROKERS=a:1,b:2 REDIS_URL=redis://c:3');
  });
});

describeWithServers(['own redis'], 'servers that stay', () => {
  const before = process.env['REDIS_PORT'];
  let folder: string;
  let port: number;
  let background: Background;
  const said: string[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'up-'));
    [port = 0] = await freePorts(1);
    process.env['REDIS_PORT'] = String(port);
    said.length = 0;
    background = new Background((line) => said.push(line), folder);
  });
  afterEach(async () => {
    await background.down('redis');
    rmSync(folder, { recursive: true, force: true });
    if (before === undefined) delete process.env['REDIS_PORT'];
    else process.env['REDIS_PORT'] = before;
  });

  test('up, up again, status, down', async () => {
    expect(await background.health('redis')).toBeUndefined();
    expect(await background.up('redis', 1)).toEqual([`redis://127.0.0.1:${port}`]);
    const health = await background.health('redis');
    expect(health).toMatchObject({ ports: [port], state: 'healthy' });
    expect(await background.up('redis', 1)).toEqual([`redis://127.0.0.1:${port}`]);
    expect(said.at(-1)).toBe('redis is up already');
    expect((await background.health('redis'))?.pids).toEqual(health?.pids);
    expect(await redisAnswers(port)).toBe(true);
    expect(await background.down('redis')).toBe(true);
    expect(startOf(health?.pids[0] as number)).toBeUndefined();
    expect(await background.down('redis')).toBe(false);
  });

  test('one that died is told, and comes up again', async () => {
    await background.up('redis', 1);
    process.kill((await background.health('redis'))?.pids[0] as number, 'SIGKILL');
    for (;;) if ((await background.health('redis'))?.state === 'gone') break;
    await background.up('redis', 1);
    expect(await background.health('redis')).toMatchObject({ state: 'healthy' });
  });

  test('a port that is taken is named, with the variable that chooses another', async () => {
    const other = createServer();
    await once(other.listen(port, '127.0.0.1'), 'listening');
    await expect(background.up('redis', 1)).rejects.toThrow(`port ${port}, for redis, is taken; REDIS_PORT chooses another`);
    other.close();
  });
});
