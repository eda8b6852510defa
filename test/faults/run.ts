/** A run from beginning to end: a cluster, a load, faults, healing, a copy of the journal, the verdict. Owns the folder in which all of it is kept. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Chance } from './chance.js';
import { checkFolder, files, type FullVerdict } from './checker/check.js';
import { HistoryFile } from './history.js';
import { JournalRecorder, type Copy } from './journal/recorder.js';
import { keepPlaying } from './load/load.js';
import { Rest } from './load/rest.js';
import type { Kind } from './schedule/kinds.js';
import { injectFaults, type FaultNote } from './schedule/schedule.js';
import { Stage, TOPIC } from './stage.js';

export interface RunOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly nodes: number;
  readonly routers: number;
  readonly brokers: 1 | 3;
  readonly shards: number;
  readonly sessions: number;
  readonly players: number;
  readonly questions: number;
  /** Mean time between two faults, ms. */
  readonly everyMs: number;
  /** Where all of the run is kept. */
  readonly folder: string;
  readonly kinds: readonly Kind[];
  readonly say: (text: string) => void;
}

export interface RunResult {
  readonly verdict: FullVerdict;
  readonly copy: Copy;
  readonly faults: readonly FaultNote[];
  readonly answersLostByProxies: number;
  readonly load: { readonly sessions: number; readonly finished: number; readonly acknowledged: number; readonly failed: readonly string[] };
  readonly ms: number;
}

const MINUTE_MS = 60_000;
/** Time to come to an end in after the last fault is undone. */
const HEAL_MS_MAX = 120_000;
const COPY_MS_MAX = 60_000;
const REST_MS = 8_000;
const TOGETHER_MAX = 3;

/** @throws Error when the cluster does not start, or the journal cannot be copied */
export async function run(options: RunOptions): Promise<RunResult> {
  const { seed, minutes, nodes, routers, brokers, shards, folder, say } = options;
  mkdirSync(folder, { recursive: true });
  const programLog = join(folder, 'programs.log');
  writeFileSync(join(folder, 'run.json'), `${JSON.stringify({ ...options, kinds: options.kinds.map(({ name }) => name), say: undefined })}\n`);
  const began = performance.now();
  const stage = await Stage.start({
    seed, nodes, routers, brokers, shards,
    line: (name, text) => appendFileSync(programLog, `${performance.now().toFixed(0)} [${name}] ${text}\n`),
    serves: (name) => appendFileSync(programLog, `${performance.now().toFixed(0)} [${name}] serves\n`),
  });
  try {
    say(`${nodes} nodes, ${routers} routers, ${brokers} brokers, up after ${seconds(performance.now() - began)}`);
    const recorder = new JournalRecorder(stage.brokers, TOPIC, shards, join(folder, files.journal));
    recorder.begin();
    const history = new HistoryFile(join(folder, files.history));
    const faultFile = join(folder, files.faults);
    writeFileSync(faultFile, '');
    const load = keepPlaying({ ...options, history, stage });
    const note = (fault: FaultNote): void => {
      if (fault.to === null) return say(`${seconds(performance.now() - began)}  ${fault.kind}: ${fault.about}`);
      appendFileSync(faultFile, `${JSON.stringify(fault)}\n`);
      if (fault.error !== undefined) say(`           ${fault.kind}: ${fault.error}`);
    };
    const restChance = Chance.of(seed, 'rest');
    const rest = new Rest({ key: stage.cluster.hostApiKey, router: () => restChance.one(stage.routers) });
    await wait(Math.min(REST_MS, 5_000));
    const faults = await injectFaults({ stage, rest, chance: Chance.of(seed, 'faults') }, { kinds: options.kinds, everyMs: options.everyMs, together: TOGETHER_MAX, restMs: REST_MS, note }, minutes * MINUTE_MS);
    say(`${seconds(performance.now() - began)}  ${faults.length} faults, all undone; what is being played comes to its end`);
    const played = await load.finish(performance.now() + HEAL_MS_MAX);
    await history.close();
    const copy = await recorder.end(COPY_MS_MAX);
    const answersLostByProxies = stage.allProxies.reduce((sum, { lost }) => sum + lost, 0);
    say(`${seconds(performance.now() - began)}  ${copy.records} records and ${history.lines} lines of history; checking`);
    return { verdict: await checkFolder(folder, shards), copy, faults, answersLostByProxies, load: played, ms: performance.now() - began };
  } finally {
    await stage.stop();
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1).padStart(6)} s`;
