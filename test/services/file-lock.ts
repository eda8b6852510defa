/**
 * A lock among processes: a file that names its owner. A lock whose owner is gone is taken over. Two that take over the same
 * dead lock at once may both get it, so what is done under it must stay right when done twice; the lock saves the work.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, startOf } from './process-identity.js';
import { until } from './until.js';

/** Between making the file and writing the owner into it. */
const NAMELESS_MS_MAX = 5_000;

/** @throws Error when the lock is not free within `withinMs`, or what `work` throws */
export async function withLock<T>(file: string, withinMs: number, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  await until(`the lock ${file} gets free`, withinMs, () => take(file) || undefined);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${startOf(process.pid) ?? ''}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (isAbandoned(file)) rmSync(file, { force: true });
  return false;
}

function isAbandoned(file: string): boolean {
  const [pid, start] = readFileSync(file, 'utf8').split(' ');
  if (pid && start) return !isAlive(Number(pid), start);
  return Date.now() - statSync(file).mtimeMs > NAMELESS_MS_MAX;
}
