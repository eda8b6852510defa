import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostKey } from '../src/host-key.js';

describe('host key', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'ringmaster-key-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is made once, readable by the owner only, and found again', () => {
    const first = hostKey(join(dir, 'data'), undefined);
    expect(first.fresh).toBe(true);
    expect(first.key).toMatch(/^rm_[\w-]{43}$/);
    expect(statSync(join(dir, 'data', 'host-api-key')).mode & 0o777).toBe(0o600);
    expect(hostKey(join(dir, 'data'), undefined)).toEqual({ key: first.key, fresh: false });
  });

  it('gives way to a key from the environment', () => {
    expect(hostKey(dir, 'a key from the environment')).toEqual({ key: 'a key from the environment', fresh: false });
  });
});
