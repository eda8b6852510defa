/** The product on one machine: one quiz-node and one router as supervised programs, the router behind the node. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Program } from './program.js';

export interface ProductOptions {
  /** Where players connect; 0 draws a free port. */
  readonly host: string;
  readonly port: number;
  readonly nodePort: number;
  readonly dataDir: string;
  readonly hostApiKey: string;
  readonly logLevel: string;
  line(name: string, text: string): void;
  /** A program will not be started again. */
  gaveUp(reason: string): void;
  nodeReady?(): void;
}

export interface Product {
  readonly port: number;
  readonly node: Program;
  readonly router: Program;
  /** Stops the router first, so that sockets are told to come back; resolves when both processes are gone. */
  stop(): Promise<void>;
}

const drainMs = 10_000;
const nodeArgs = ['--enable-source-maps', '--max-semi-space-size=16'];
const entry = (app: string) => fileURLToPath(new URL(`../../${app}/src/main.js`, import.meta.url));

/** Starts both programs. `started` is called once, when the router serves. @returns stops whatever runs so far. */
export function startProduct(options: ProductOptions, started: (product: Product) => void): () => Promise<void> {
  const shared = { LINK_SECRET: randomBytes(32).toString('base64url'), LOG_LEVEL: options.logLevel };
  const nodeEnv: NodeJS.ProcessEnv = {
    ...shared,
    HOST: '127.0.0.1',
    NODE_PORT: String(options.nodePort),
    NODE_NAME: 'node-0',
    ROUTERS: 'router-0',
    DATA_DIR: options.dataDir,
    HOST_API_KEY: options.hostApiKey,
  };
  const routerEnv: NodeJS.ProcessEnv = { ...shared, HOST: options.host, PORT: String(options.port), ROUTER_NAME: 'router-0' };
  let router: Program | undefined;
  let greeted = false;

  const stop = async () => {
    await router?.stop(drainMs);
    await node.stop(drainMs);
  };
  const routerReady = (port: number) => {
    // A port that was drawn is kept: players come back to it after a restart.
    routerEnv['PORT'] = String(port);
    if (greeted || !router) return;
    greeted = true;
    started({ port, node, router, stop });
  };
  const startRouter = (nodePort: number) => {
    routerEnv['NODES'] = `node-0=127.0.0.1:${nodePort}`;
    router = new Program({ name: 'router', entry: entry('router'), nodeArgs, env: routerEnv }, { line: options.line, gaveUp: options.gaveUp, ready: routerReady });
    router.start();
  };
  const nodeReady = (nodePort: number) => {
    // Here too: the router goes on looking for the node there after a restart.
    nodeEnv['NODE_PORT'] = String(nodePort);
    if (!router) startRouter(nodePort);
    options.nodeReady?.();
  };
  const node = new Program(
    { name: 'quiz-node', entry: entry('quiz-node'), nodeArgs, env: nodeEnv },
    { line: options.line, gaveUp: options.gaveUp, ready: nodeReady },
  );
  node.start();
  return stop;
}
