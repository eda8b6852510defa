/**
 * One supervised child process. Owns the process, its restarts and its output; does not know what it runs.
 * A program says `{"ready":true,"port":…}` on stdout once it serves; exit code 2 means that starting again is useless.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { RestartPolicy } from './restart-policy.js';

/** The exit code of a program whose configuration, port or data folder is wrong. */
export const exitUnusable = 2;

export interface ProgramSpec {
  readonly name: string;
  readonly entry: string;
  readonly nodeArgs?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export interface ProgramListeners {
  /** It serves on `port`; called again after every restart. */
  ready(port: number): void;
  line(name: string, text: string): void;
  /** It will not be started again. */
  gaveUp(reason: string): void;
}

export class Program {
  private child: ChildProcess | undefined;
  private stopping = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly spec: ProgramSpec,
    private readonly listeners: ProgramListeners,
    private readonly policy = new RestartPolicy(),
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const child = spawn(process.execPath, [...(this.spec.nodeArgs ?? []), this.spec.entry], {
      env: { ...process.env, EXIT_WITH_PARENT: '1', ...this.spec.env },
      // The pipe on stdin closes with the launcher, however that ends: the program then ends too.
      stdio: ['pipe', 'pipe', 'pipe'],
      // A Ctrl-C reaches the launcher alone, which then stops its programs in order.
      detached: true,
    });
    this.child = child;
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (text) => this.output(text));
    if (child.stderr) createInterface({ input: child.stderr }).on('line', (text) => this.listeners.line(this.spec.name, text));
    child.once('exit', (code, signal) => this.exited(code, signal));
    child.once('error', (error) => this.listeners.line(this.spec.name, error.message));
  }

  /** Asks it to end and resolves when it has; after `graceMs` it is killed. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const watchdog = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await gone;
    clearTimeout(watchdog);
  }

  private output(text: string): void {
    const port = readyPort(text);
    if (port === undefined) this.listeners.line(this.spec.name, text);
    else this.listeners.ready(port);
  }

  private exited(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.stopping) return;
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    if (code === exitUnusable) {
      this.listeners.gaveUp(`${this.spec.name} cannot run as it is set up (see above)`);
      return;
    }
    const delayMs = this.policy.died(performance.now());
    if (delayMs === null) {
      this.listeners.gaveUp(`${this.spec.name} ${how}, too often within a minute: not started again`);
      return;
    }
    this.listeners.line(this.spec.name, `${how}; started again in ${delayMs} ms`);
    this.timer = setTimeout(() => this.start(), delayMs);
  }
}

function readyPort(text: string): number | undefined {
  if (!text.startsWith('{"ready"')) return undefined;
  try {
    const port = (JSON.parse(text) as { port?: unknown }).port;
    return typeof port === 'number' ? port : undefined;
  } catch {
    return undefined;
  }
}
