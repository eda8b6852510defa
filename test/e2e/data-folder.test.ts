import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Game } from './harness/game.js';
import { closeClients } from './harness/player.js';
import { API_KEY, newDataDir, Product } from './harness/product.js';
import { entries, Running } from './harness/running.js';

/** A node on this folder that has to end by itself. @returns its exit code and what it said */
async function refused(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; said: string }> {
  const node = new Running('second node', entries.node, { NODE_PORT: '0', DATA_DIR: dataDir, HOST_API_KEY: API_KEY, SHARDS: '16', LOG_LEVEL: 'warn', ...env });
  const { code } = await node.endsBySelf();
  return { code, said: node.err.join('\n') };
}

const filesOf = (dataDir: string): string[] => readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
const largest = (dataDir: string): string => filesOf(dataDir).sort((a, b) => statSync(b).size - statSync(a).size)[0] as string;
const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('one data folder', () => {
  let product: Product;
  beforeAll(async () => void (product = await Product.start()));
  afterEach(closeClients);
  afterAll(async () => expect(await product.close()).toEqual([]));

  it('has one process: the second is told so, the first does not notice', async () => {
    const game = await Game.of(product);
    await game.open();
    const { code, said } = await refused(product.dataDir);
    expect(code).toBe(2);
    expect(said).toContain(product.dataDir);
    expect(said).toMatch(/another|in use|lock/i);
    expect(said.split('\n')).toHaveLength(1);
    await game.ada.answer('q1', 'b');
  });

  it('is free again after kill -9 of its process', async () => {
    await product.crashNode();
    await (await Game.of(product)).open();
  });

  it('belongs to a number of shards', async () => {
    await product.node.kill9();
    const { code, said } = await refused(product.dataDir, { SHARDS: '32' });
    expect(code).toBe(2);
    expect(said).toMatch(/16/);
    expect(said).toMatch(/32/);
    await product.startNode();
  });
});

describe('a damaged data folder', () => {
  let product: Product;
  let dataDir: string;
  beforeAll(async () => {
    product = await Product.start();
    const game = await Game.of(product);
    await game.open();
    await game.ada.answer('q1', 'b');
    closeClients();
    await product.node.kill9();
  });
  afterAll(() => product.close());
  beforeEach(() => {
    dataDir = newDataDir();
    cpSync(product.dataDir, dataDir, { recursive: true });
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it.each([
    ['cut short', (file: string) => truncateSync(file, 4 * 4_096)],
    ['overwritten at its beginning', (file: string) => writeFileSync(file, Buffer.concat([Buffer.alloc(8_192, 0xa5), readFileSync(file).subarray(8_192)]))],
    ['something else', (file: string) => writeFileSync(file, 'This is no journal.\n'.repeat(1_000))],
    ['empty', (file: string) => truncateSync(file, 0)],
  ])('%s: the node stops with JOURNAL_CORRUPT and the path, and leaves it as it is', async (_, damage) => {
    const file = largest(dataDir);
    damage(file);
    const before = digest(file);
    const { code, said } = await refused(dataDir);
    expect(said).toContain('JOURNAL_CORRUPT');
    expect(said).toContain(dataDir);
    expect(code).toBe(2);
    expect(digest(file)).toBe(before);
  });
});

it('a folder that is a file: code 2, and the path', async () => {
  const dataDir = newDataDir();
  const file = join(dataDir, 'file');
  writeFileSync(file, '');
  const { code, said } = await refused(file);
  expect([code, said]).toEqual([2, expect.stringContaining(file)]);
  rmSync(dataDir, { recursive: true });
});
