import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withLock } from './file-lock.js';
import { startOf } from './process-identity.js';

const WITHIN_MS = 10_000;
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  file = join(folder, 'sub', 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('one at a time, and free afterwards', async () => {
  const order: string[] = [];
  const work = (name: string) => withLock(file, WITHIN_MS, async () => {
    order.push(`${name} in`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} out`);
  });
  await Promise.all([work('a'), work('b')]);
  expect(order).toEqual(['a in', 'a out', 'b in', 'b out']);
  expect(existsSync(file)).toBe(false);
});

test('it is free again when the work fails', async () => {
  await expect(withLock(file, WITHIN_MS, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
  expect(existsSync(file)).toBe(false);
});

test('that of a process that is gone is taken over, that of a living one is not', async () => {
  const held = join(folder, 'held');
  writeFileSync(held, `${process.pid} 5`);
  expect(await withLock(held, WITHIN_MS, async () => 'mine')).toBe('mine');
  writeFileSync(held, `${process.pid} ${startOf(process.pid)}`);
  await expect(withLock(held, 200, async () => 'mine')).rejects.toThrow('gets free: not within 200 ms');
});
