// A process of its own on a data folder, for tests that end it or hold it back: lmdb-child.ts MODE FOLDER
// Says on its standard output, a line each, what has been acknowledged.
import { readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbStore } from '@ringmaster/actors/adapters/lmdb/store';
import { systemClock, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { SHARDS, batchLength, recordAt } from './lmdb-records.js';

const [mode, folder] = process.argv.slice(2) as [string, string];

/** Written at once, so that a killed process has said all that it had acknowledged. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

const open = () =>
  openLmdbStore({
    folder,
    shards: SHARDS,
    clock: systemClock,
    timers: systemTimers({ keepAlive: false }),
    onFatal: (error) => {
      say(`fatal ${error.message}`);
    },
  });

/** Appends to all shards until the process is ended, or an append fails. */
async function appendForEver(): Promise<void> {
  const { journal } = await open();
  const ends = await journal.ends(Array.from({ length: SHARDS }, (_, shard) => shard));
  const appendTo = async (shard: number): Promise<void> => {
    let next = ends.get(shard)!.end;
    for (;;) {
      const count = batchLength(shard, next);
      const first = await journal.append(shard, Array.from({ length: count }, (_, i) => recordAt(shard, next + i)));
      say(`${String(shard)} ${String(first)} ${String(count)}`);
      next = first + count;
    }
  };
  try {
    await Promise.all(Array.from(ends.keys(), appendTo));
  } catch (error) {
    say(`failed ${String((error as { code?: unknown }).code)}`);
    process.kill(process.pid, 'SIGKILL');
  }
}

/** Bytes that this process wrote into the page cache and that were thrown away before they reached the disk (Linux, proc(5)). */
function thrownAway(): number {
  return Number(/cancelled_write_bytes: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))![1]);
}

/** How much of `path` only the page cache knows: cutting the file off throws it away, and the kernel counts that. */
function unsyncedBytes(path: string): number {
  const before = thrownAway();
  truncateSync(path, 0);
  return thrownAway() - before;
}

async function unsyncedAfterAppends(): Promise<void> {
  const control = join(folder, 'control');
  writeFileSync(control, new Uint8Array(100_000));
  say(`control ${String(unsyncedBytes(control))}`);
  const { journal } = await open();
  for (let i = 0; i < 50; i += 1) await journal.append(i % SHARDS, [recordAt(0, i), new Uint8Array(10_000)]);
  say(`journal ${String(unsyncedBytes(join(folder, 'data.mdb')))}`);
  // lmdb still maps the file that was cut off: nothing may look into it any more.
  process.kill(process.pid, 'SIGKILL');
}

switch (mode) {
  case 'append':
    await appendForEver();
    break;
  case 'unsynced':
    await unsyncedAfterAppends();
    break;
  case 'hold':
    await open();
    say('open');
    setInterval(() => undefined, 1_000);
    break;
  default:
    throw new Error(`no mode ${mode}`);
}
