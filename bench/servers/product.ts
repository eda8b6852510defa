/** Router and quiz-node as they are built, both on core 0, embedded and durable in a folder of their own. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstLine, startPinned, stop, type Started } from '../harness/pinned.js';

/** Limits above their defaults: one machine is here thousands of people, and one host gives orders without a pause. */
export const raisedLimits: Readonly<Record<string, number>> = {
  LIMIT_UPGRADES_PER_SECOND: 100_000,
  LIMIT_UNAUTHENTICATED_SOCKETS_MAX: 20_000,
  LIMIT_IP_SOCKETS_MAX: 20_000,
  LIMIT_PLAYER_PER_SECOND: 1_000,
  LIMIT_PLAYER_BURST_FRAMES: 1_000,
  LIMIT_HOST_PER_SECOND: 10_000,
  LIMIT_HOST_BURST_FRAMES: 10_000,
};

export interface Product {
  /** Of the router. */
  readonly port: number;
  readonly pids: readonly number[];
  readonly router: Started;
  readonly node: Started;
  readonly key: string;
  post<T>(path: string, body: unknown): Promise<T>;
  get<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

export interface ProductOptions {
  /** Kept when it is given. */
  readonly dataDir?: string;
  readonly nodeArgs?: readonly string[];
}

const entry = (app: string): string => fileURLToPath(new URL(`../../apps/${app}/src/main.js`, import.meta.url));
/** As `npm start` has them. */
const standardArgs = ['--enable-source-maps', '--max-semi-space-size=16'];

/** The port of `{"ready":true,"port":…}`. */
export function readyPort(line: string): number | undefined {
  return line.startsWith('{"ready"') ? (JSON.parse(line) as { port: number }).port : undefined;
}

/** @throws when a program does not start, with what it said. */
export async function startProduct({ dataDir, nodeArgs = [] }: ProductOptions = {}): Promise<Product> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'ringmaster-bench-'));
  const key = randomBytes(24).toString('base64url');
  const limits = Object.fromEntries(Object.entries(raisedLimits).map(([name, value]) => [name, String(value)]));
  const shared = { ...limits, LINK_SECRET: randomBytes(32).toString('base64url'), LOG_LEVEL: 'error' };
  const start = (app: string, env: NodeJS.ProcessEnv): Started => startPinned(0, process.execPath, [...standardArgs, ...nodeArgs, entry(app)], { env: { ...shared, ...env } });

  const node = start('quiz-node', { NODE_PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder, HOST_API_KEY: key });
  const nodePort = await firstLine(node, readyPort);
  const router = start('router', { PORT: '0', HOST: '127.0.0.1', NODES: `node-0=127.0.0.1:${nodePort}` });
  const port = await firstLine(router, readyPort);
  const ask = async <T>(path: string, init: RequestInit): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  };
  return {
    port,
    pids: [router.pid, node.pid],
    router,
    node,
    key,
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
    get: (path) => ask(path, {}),
    stop: async () => {
      // Nothing is asked of them any more: their end is no part of a benchmark.
      for (const { child } of [router, node]) child.kill('SIGKILL');
      await Promise.all([stop(router), stop(node)]);
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
