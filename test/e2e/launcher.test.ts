import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { Host, type NewSession } from './harness/host.js';
import { Client, closeClients } from './harness/player.js';
import { newDataDir } from './harness/product.js';
import { entries, Running } from './harness/running.js';
import { eventually } from './harness/waiting.js';

let dataDir: string;
let launcher: Running;
beforeEach(() => {
  dataDir = newDataDir();
  launcher = new Running('launcher', entries.launcher, { HOST: '127.0.0.1', PORT: '0', NODE_PORT: '0', DATA_DIR: dataDir });
});
afterEach(async () => {
  closeClients();
  launcher.signal('SIGTERM');
  await launcher.ended;
  rmSync(dataDir, { recursive: true, force: true });
});

interface Greeting {
  readonly url: string;
  readonly key: string;
  /** What is printed to be pasted, as it is printed. */
  readonly commands: string;
}

async function greeting(): Promise<Greeting> {
  await launcher.prints((line) => line.startsWith('Ctrl-C'));
  const said = launcher.out.join('\n');
  const from = said.indexOf('  export RM=');
  return {
    url: /this machine +(\S+)/.exec(said)?.[1] ?? '',
    key: /host key +(\S+)/.exec(said)?.[1] ?? '',
    commands: said.slice(from, said.indexOf('\n\n', from)),
  };
}

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
/** Pids of the launcher's programs by the name of the app that they run. */
function programs(): { router?: number; 'quiz-node'?: number } {
  const pids = readFileSync(`/proc/${launcher.pid}/task/${launcher.pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  const named = pids.flatMap((pid) => {
    const app = isAlive(pid) ? /apps\/([a-z-]+)\/src\/main\.js/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1] : undefined;
    return app === undefined ? [] : [[app, pid] as const];
  });
  return Object.fromEntries(named);
}
const gone = (pids: readonly number[]) => eventually(() => (pids.some(isAlive) ? undefined : true), `the end of ${pids.join()}`);

describe('npm start', () => {
  it('prints what a first visitor needs, and the commands work as they are printed', async () => {
    const { url, key, commands } = await greeting();
    expect(launcher.out.join('\n')).toContain(`${url}/docs`);
    expect((await fetch(`${url}/docs`)).status).toBe(200);
    const { stdout } = await promisify(execFile)('bash', ['-c', commands]);
    const { sessionId, hostToken, wsUrl } = JSON.parse(stdout) as NewSession;
    expect(wsUrl).toBe(`${url.replace('http', 'ws')}/v1/play/${sessionId}`);
    const ada = await Client.join(url, sessionId, 'Ada');
    expect((await new Host(url, hostToken).order(sessionId, 'start')).phase).toBe('starting');
    await ada.sees('session.started');
    expect((await new Host(url, key).get(`/v1/sessions/${sessionId}`))['phase']).toBe('starting');
  });

  it('keeps its key and its sessions over a restart, and stops cleanly with SIGINT', async () => {
    const first = await greeting();
    const { sessionId } = await new Host(first.url, first.key).newSession({ title: 'T', questions: [{ type: 'trueFalse', text: 'Yes?', key: true }] });
    const children = Object.values(programs());
    expect(children).toHaveLength(2);
    launcher.signal('SIGINT');
    expect(await launcher.ended).toEqual({ code: 0, signal: null });
    expect(children.filter(isAlive)).toEqual([]);

    launcher = new Running('launcher', entries.launcher, { HOST: '127.0.0.1', PORT: '0', NODE_PORT: '0', DATA_DIR: dataDir });
    const second = await greeting();
    expect(second.key).toBe(first.key);
    expect((await new Host(second.url, second.key).get(`/v1/sessions/${sessionId}`))['phase']).toBe('lobby');
  });

  it('starts a program again that was killed; players go on', async () => {
    const { url, key } = await greeting();
    const host = new Host(url, key);
    const { sessionId } = await host.newSession({ title: 'T', questions: [{ type: 'trueFalse', text: 'Yes?', key: true }] }, { timing: { startMs: 0, readMs: 0 }, leadMs: 0 });
    const ada = await Client.join(url, sessionId, 'Ada');
    const before = programs();
    process.kill(before['quiz-node'] as number, 'SIGKILL');
    await host.order(sessionId, 'start').catch(() => host.ready().then(() => host.order(sessionId, 'start')));
    await ada.sees('question.opened', undefined, 15_000);
    process.kill(before.router as number, 'SIGKILL');
    expect((await ada.closed()).code).toBe(1006);
    await host.ready();
    await ada.resume();
    await ada.answer('q1', true);
    const after = programs();
    expect([after.router, after['quiz-node']]).not.toEqual(expect.arrayContaining([before.router]));
    expect(after['quiz-node']).not.toBe(before['quiz-node']);
  });

  it('gives up with a clear message when a program dies five times within a minute, and leaves nothing behind', async () => {
    await greeting();
    const { router } = programs();
    const seen = new Set<number>();
    for (let death = 1; death <= 5; death += 1) {
      const pid = await eventually(() => (launcher.isGone ? -1 : ((id) => (id !== undefined && !seen.has(id) ? id : undefined))(programs()['quiz-node'])), 'another quiz-node', 15_000);
      seen.add(pid);
      process.kill(pid, 'SIGKILL');
    }
    expect(await launcher.endsBySelf()).toEqual({ code: 1, signal: null });
    expect(launcher.err.join('\n')).toMatch(/quiz-node .*too often.*not started again/);
    expect([router as number, ...seen].filter(isAlive)).toEqual([]);
  }, 60_000);

  it('takes its programs with it even when it is killed itself', async () => {
    const { url, key } = await greeting();
    const { sessionId } = await new Host(url, key).newSession({ title: 'T', questions: [{ type: 'trueFalse', text: 'Yes?', key: true }] });
    const ada = await Client.join(url, sessionId, 'Ada');
    const children = Object.values(programs());
    await launcher.kill9();
    await ada.sees('reconnect');
    await gone(children);
  });

  it('is stopped while it still starts, and leaves nothing behind', async () => {
    const children = await eventually(() => ((pids) => (pids.length > 0 ? pids : undefined))(Object.values(programs())), 'a first program');
    launcher.signal('SIGINT');
    expect(await launcher.endsBySelf()).toEqual({ code: 0, signal: null });
    await gone(children);
  });
});
