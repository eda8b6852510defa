/** `npm start`: router and quiz-node on one machine, supervised. Owns both child processes; holds no data itself. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { banner, networkAddresses } from './banner.js';
import { helpText, readConfig, type LauncherConfig } from './config.js';
import { hostKey } from './host-key.js';
import { exitUnusable, Program } from './program.js';

const drainMs = 10_000;
const nodeArgs = ['--enable-source-maps', '--max-semi-space-size=16'];

function main(): void {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    console.log(helpText());
    return;
  }
  let config: LauncherConfig;
  let key: ReturnType<typeof hostKey>;
  const dataDir = () => resolve(config.dataDir);
  try {
    config = readConfig(process.env);
    key = hostKey(dataDir(), config.hostApiKey);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = exitUnusable;
    return;
  }

  const entry = (app: string) => fileURLToPath(new URL(`../../${app}/src/main.js`, import.meta.url));
  const linkSecret = randomBytes(32).toString('base64url');
  const shared = { LINK_SECRET: linkSecret, LOG_LEVEL: config.logLevel };
  let router: Program | undefined;
  let greeted = false;
  let stopping = false;

  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    await router?.stop(drainMs);
    await node.stop(drainMs);
    process.exit(code);
  };
  const line = (name: string, text: string) => console.error(`[${name}] ${text}`);
  const gaveUp = (reason: string) => {
    console.error(`ringmaster: ${reason}`);
    void stop(1);
  };

  const nodeEnv: NodeJS.ProcessEnv = {
    ...shared,
    HOST: '127.0.0.1',
    NODE_PORT: String(config.nodePort),
    NODE_NAME: 'node-0',
    ROUTERS: 'router-0',
    DATA_DIR: dataDir(),
    HOST_API_KEY: key.key,
  };
  const nodeReady = (nodePort: number) => {
    // A port that was drawn is kept: the router goes on looking for the node there after a restart.
    nodeEnv['NODE_PORT'] = String(nodePort);
    startRouter(nodePort);
  };
  const node = new Program(
    { name: 'quiz-node', entry: entry('quiz-node'), nodeArgs, env: nodeEnv },
    { line, gaveUp, ready: nodeReady },
  );

  const startRouter = (nodePort: number) => {
    if (router) return;
    router = new Program(
      {
        name: 'router',
        entry: entry('router'),
        nodeArgs,
        env: { ...shared, HOST: config.host, PORT: String(config.port), ROUTER_NAME: 'router-0', NODES: `node-0=127.0.0.1:${nodePort}` },
      },
      { line, gaveUp, ready: greet },
    );
    router.start();
  };

  const greet = (port: number) => {
    if (greeted) return;
    greeted = true;
    const addresses = networkAddresses(config.host);
    console.log(banner({ host: config.host, port, dataDir: dataDir(), key: key.key, keyFresh: key.fresh, addresses }));
  };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!stopping) console.error('Stopping: sockets are told to come back, what was acknowledged is on disk.');
      void stop(0);
    });
  }
  node.start();
}

main();
