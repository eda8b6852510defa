import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { API_KEY, newDataDir } from './harness/product.js';
import { entries, Running } from './harness/running.js';

let dataDir: string;
let taken: Server;
let takenPort: string;
beforeAll(async () => {
  dataDir = newDataDir();
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  takenPort = String((taken.address() as AddressInfo).port);
});
afterAll(() => {
  taken.close();
  rmSync(dataDir, { recursive: true });
});

async function run(program: keyof typeof entries, env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<{ code: number | null; said: string; out: string }> {
  const ports = program === 'router' ? { PORT: '0' } : program === 'node' ? { NODE_PORT: '0' } : { PORT: '0', NODE_PORT: '0' };
  const running = new Running(program, entries[program], { HOST: '127.0.0.1', DATA_DIR: dataDir, HOST_API_KEY: API_KEY, ...ports, ...env }, args);
  const { code } = await running.endsBySelf();
  return { code, said: running.err.join('\n'), out: running.out.join('\n') };
}

/** Each set goes to one run of the program: all that is wrong has to be named at once. */
const wrong: readonly { readonly program: keyof typeof entries; readonly env: Readonly<Record<string, string>> }[] = [
  {
    program: 'router',
    env: { PORT: 'eighty', NODES: 'node-0', LINK_SECRET: 'tiny', ALLOWED_ORIGINS: 'quiz.example', TRUSTED_PROXIES: '-1', SHARDS: '0', LOG_LEVEL: 'loud', LIMIT_FRAME_BYTES_MAX: 'many', EXIT_WITH_PARENT: 'yes' },
  },
  { program: 'router', env: { PORT: '70000', NODES: 'a=127.0.0.1:1,a=127.0.0.1:2', DRAIN_MS_MAX: 'soon', ROUTER_NAME: 'no spaces please', METRICS_PORT: '-1' } },
  {
    program: 'node',
    env: {
      NODE_PORT: '-1', NODE_NAME: 'no spaces please', ROUTERS: ',', SHARDS: '1.5', LINK_SECRET: 'tiny', HOST_API_KEY: 'tiny', PUBLIC_URL: 'quiz.example', RETENTION_DAYS: '0', DRAIN_MS_MAX: 'soon',
      EXIT_WITH_PARENT: 'yes', LIMIT_PLAYERS_MAX: '-5', LOG_LEVEL: 'loud',
    },
  },
  { program: 'node', env: { HOST_API_KEY: 'long enough but with spaces' } },
  { program: 'launcher', env: { PORT: 'eighty', NODE_PORT: '65536', HOST_API_KEY: 'long enough but with spaces', LOG_LEVEL: 'loud' } },
];

describe('wrong variables', () => {
  it.each(wrong)('$program: each is named with its value and what it accepts, and the code is 2: $env', async ({ program, env }) => {
    const { code, said } = await run(program, env);
    const lines = said.split('\n');
    expect(lines).toHaveLength(Object.keys(env).length);
    for (const [variable, value] of Object.entries(env)) {
      const line = lines.find((text) => text.includes(`${variable} is `));
      expect([variable, line]).toEqual([variable, expect.stringContaining(': it takes ')]);
      expect([variable, line?.includes(value)]).toEqual([variable, !/SECRET|KEY/.test(variable)]);
    }
    expect(code).toBe(2);
  });
});

describe('a place that cannot be had', () => {
  it.each([
    ['router', 'PORT'],
    ['node', 'NODE_PORT'],
  ] as const)('%s: a port that is taken', async (program, variable) => {
    const { code, said } = await run(program, { [variable]: takenPort });
    expect(said).toContain(takenPort);
    expect(code).toBe(2);
  });

  it.each(['PORT', 'NODE_PORT'])('launcher: %s is taken: says so, ends, and leaves nothing behind', async (variable) => {
    const { code, said } = await run('launcher', { [variable]: takenPort });
    expect(said).toContain(takenPort);
    expect(said).toContain('cannot run as it is set up');
    expect(code).toBe(1);
  });

  it('an address of another machine', async () => {
    const { code, said } = await run('router', { HOST: '203.0.113.7' });
    expect([code, said]).toEqual([2, expect.stringContaining('203.0.113.7')]);
  });

  it('a file of keys that is not there, or is no JSON', async () => {
    const { code, said } = await run('node', { API_KEYS_FILE: `${dataDir}/keys.json` });
    expect([code, said]).toEqual([2, expect.stringContaining('keys.json')]);
  });
});

describe('--help', () => {
  it.each([
    ['router', ['PORT', 'NODES', 'LINK_SECRET', 'LIMIT_']],
    ['node', ['NODE_PORT', 'DATA_DIR', 'HOST_API_KEY', 'LIMIT_']],
    ['launcher', ['PORT', 'DATA_DIR', 'HOST_API_KEY']],
  ] as const)('%s explains every variable', async (program, variables) => {
    const { code, out } = await run(program, {}, ['--help']);
    expect(code).toBe(0);
    for (const variable of variables) expect(out).toContain(variable);
  });
});
