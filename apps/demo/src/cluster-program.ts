/**
 * A cluster of its own: `npm run cluster` as a child process that is driven by orders. Owns that process, and ends it; the programs and
 * services of the cluster belong to it.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** From dist/apps/demo/src. The program of the cluster is among the tests, which are not built. */
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const ERRORS_CHARS_MAX = 4_000;
/** With the drain of every program, and the end of Kafka. */
const END_MS_MAX = 60_000;

export interface ClusterOptions {
  readonly nodes: number;
  readonly routers: number;
  readonly brokers?: number;
  readonly shards?: number;
  /** Put before the command, as `taskset -c 0,1`. */
  readonly wrapper?: readonly string[];
  line(name: string, text: string): void;
}

interface Said {
  readonly kind: 'log' | 'ready' | 'done' | 'refused' | 'end';
  readonly text: string;
  readonly name?: string;
  readonly order?: string;
  readonly urls?: readonly string[];
  readonly key?: string;
}

interface Ordered {
  readonly order: string;
  resolve(text: string): void;
  reject(error: Error): void;
}

export class ClusterProgram {
  /** Of the routers. */
  urls: readonly string[] = [];
  key = '';
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<void>;
  #waiting: Ordered[] = [];
  #errors = '';
  #ready: (error?: Error) => void = () => undefined;

  private constructor(private readonly options: ClusterOptions) {
    const { nodes, routers, brokers = 1, shards = 64, wrapper = [] } = options;
    const size = Object.entries({ nodes, routers, brokers, shards }).flatMap(([name, count]) => [`--${name}`, String(count)]);
    const args = ['--import', './scripts/ts-hooks.mjs', 'test/cluster/main.ts', '--json', '--port', '0', '--log', 'error', ...size];
    const [command = process.execPath, ...all] = [...wrapper, process.execPath, ...args];
    const child = spawn(command, all, { cwd: root, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    // It may have ended by itself: what is written to it then says nothing new.
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (chunk: Buffer) => (this.#errors = (this.#errors + chunk.toString()).slice(-ERRORS_CHARS_MAX)));
    createInterface({ input: child.stdout }).on('line', (line) => this.#heard(JSON.parse(line) as Said));
    this.#ended = new Promise((resolve) => {
      const end = (why: string): void => {
        this.#failAll(new Error(`the cluster ${why}\n${this.#errors}`.trim()));
        resolve();
      };
      child.once('error', (error) => end(`could not be started: ${error.message}`));
      child.once('exit', (code, signal) => end(`ended with ${String(signal ?? code)}`));
    });
  }

  /** Resolves when every program of it serves. @throws Error with what the cluster said when it cannot be started */
  static async start(options: ClusterOptions): Promise<ClusterProgram> {
    const cluster = new ClusterProgram(options);
    await new Promise<void>((resolve, reject) => (cluster.#ready = (error) => (error ? reject(error) : resolve())));
    return cluster;
  }

  /** Resolves with what was done when it is done: see `npm run cluster -- --help` for the orders. @throws Error with the reason when it is refused */
  order(order: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      this.#child.stdin.write(`${order}\n`);
    });
  }

  /** Ends all of it. Can be called again. */
  async close(): Promise<void> {
    this.#child.stdin.end('quit\n');
    // Its children end when it does; asked twice it would leave its services alone, so a signal is the last resort.
    const watchdog = setTimeout(() => this.#child.kill('SIGKILL'), END_MS_MAX);
    await this.#ended;
    clearTimeout(watchdog);
  }

  #heard(said: Said): void {
    switch (said.kind) {
      case 'log':
        this.options.line(said.name ?? 'cluster', said.text.replace(/^\[[^\]]*\] /, ''));
        return;
      case 'ready':
        this.urls = said.urls ?? [];
        this.key = said.key ?? '';
        this.#ready();
        return;
      case 'done':
      case 'refused': {
        const index = this.#waiting.findIndex(({ order }) => order === said.order);
        const [ordered] = index < 0 ? [] : this.#waiting.splice(index, 1);
        if (said.kind === 'done') ordered?.resolve(said.text);
        else ordered?.reject(new Error(said.text));
        return;
      }
      case 'end':
    }
  }

  #failAll(error: Error): void {
    this.#ready(error);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
