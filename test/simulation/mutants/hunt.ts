/** Looks for the first seed at which a planted fault is caught by the promise that it breaks. */
import type { RunResult } from '../run-seed.js';
import type { Scenario, ScenarioOptions } from '../scenario.js';
import type { Violation } from '../cluster/observed.js';
import { importMutated } from './mutated-modules.js';
import { alone, doubleOf, together, type Mutant, type Planting } from './mutant.js';

interface RunModule {
  runScenario(scenario: Scenario): Promise<RunResult>;
}
interface ScenarioModule {
  scenarioOf(seed: number, options?: ScenarioOptions): Scenario;
}

type Run = (seed: number) => Promise<readonly Violation[]>;

export interface Hunt {
  readonly mutant: Mutant;
  /** Undefined: it was not caught. */
  readonly seed: number | undefined;
  readonly about: string;
  /** Invariants that it broke, with how many seeds. */
  readonly others: ReadonlyMap<string, number>;
  readonly seedsTried: number;
}

/** Of a guard that another one doubles. */
export interface DoubleHunt {
  /** The guard alone taken away; it survives as long as it has no seed. */
  readonly single: Hunt;
  /** Both, at a seed at which neither alone breaks that promise. */
  readonly pair: Hunt;
}

/** Seeds that a guard must survive without which nothing is to break; the pair's own come on top. */
const SURVIVES_SEEDS = 30;

export async function hunt(mutant: Mutant, seeds: readonly number[]): Promise<Hunt> {
  const run = await runnerOf(alone(mutant), mutant);
  return search(mutant, orderOf(mutant, seeds), run, (found) => found.find(({ invariant }) => invariant === mutant.breaks));
}

/** @throws Error for a mutant without a double. */
export async function huntDouble(mutant: Mutant, seeds: readonly number[]): Promise<DoubleHunt> {
  const { doubledBy } = mutant;
  if (doubledBy === undefined) throw new Error(`${mutant.name} has no double`);
  const breaks = (found: readonly Violation[]): Verdict => found.find(({ invariant }) => invariant === mutant.breaks);
  const run = await runnerOf(alone(mutant), mutant);
  const runDouble = await runnerOf(doubleOf(mutant, doubledBy), mutant);
  const runBoth = await runnerOf(together(mutant, doubledBy), mutant);
  const pair = await search(mutant, orderOf(mutant, seeds), runBoth, async (found, seed) => {
    const caught = breaks(found);
    return caught !== undefined && breaks(await run(seed)) === undefined && breaks(await runDouble(seed)) === undefined ? caught : undefined;
  });
  const single = await search(mutant, seeds.slice(0, SURVIVES_SEEDS), run, ([first]) => first);
  return { single, pair };
}

type Verdict = Violation | undefined;

async function search(mutant: Mutant, seeds: readonly number[], run: Run, judge: (found: readonly Violation[], seed: number) => Verdict | Promise<Verdict>): Promise<Hunt> {
  const others = new Map<string, number>();
  let seedsTried = 0;
  for (const seed of seeds) {
    seedsTried++;
    const violations = await run(seed);
    for (const invariant of new Set(violations.map((each) => each.invariant))) others.set(invariant, (others.get(invariant) ?? 0) + 1);
    const caught = await judge(violations, seed);
    if (caught !== undefined) return { mutant, seed, about: caught.about, others, seedsTried };
  }
  return { mutant, seed: undefined, about: '', others, seedsTried };
}

const orderOf = ({ seed }: Mutant, seeds: readonly number[]): readonly number[] => (seed === undefined ? seeds : [seed, ...seeds]);

async function runnerOf(planting: Planting, { family }: Mutant): Promise<Run> {
  const { runScenario } = await importMutated<RunModule>(planting, 'test/simulation/run-seed.ts');
  const { scenarioOf } = await importMutated<ScenarioModule>(planting, 'test/simulation/scenario.ts');
  return async (seed) => (await runScenario(scenarioOf(seed, family === undefined ? {} : { family }))).violations;
}
