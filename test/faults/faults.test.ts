/** A short run of real programs under real faults, one broker. The long one is `npm run faults`; that the checker finds what is broken is tested beside it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { describeWithServers } from '../services/describe-with-servers.js';
import { kinds } from './schedule/kinds.js';
import { run } from './run.js';

const MS_MAX = 240_000;
const root = join(import.meta.dirname, '..', '..');
/** What is over soon, and needs no more than one broker. */
const short = kinds.filter(({ name }) => ['kill node', 'kill router', 'kafka answers lost', 'kafka connections reset', 'link cut', 'link reset', 'redis killed, comes back empty', 'shards moved'].includes(name));

describeWithServers(['own kafka', 'own dynamodb', 'own redis'], 'quizzes under faults', () => {
  let folder: string;

  beforeAll(async () => {
    // The programs are run as they are built.
    await promisify(execFile)(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', 'tsconfig.build.json'], { cwd: root });
  }, MS_MAX);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ringmaster-faults-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('no promise is broken', async () => {
    const said: string[] = [];
    const { verdict, faults } = await run({
      seed: 7, minutes: 0.2, nodes: 2, routers: 2, brokers: 1, shards: 8, sessions: 2, players: 6, questions: 2, everyMs: 2_000, folder, kinds: short, say: (text) => void said.push(text),
    });
    expect({ violations: verdict.violations, said: verdict.violations.length > 0 ? said : [] }).toEqual({ violations: [], said: [] });
    expect(verdict.counts.acknowledged).toBeGreaterThan(5);
    expect(verdict.counts.finished).toBe(verdict.counts.sessions);
    expect(faults.length).toBeGreaterThan(2);
  }, MS_MAX);
});
