/** `npm run bench`: runs the chosen cases and prints their figures. */
import { writeFileSync } from 'node:fs';
import { cases } from './catalogue.js';
import { readOptions, usage, UsageError, type BenchOptions } from './cli.js';
import { lookAtMachine } from './harness/machine.js';
import { NoiseWatch } from './harness/noise.js';
import { figuresOf, verdictsOf } from './harness/report.js';
import { runCase, type CaseRuns } from './harness/runner.js';
import { caseTable, machineLines } from './harness/table.js';
import type { Size } from './harness/types.js';

/** What may be spent on waiting for a quiet machine, in all. */
const PATIENCE_MS: Readonly<Record<Size, number>> = { quick: 15_000, default: 45_000, full: 120_000 };

async function run({ chosen, reps, size, json }: BenchOptions): Promise<boolean> {
  const machine = lookAtMachine();
  if (!machine.pins) process.env['BENCH_PINS'] = '0';
  for (const line of machineLines(machine)) console.log(line);
  const noise = new NoiseWatch(PATIENCE_MS[size]);
  const done: CaseRuns[] = [];
  let broken = false;
  for (const each of chosen) {
    console.log(`\n${each.name} …`);
    try {
      const runs = await runCase(each, { params: each.params[size], reps: Math.min(reps, each.repsMax ?? reps), machine, noise, say: (text) => console.log(text) });
      console.log(caseTable(runs));
      done.push(runs);
    } catch (error) {
      broken = true;
      console.error(`${each.name} has no figures: ${(error as Error).message}`);
    }
  }
  if (json !== undefined) writeFileSync(json, JSON.stringify({ machine, size, cases: done.map(summary) }, null, 1));
  return !broken;
}

function summary(runs: CaseRuns): object {
  const figures = figuresOf(runs);
  const { case: which, params, missing, results, noise } = runs;
  return { name: which.name, title: which.title, params, missing, figures, goals: verdictsOf(runs, figures), results, noise };
}

try {
  const options = readOptions(process.argv.slice(2), cases);
  if (options.help) console.log(usage(cases));
  else process.exitCode = (await run(options)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
