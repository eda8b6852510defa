import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { shardOf } from '@ringmaster/actors';
import { WebSocket } from 'ws';
import { LinkNode } from './link-node.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const SECRET = 'a secret of the link';
const SESSION = '7K3M9QRT';
const utf8 = new TextEncoder();

let child: ChildProcess | null = null;
let node: LinkNode | null = null;
afterEach(async () => {
  child?.kill('SIGKILL');
  await node?.stop();
  child = node = null;
});

interface Ended {
  readonly code: number | null;
  readonly errors: string;
}

function start(env: NodeJS.ProcessEnv, args: readonly string[] = []): { line: Promise<string>; ended: Promise<Ended>; out: () => string } {
  const started = spawn(process.execPath, ['--import', './scripts/ts-hooks.mjs', 'apps/router/src/main.ts', ...args], { cwd: root, env: { PATH: process.env['PATH'], HOST: '127.0.0.1', ...env }, stdio: 'pipe' });
  child = started;
  let errors = '';
  let out = '';
  started.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  started.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const line = new Promise<string>((resolve) => createInterface({ input: started.stdout }).once('line', resolve));
  const ended = new Promise<Ended>((resolve) => started.once('close', (code) => resolve({ code, errors })));
  return { line, ended, out: () => out };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the program', () => {
  it('serves players and REST through the link, and drains when told to end', async () => {
    node = await LinkNode.start(SECRET);
    const { line, ended } = start({ PORT: '0', NODES: `node-0=127.0.0.1:${node.port}`, LINK_SECRET: SECRET });
    const ready = JSON.parse(await line) as { ready: boolean; port: number };
    expect(ready).toMatchObject({ ready: true });
    const at = `127.0.0.1:${ready.port}`;
    expect((await fetch(`http://${at}/livez`)).status).toBe(200);

    expect((await node.hears('linkHello')).router).toBe('router-0');
    await node.hears('clock', 2);
    node.says({ r: 'owner', shard: shardOf(SESSION, 16), epoch: 3, offset: 1_000 });
    expect((await node.hears('attached')).shards).toMatchObject([{ shard: shardOf(SESSION, 16), epoch: 3 }]);
    expect((await fetch(`http://${at}/readyz`)).status).toBe(200);
    expect(await (await fetch(`http://${at}/v1/quizzes?x=1`)).text()).toBe('node has /v1/quizzes?x=1');

    const socket = new WebSocket(`ws://${at}/v1/play/7k3m-9qrt`, 'quiz.v1.json');
    const got: string[] = [];
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.on('message', (data) => got.push(String(data)));
    socket.once('open', () => socket.send('hello'));
    const { conn, sessionId } = await node.hears('open');
    expect(sessionId).toBe(SESSION);
    const { k, bytes, recvAt } = await node.hears('data');
    expect([k, new TextDecoder().decode(bytes)]).toEqual([1, 'hello']);
    expect(Math.abs(recvAt - (performance.now() + 1_000))).toBeLessThan(5_000);

    const answered = new Promise<void>((resolve) => socket.on('message', (data) => String(data) === 's1' && resolve()));
    node.says(
      { r: 'bind', conn, done: 1, s: 0, p: 0, role: 'player', genEpoch: 3, genCount: 1, perSecond: 5, burst: 10, bind: utf8.encode('b'), frames: [utf8.encode('welcome')] },
      { r: 'broadcast', sessionId: SESSION, audience: 15, s: 1, bytes: utf8.encode('s1') },
    );
    await answered;
    expect(got).toEqual(['welcome', 's1']);
    const metrics = await (await fetch(`http://${at}/metrics`)).text();
    for (const text of ['ringmaster_router_sockets 1', 'ringmaster_router_links 1', 'ringmaster_router_frames_received_total 1', 'ringmaster_router_broadcasts_total 1']) expect(metrics).toContain(`\n${text}\n`);

    child?.kill('SIGTERM');
    expect(await closed).toBe(4001);
    expect(JSON.parse(got[2] ?? '')).toMatchObject({ t: 'reconnect', d: { reason: 'drain' } });
    expect((await node.hears('close')).code).toBe(4001);
    const { code, errors } = await ended;
    expect(code).toBe(0);
    expect(errors).not.toContain(SECRET);
  });

  it('says that it is ready when it can serve, and not before', async () => {
    const [port, nodePort] = [await freePort(), await freePort()];
    const { line, out } = start({ PORT: String(port), NODES: `node-0=127.0.0.1:${nodePort}`, LINK_SECRET: SECRET, LOG_LEVEL: 'silent' });
    const readyz = () => fetch(`http://127.0.0.1:${port}/readyz`).then(({ status }) => status, () => 0);
    for (let status = 0; status === 0; status = await readyz()) await new Promise((resolve) => setTimeout(resolve, 20));
    expect([await readyz(), out()]).toEqual([503, '']);
    node = await LinkNode.start(SECRET, nodePort);
    expect(JSON.parse(await line)).toEqual({ ready: true, port });
    expect(await readyz()).toBe(200);
  });

  it('ends when its parent does, if told so', async () => {
    const { ended } = start({ PORT: '0', EXIT_WITH_PARENT: '1', LOG_LEVEL: 'silent' });
    child?.stdin?.end();
    expect(await ended).toEqual({ code: 0, errors: '' });
  });

  it('says what is wrong with its configuration, with code 2', async () => {
    const { ended } = start({ PORT: 'eighty' });
    expect(await ended).toEqual({ code: 2, errors: 'PORT is "eighty": it takes a port from 0 to 65535 (0: any free one)\n' });
  });

  it('explains itself', async () => {
    const { ended, out } = start({}, ['--help']);
    expect((await ended).code).toBe(0);
    expect(out()).toContain('LINK_SECRET');
  });
});
