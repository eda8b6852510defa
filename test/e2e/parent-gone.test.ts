import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { API_KEY, newDataDir } from './harness/product.js';
import { entries } from './harness/running.js';

let child: ChildProcess | undefined;
let dataDir: string | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
  if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true });
});

/** Two ends of one connection. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const other = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const one = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const both: [Socket, Socket] = [one, await other];
  server.close();
  return both;
}

describe('a parent that goes without closing its pipe in order', () => {
  it.each([
    ['node', { NODE_PORT: '0', SHARDS: '16', HOST_API_KEY: API_KEY }],
    ['router', { PORT: '0', NODES: 'node-0=127.0.0.1:9' }],
  ] as const)('%s: drains, as if the pipe had been closed', async (program, env) => {
    const [mine, stdin] = await pair();
    dataDir = newDataDir();
    const started = spawn(process.execPath, ['--enable-source-maps', entries[program]], {
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', DATA_DIR: dataDir, EXIT_WITH_PARENT: '1', LOG_LEVEL: 'info', ...env },
      stdio: [stdin, 'pipe', 'pipe'],
    });
    child = started;
    let said = '';
    // The handler of stdin is in place when the program says that it listens.
    const listens = new Promise<void>((resolve) => {
      for (const stream of [started.stdout, started.stderr]) {
        stream?.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          if (/"ready":true|"listening"/.test(said)) resolve();
        });
      }
    });
    const ended = new Promise<number | null>((resolve) => started.once('close', (code) => resolve(code)));
    await listens;
    mine.resetAndDestroy();
    expect(await ended).toBe(0);
    expect(said).toMatch(/drain/i);
    stdin.destroy();
  });
});
