/**
 * One server as a child process. Owns the process and its log file; does not know what it runs.
 *
 * A server must not outlive its owner, however that ends (a Java server would). It is therefore started through a shell
 * that leaves a guard behind: a subshell of a megabyte that reads from a pipe which only the owner holds. The pipe's end
 * without a word means that the owner is gone, and the guard kills the server; a word means that the server has ended.
 * The shell then becomes the server, so that the child's number, exit code and signals are the server's own. There is no
 * moment at which the server runs without its guard.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';

const guarded = '(read -r word <&3 || kill -9 $$) & exec "$@" 3<&-';

export interface ServerSpec {
  /** As in messages: `Kafka broker 2`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
}

export class ServerProcess {
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();
  private how = '';

  constructor(readonly spec: ServerSpec) {}

  /** Undefined when it does not run. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    if (this.child) return;
    const log = openSync(this.spec.logFile, 'a');
    const child = spawn('/bin/sh', ['-c', guarded, 'sh', this.spec.command, ...this.spec.args], {
      stdio: ['ignore', log, log, 'pipe'],
      // A Ctrl-C is for the owner alone.
      detached: true,
    });
    closeSync(log);
    const guard = child.stdio[3] as Writable & { unref(): void };
    guard.on('error', () => {});
    // An owner that forgets its servers can still end; the guards then end the servers.
    child.unref();
    guard.unref();
    this.child = child;
    this.exited = new Promise((resolve) => {
      const gone = (how: string): void => {
        this.how = how;
        if (this.child === child) this.child = undefined;
        guard.end('ended\n');
        resolve();
      };
      child.once('error', (error) => gone(error.message));
      child.once('exit', (code, signal) => gone(signal ? `signal ${signal}` : `code ${code}`));
    });
  }

  /** Resolves when it has ended; at once when it does not run. */
  async ended(): Promise<void> {
    this.child?.ref();
    await this.exited;
  }

  /** Like a power cut: SIGKILL. Resolves when it has ended. */
  async kill(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.ended();
  }

  /** Why it is not there, with the end of what it printed. */
  obituary(): string {
    return `${this.spec.name} ended with ${this.how}:\n${this.printed().trimEnd().split('\n').slice(-15).join('\n')}`;
  }

  printed(): string {
    return readFileSync(this.spec.logFile, 'utf8');
  }
}
