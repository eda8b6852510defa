/**
 * Folders for one server's data. A folder is owned by the process whose number and start are in its name, so it can be
 * told from the name alone, and without a moment in which it belongs to nobody, that its owner is gone.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runsFolder } from './places.js';
import { isAlive, startOf } from './process-identity.js';

/** Makes `<name>.<pid>.<start>.<random>` and removes the folders of owners that are gone. */
export function makeRunFolder(name: string, parent = runsFolder): string {
  mkdirSync(parent, { recursive: true });
  removeStaleFolders(parent);
  const folder = join(parent, `${name}.${process.pid}.${startOf(process.pid) ?? '0'}.${randomBytes(4).toString('hex')}`);
  mkdirSync(folder);
  return folder;
}

export function removeStaleFolders(parent = runsFolder): void {
  for (const entry of readdirSync(parent)) {
    const [, pid, start] = entry.split('.');
    if (pid && start && /^\d+$/.test(pid) && !isAlive(Number(pid), start)) removeFolder(join(parent, entry));
  }
}

/** A program that is about to die may still write into it; another process may be removing it as well. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
