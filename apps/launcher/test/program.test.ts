import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from '../src/program.js';
import { RestartPolicy } from '../src/restart-policy.js';

const eager = () => new RestartPolicy({ deathsMax: 3, windowMs: 60_000, delayMinMs: 1, delayMaxMs: 1 });

describe('a supervised program', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'ringmaster-program-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const script = (source: string): string => {
    const file = join(dir, 'program.mjs');
    writeFileSync(file, source);
    return file;
  };

  it('is started again after kill -9 and says ready again', async () => {
    const entry = script(`console.log('{"ready":true,"port":' + process.pid + '}'); setInterval(() => {}, 1000);`);
    const ready: number[] = [];
    const program = await new Promise<Program>((done) => {
      const started = new Program(
        { name: 'p', entry, env: {} },
        {
          line: () => undefined,
          gaveUp: () => undefined,
          ready: (port) => {
            ready.push(port);
            if (ready.length === 1) process.kill(port, 'SIGKILL');
            else done(started);
          },
        },
        eager(),
      );
      started.start();
    });
    expect(new Set(ready).size).toBe(2);
    await program.stop(5_000);
    expect(program.pid).toBe(ready[1]);
  });

  it('is given up with a clear message when it keeps dying', async () => {
    const entry = script('process.exit(1)');
    const reason = await new Promise<string>((gaveUp) =>
      new Program({ name: 'p', entry, env: {} }, { line: () => undefined, ready: () => undefined, gaveUp }, eager()).start(),
    );
    expect(reason).toMatch(/^p ended with code 1, .*not started again$/);
  });

  it('is not started again when it says that it cannot run', async () => {
    const entry = script(`console.error('PORT is taken'); process.exit(2)`);
    const lines: string[] = [];
    const reason = await new Promise<string>((gaveUp) =>
      new Program({ name: 'p', entry, env: {} }, { line: (_, text) => lines.push(text), ready: () => undefined, gaveUp }, eager()).start(),
    );
    expect(reason).toMatch(/cannot run as it is set up/);
  });
});
