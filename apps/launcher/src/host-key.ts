/** The key of the embedded default: taken from the environment, else made once and kept beside the data. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @returns the key, and whether it was made just now. @throws when DATA_DIR cannot be written. */
export function hostKey(dataDir: string, given: string | undefined): { readonly key: string; readonly fresh: boolean } {
  if (given !== undefined) return { key: given, fresh: false };
  const file = join(dataDir, 'host-api-key');
  mkdirSync(dataDir, { recursive: true });
  try {
    const kept = readFileSync(file, 'utf8').trim();
    if (kept.length >= 16) return { key: kept, fresh: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = `rm_${randomBytes(32).toString('base64url')}`;
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return { key, fresh: true };
}
