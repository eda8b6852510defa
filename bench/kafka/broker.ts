/** One broker for all Kafka cases of a run, on the core of the helpers; it ends with the benchmark. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstLine, startPinned } from '../harness/pinned.js';

const FILE = 'brokers.txt';
let started: Promise<string> | undefined;

/** @returns a folder in which the sides find the broker's address. */
export async function prepareBroker(): Promise<string> {
  const brokers = await (started ??= start());
  const folder = mkdtempSync(join(tmpdir(), 'ringmaster-bench-kafka-'));
  writeFileSync(join(folder, FILE), brokers);
  return folder;
}

/** `host:port` of each. @throws when `prepareBroker` has not run */
export function preparedBrokers(): readonly string[] {
  const folder = process.env['BENCH_PREPARED'];
  if (folder === undefined) throw new Error('BENCH_PREPARED names no folder');
  return brokersIn(folder);
}

/** `host:port` of each, from a folder that `prepareBroker` has made. */
export function brokersIn(folder: string): readonly string[] {
  return readFileSync(join(folder, FILE), 'utf8').split(',');
}

/** The servers of the tests lie among the sources, beside what they fetch; the benchmarks are compiled. */
async function start(): Promise<string> {
  const args = ['--import', './scripts/ts-hooks.mjs', 'bench/kafka/serve.mjs'];
  const { child, ...rest } = startPinned(1, process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const brokers = await firstLine({ child, ...rest }, (line) => /^brokers (.+)$/.exec(line)?.[1]);
  // It has nothing more to say, and nobody waits for its end: it ends when this process does.
  child.stdout?.destroy();
  (child.stdin as Socket | null)?.unref();
  child.unref();
  return brokers;
}
