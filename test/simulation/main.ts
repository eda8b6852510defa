/** The simulation as a program: runs seeds, reports, and says how to see a failure again. */
import { helpText, readRequest, type Request } from './command-line.js';
import { allMutants } from './mutants/all-mutants.js';
import { hunt, huntDouble, type Hunt } from './mutants/hunt.js';
import { runScenario } from './run-seed.js';
import { scenarioOf } from './scenario.js';
import { shrink, withFaults } from './shrink.js';
import { Tally } from './tally.js';
import type { Trace } from './cluster/world.js';

const PROGRESS_EVERY_MS = 5_000;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const traced: Trace = (who, what, about, at) => print(`${at.toFixed(1).padStart(9)} ${who.padEnd(9)} ${what} ${JSON.stringify(about)}`);

async function simulate({ seeds, calm, family, trace, faults }: Request): Promise<boolean> {
  const tally = new Tally();
  let broken = 0;
  let saidAt = performance.now();
  for (const seed of seeds) {
    const whole = scenarioOf(seed, { calm, ...(family === null ? {} : { family }) });
    const scenario = faults === null ? whole : withFaults(whole, faults);
    const result = await runScenario(scenario, trace ? traced : undefined);
    tally.add(scenario, result);
    const [first] = result.violations;
    if (first !== undefined) {
      broken++;
      print(`\nseed ${seed} breaks ${result.violations.length === 1 ? 'a promise' : `${result.violations.length} promises`}`);
      for (const { invariant, about } of result.violations.slice(0, 8)) print(`  ${invariant.padEnd(6)}${about}`);
      if (faults === null) {
        const places = await shrink(scenario, first.invariant);
        print(`  with these faults alone: ${JSON.stringify(withFaults(scenario, places).faults, null, 1)}`);
        print(`  again: npm run simulate -- --seed ${seed}${family === null ? '' : ` --family ${family}`} --faults ${places.join(',') || 'none'} --trace`);
      }
    }
    if (performance.now() - saidAt > PROGRESS_EVERY_MS) {
      saidAt = performance.now();
      print(`${tally.runs} of ${seeds.length} seeds, ${broken} with a broken promise`);
    }
  }
  print(`\n${tally.table()}\n\nseeds with a broken promise: ${broken}`);
  return broken === 0;
}

async function huntAll({ seeds, mutant: wanted }: Request): Promise<boolean> {
  const mutants = allMutants.filter(({ name }) => wanted === 'all' || name === wanted);
  if (mutants.length === 0) throw new Error(`there is no mutant ${wanted}`);
  let escaped = 0;
  let doubled = 0;
  for (const mutant of mutants) {
    const { single, pair } = mutant.doubledBy === undefined ? { single: await hunt(mutant, seeds), pair: null } : await huntDouble(mutant, seeds);
    const caught = pair ?? single;
    if (caught.seed === undefined) escaped++;
    printHunt(caught);
    if (pair === null || mutant.doubledBy === undefined) continue;
    doubled++;
    const verdict = single.seed === undefined ? `survives ${single.seedsTried} seeds alone` : `is caught alone at seed ${single.seed}: ${single.about.slice(0, 100)}`;
    print(`      ${verdict}; doubled by: ${mutant.doubledBy.rule}; both taken away: ${pair.seed === undefined ? 'ESCAPED' : `caught by ${mutant.breaks}`}`);
  }
  print(`\n${mutants.length - escaped} of ${mutants.length} planted faults caught, ${doubled} of them together with their doubles`);
  return escaped === 0;
}

function printHunt({ mutant, seed, about, others, seedsTried }: Hunt): void {
  const verdict = seed === undefined ? `ESCAPED ${seedsTried} seeds` : `seed ${seed}`;
  print(`${mutant.breaks.padEnd(6)}${mutant.name.padEnd(30)}${verdict.padEnd(20)}${mutant.rule}`);
  print(`      ${seed === undefined ? `also broken: ${JSON.stringify([...others])}` : about.slice(0, 200)}`);
}

async function main(): Promise<boolean> {
  const request = readRequest(process.argv.slice(2));
  if (request.help) {
    process.stdout.write(helpText);
    return true;
  }
  return request.mutant === null ? simulate(request) : huntAll(request);
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
}
