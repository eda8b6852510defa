/** From the start of a quiz-node with a full journal, behind a router that is already there, to the first thing that it acknowledges: a player who joins. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { firstLine, startPinned, stop } from '../harness/pinned.js';
import type { SideResult } from '../harness/types.js';
import { freePort } from '../servers/free-port.js';
import { readyPort } from '../servers/product.js';
import { joinQuiz } from '../wire/quiz-client.js';
import { copyOfJournal, preparedFolder, SHARDS, sessionIdOf } from './journal.js';

const entry = (app: string): string => fileURLToPath(new URL(`../../apps/${app}/src/main.js`, import.meta.url));
const ARGS = ['--enable-source-maps', '--max-semi-space-size=16'];

export async function run(): Promise<SideResult> {
  const { data, written, dispose } = copyOfJournal(preparedFolder());
  const nodePort = await freePort();
  const shared = { LINK_SECRET: randomBytes(32).toString('base64url'), LOG_LEVEL: 'error' };
  const router = startPinned(0, process.execPath, [...ARGS, entry('router')], { env: { ...shared, PORT: '0', HOST: '127.0.0.1', SHARDS: String(SHARDS), NODES: `node-0=127.0.0.1:${nodePort}` } });
  const port = await firstLine(router, readyPort);
  const started = performance.now();
  const joined = joinQuiz(port, sessionIdOf(0), 'the first one', () => undefined).then((member) => ({ member, ms: performance.now() - started }));
  const env = { ...shared, NODE_PORT: String(nodePort), HOST: '127.0.0.1', SHARDS: String(SHARDS), DATA_DIR: data, HOST_API_KEY: randomBytes(24).toString('base64url') };
  const node = startPinned(0, process.execPath, [...ARGS, entry('quiz-node')], { env });
  const servedMs = await firstLine(node, readyPort).then(() => performance.now() - started);
  const { member, ms } = await joined;
  member.wire.destroy();
  for (const { child } of [router, node]) child.kill('SIGKILL');
  await Promise.all([stop(router), stop(node)]);
  dispose();
  return { values: { firstMs: ms, servedMs }, verified: `a player joined a session of ${written.players + 1} that was only in the journal` };
}
