/**
 * Starts processes on one core. Owns the processes that it started: they end with this one, by their own pids.
 * `BENCH_PINS=0` in the environment says that cores cannot be chosen here.
 */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';

export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The end of what it wrote to stderr. */
  readonly errors: () => string;
}

const ERRORS_CHARS_MAX = 4_000;
const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @throws when it cannot be started. */
export function startPinned(core: 0 | 1, command: string, args: readonly string[], options: { readonly env?: NodeJS.ProcessEnv; readonly stdio?: StdioOptions } = {}): Started {
  const { env = {}, stdio = ['ignore', 'pipe', 'pipe'] } = options;
  const pins = process.env['BENCH_PINS'] !== '0';
  const [program, all] = pins ? ['taskset', ['-c', String(core), command, ...args]] : [command, args];
  // taskset replaces itself by the program: the pid is the program's.
  const child = spawn(program, all, { env: { ...process.env, ...env }, stdio });
  if (child.pid === undefined) throw new Error(`${command} could not be started`);
  running.add(child);
  child.once('exit', () => running.delete(child));
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-ERRORS_CHARS_MAX)));
  return { child, pid: child.pid, errors: () => errors };
}

/** Asks it to end, and kills it after `graceMs`. Resolves when it is gone. */
export async function stop({ child }: Started, graceMs = 5_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const watchdog = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(watchdog);
}

/** Resolves with the first line of its stdout that `read` makes something of. @throws with what it wrote to stderr when it ends before. */
export function firstLine<T>({ child, errors }: Started, read: (line: string) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const lines = out.split('\n');
      out = lines.pop() ?? '';
      for (const line of lines) {
        const value = read(line);
        if (value !== undefined) resolve(value);
      }
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${child.spawnargs.join(' ')} ended with ${String(code ?? signal)}\n${errors()}`)));
  });
}
