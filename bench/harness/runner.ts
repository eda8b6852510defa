/** Runs one case: every side once per repetition, in rotated order, each in a process of its own, after a look at the machine's noise. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Machine } from './machine.js';
import type { Noise, NoiseWatch } from './noise.js';
import { startPinned, stop } from './pinned.js';
import type { Case, Params, Side, SideResult } from './types.js';

export interface CaseRuns {
  readonly case: Case;
  readonly params: Params;
  /** Sides that ran, ours first. */
  readonly sides: readonly Side[];
  /** Why others did not. */
  readonly missing: Readonly<Record<string, string>>;
  /** By name of the side, one entry per repetition. */
  readonly results: Readonly<Record<string, readonly SideResult[]>>;
  readonly noise: readonly Noise[];
}

/** Libraries, pipes, timers, and the other clients of a run. */
const FILES_BESIDES = 700;
/** No side takes longer on a machine that is fit for it, unless its case says so. */
const RUN_MS_MAX = 120_000;
const entry = fileURLToPath(new URL('../side.js', import.meta.url));

export interface RunOptions {
  readonly params: Params;
  readonly reps: number;
  readonly machine: Machine;
  readonly noise: NoiseWatch;
  say(text: string): void;
}

/** @throws when a side fails or finds wrong content: figures of a broken run are no figures. */
export async function runCase(which: Case, options: RunOptions): Promise<CaseRuns> {
  const files = (which.sockets?.(options.params) ?? 0) + FILES_BESIDES;
  if (files > options.machine.openFilesMax) throw new Error(`it needs ${files} open files in a process, ${options.machine.openFilesMax} are allowed: raise \`ulimit -n\``);
  const prepared = await which.prepare?.(options.params);
  try {
    if (prepared !== undefined) process.env['BENCH_PREPARED'] = prepared;
    return await runSides(which, options);
  } finally {
    if (prepared !== undefined) rmSync(prepared, { recursive: true, force: true });
  }
}

async function runSides(which: Case, options: RunOptions): Promise<CaseRuns> {
  const { params, reps, machine, noise, say } = options;
  const missing: Record<string, string> = {};
  const sides = which.sides.filter((side) => {
    const absent = side.needs?.filter((need) => machine.programs[need] === undefined) ?? [];
    if (absent.length > 0) missing[side.name] = `${absent.join(' and ')} not installed`;
    return absent.length === 0;
  });
  const results: Record<string, SideResult[]> = Object.fromEntries(sides.map(({ name }) => [name, []]));
  const seen: Noise[] = [];
  for (let rep = 0; rep < reps; rep += 1) {
    for (let turn = 0; turn < sides.length; turn += 1) {
      const side = sides[(rep + turn) % sides.length]!;
      const quiet = await noise.settle();
      seen.push(quiet);
      const started = performance.now();
      const result = await runSide(which, side, params);
      results[side.name]!.push(result);
      const primary = which.metrics[0]!;
      const took = ((performance.now() - started) / 1000).toFixed(1);
      say(`  ${rep + 1}/${reps} ${side.name}: ${result.values[primary.key]?.toPrecision(4)} ${primary.unit}  (${took} s${quiet.quiet ? '' : `, noisy ×${quiet.factor.toFixed(1)}`})`);
    }
  }
  return { case: which, params, sides, missing, results, noise: seen };
}

async function runSide(which: Case, side: Side, params: Params): Promise<SideResult> {
  const args = ['--enable-source-maps', '--expose-gc', '--max-semi-space-size=16', entry, which.name, side.name, JSON.stringify(params)];
  const started = startPinned(side.core, process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const watchdog = setTimeout(() => void stop(started), which.runMsMax ?? RUN_MS_MAX);
  try {
    return await new Promise((resolve, reject) => {
      started.child.once('message', (message) => resolve(message as SideResult));
      started.child.once('exit', (code, signal) => reject(new Error(`${which.name}, ${side.name}: ended with ${String(code ?? signal)} and no result`)));
    });
  } finally {
    clearTimeout(watchdog);
    await stop(started);
  }
}
