/** Who may call: keys of hosts and SREs, known by their SHA-256 only. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';

export const scopes = ['quiz:read', 'quiz:write', 'session:host', 'session:read', 'report:read', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export interface ApiKey {
  readonly id: string;
  /** Hex. */
  readonly sha256: string;
  readonly owner: string;
  readonly scopes: readonly Scope[];
}

const fileSchema = z.array(
  z.strictObject({
    id: z.string().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/, 'takes 64 lower-case hex digits'),
    owner: z.string().min(1).max(64),
    scopes: z.array(z.enum(scopes)).min(1),
  }),
);

/** What the person who starts the program has to set right. */
export class KeysError extends Error {}

export const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');

/** In constant time. Both are hex SHA-256. */
export function sameDigest(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Looks a presented key up among all known ones; takes equally long wherever it stands, or not. */
export function findKey(keys: readonly ApiKey[], presented: string): ApiKey | undefined {
  const digest = sha256Hex(presented);
  let found: ApiKey | undefined;
  for (const key of keys) if (sameDigest(key.sha256, digest)) found = key;
  return found;
}

/** The key of the embedded default: owner `local`, all scopes. */
export function localKey(key: string): ApiKey {
  return { id: 'local', sha256: sha256Hex(key), owner: 'local', scopes };
}

/** @throws KeysError that names the file and the entry that is wrong. */
export function parseKeyFile(path: string, text: string): ApiKey[] {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new KeysError(`API_KEYS_FILE ${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = fileSchema.safeParse(raw);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    throw new KeysError(`API_KEYS_FILE ${path} at /${first?.path.join('/') ?? ''}: ${first?.message ?? 'invalid'}`);
  }
  return parsed.data;
}

/** The keys of a mounted file, read again when the file changes. A change that cannot be read keeps the keys known so far. */
export class KeyFile {
  private keys: readonly ApiKey[];
  private stamp: string;
  private lastComplaint = '';

  /** @throws KeysError that says what is wrong with the file. */
  constructor(
    private readonly path: string,
    private readonly complain: (message: string) => void,
  ) {
    try {
      this.stamp = this.stampNow();
      this.keys = parseKeyFile(path, readFileSync(path, 'utf8'));
    } catch (error) {
      throw error instanceof KeysError ? error : new KeysError(`API_KEYS_FILE cannot be read: ${(error as Error).message}`, { cause: error });
    }
  }

  current(): readonly ApiKey[] {
    try {
      const stamp = this.stampNow();
      if (stamp !== this.stamp) {
        this.stamp = stamp;
        this.keys = parseKeyFile(this.path, readFileSync(this.path, 'utf8'));
      }
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.lastComplaint) this.complain(message);
      this.lastComplaint = message;
    }
    return this.keys;
  }

  private stampNow(): string {
    const { mtimeMs, size, ino } = statSync(this.path);
    return `${mtimeMs} ${size} ${ino}`;
  }
}
