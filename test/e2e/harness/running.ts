/** One real program as a child process. Owns the process and what it has printed; knows nothing about what the program does. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Waiting } from './waiting.js';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
/** RINGMASTER_DIST: another build than that of `npm run build`. */
const dist = process.env['RINGMASTER_DIST'] ?? `${root}dist`;
export const entries = {
  router: `${dist}/apps/router/src/main.js`,
  node: `${dist}/apps/quiz-node/src/main.js`,
  launcher: `${dist}/apps/launcher/src/main.js`,
} as const;

/** A busy machine is no fault of the product. */
const READY_MS = 60_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Running {
  readonly out: string[] = [];
  readonly err: string[] = [];
  readonly ended: Promise<Ended>;
  private readonly printed = new Waiting(() => `${this.name} printed:\n${[...this.out, ...this.err].slice(-20).join('\n')}`);
  private readonly child: ChildProcess;
  private end: Ended | null = null;

  constructor(
    readonly name: string,
    entry: string,
    env: NodeJS.ProcessEnv,
    args: readonly string[] = [],
  ) {
    this.child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], {
      // Nothing of the tester's own environment reaches the program but the path; stdin stays open for as long as the test runs.
      env: { PATH: process.env['PATH'], EXIT_WITH_PARENT: '1', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.collect(this.child.stdout, this.out);
    this.collect(this.child.stderr, this.err);
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => {
        this.end = { code, signal };
        this.printed.fail(`${name} ended with ${signal ?? `code ${code}`}: ${this.err.join('\n')}`);
        resolve(this.end);
      }),
    );
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get isGone(): boolean {
    return this.end !== null;
  }

  /** The port that it serves. @throws when it ends before it says so. */
  async ready(): Promise<number> {
    const line = await this.prints((text) => text.startsWith('{"ready"'));
    return (JSON.parse(line) as { port: number }).port;
  }

  /** The first line, printed already or yet to come, that fits. */
  async prints(fits: (line: string) => boolean, withinMs = READY_MS): Promise<string> {
    const find = () => this.out.find(fits) ?? this.err.find(fits);
    return this.printed.until(find, withinMs, `a line of ${this.name}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The parent of a program with EXIT_WITH_PARENT=1 seems to be gone. */
  closeStdin(): void {
    this.child.stdin?.end();
  }

  async kill9(): Promise<void> {
    if (!this.isGone) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** For a program that has to end by itself. @throws after `withinMs`, when it is killed */
  async endsBySelf(withinMs = READY_MS): Promise<Ended> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.child.kill('SIGKILL');
    }, withinMs);
    const end = await this.ended;
    clearTimeout(timer);
    if (late) throw new Error(`${this.name} did not end within ${withinMs} ms: ${[...this.out, ...this.err].join('\n')}`);
    return end;
  }

  private collect(stream: NodeJS.ReadableStream | null, lines: string[]): void {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      this.printed.look();
    });
  }
}
