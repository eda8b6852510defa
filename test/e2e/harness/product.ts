/** The product as a test has it: one router and one quiz-node as real processes on free loopback ports, on a data folder of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Host } from './host.js';
import { entries, Running } from './running.js';

export const API_KEY = 'the-key-of-the-tests-long-enough';

export interface ProductOptions {
  readonly node?: NodeJS.ProcessEnv;
  readonly router?: NodeJS.ProcessEnv;
}

export class Product {
  readonly dataDir = newDataDir();
  node!: Running;
  router!: Running;
  private nodePort = 0;
  private port = 0;
  private readonly all: Running[] = [];

  private constructor(private readonly options: ProductOptions) {}

  static async start(options: ProductOptions = {}): Promise<Product> {
    const product = new Product(options);
    try {
      await product.startNode();
      await product.startRouter();
      return product;
    } catch (error) {
      await product.close();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get host(): Host {
    return new Host(this.url, API_KEY);
  }

  /** On the same port and the same folder as before. */
  async startNode(): Promise<void> {
    const env = { NODE_PORT: String(this.nodePort), DATA_DIR: this.dataDir, HOST_API_KEY: API_KEY, SHARDS: '16', LOG_LEVEL: 'warn', ...this.options.node };
    this.node = this.started(new Running('quiz-node', entries.node, env));
    this.nodePort = await this.node.ready();
  }

  async startRouter(): Promise<void> {
    const env = { HOST: '127.0.0.1', PORT: String(this.port), NODES: `node-0=127.0.0.1:${this.nodePort}`, LOG_LEVEL: 'warn', ...this.options.router };
    this.router = this.started(new Running('router', entries.router, env));
    this.port = await this.router.ready();
    await this.host.ready();
  }

  /** kill -9, and another process on the same folder. */
  async crashNode(): Promise<void> {
    await this.node.kill9();
    await this.startNode();
  }

  async crashRouter(): Promise<void> {
    await this.router.kill9();
    await this.startRouter();
  }

  /** Ends what still runs and removes the folder. @returns lines that a program should not have printed. */
  async close(): Promise<readonly string[]> {
    await Promise.all(this.all.map((each) => each.kill9()));
    rmSync(this.dataDir, { recursive: true, force: true });
    return this.all.flatMap(({ err }) => err.filter((line) => !line.startsWith('{') || (JSON.parse(line) as { level: number }).level >= 50));
  }

  private started(running: Running): Running {
    this.all.push(running);
    return running;
  }
}

export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'ringmaster-e2e-'));
}
