/** Starts lmdb-child.ts and reads what it says. */
import { spawn, type ChildProcess, type SpawnOptionsWithStdioTuple, type StdioNull, type StdioPipe } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '../../../..');

export interface LmdbProcess {
  readonly child: ChildProcess;
  /** All lines so far. */
  readonly said: readonly string[];
  /** Waits for that many lines, or for the process's end. */
  lines(count: number): Promise<void>;
  /** Ends it with kill -9. */
  kill(): Promise<void>;
  /** Waits for its end, with everything that it said. */
  ended(): Promise<void>;
}

/** @param fileBlocksMax limit on the size of files, in blocks of 512 bytes. */
export function startLmdbProcess(mode: string, folder: string, fileBlocksMax?: number): LmdbProcess {
  const command = ['--import', './scripts/ts-hooks.mjs', join(import.meta.dirname, 'lmdb-child.ts'), mode, folder];
  const options: SpawnOptionsWithStdioTuple<StdioNull, StdioPipe, StdioPipe> = { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] };
  const child =
    fileBlocksMax === undefined
      ? spawn(process.execPath, command, options)
      : spawn('sh', ['-c', `ulimit -f ${String(fileBlocksMax)}; exec "$0" "$@"`, process.execPath, ...command], options);
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const said: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  createInterface(child.stdout).on('line', (line) => {
    said.push(line);
    wake();
  });
  let over = false;
  const closed = once(child, 'close').then(() => {
    over = true;
    wake();
  });
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!over && !holds()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return {
    child,
    said,
    lines: async (count) => {
      await until(() => said.length >= count);
      if (said.length < count) throw new Error(`the process ended after ${String(said.length)} lines: ${errors}`);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
    ended: () => closed,
  };
}
