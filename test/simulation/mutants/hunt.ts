/** Looks for the first seed at which a planted fault is caught by the promise that it breaks. */
import type { RunResult } from '../run-seed.js';
import type { Scenario, ScenarioOptions } from '../scenario.js';
import { importMutated } from './mutated-modules.js';
import type { Mutant } from './mutant.js';

interface RunModule {
  runScenario(scenario: Scenario): Promise<RunResult>;
}
interface ScenarioModule {
  scenarioOf(seed: number, options?: ScenarioOptions): Scenario;
}

export interface Hunt {
  readonly mutant: Mutant;
  /** Undefined: it was not caught. */
  readonly seed: number | undefined;
  readonly about: string;
  /** Other invariants that it broke on the way, with how many seeds. */
  readonly others: ReadonlyMap<string, number>;
  readonly seedsTried: number;
}

export async function hunt(mutant: Mutant, seeds: readonly number[]): Promise<Hunt> {
  const { runScenario } = await importMutated<RunModule>(mutant, 'test/simulation/run-seed.ts');
  const { scenarioOf } = await importMutated<ScenarioModule>(mutant, 'test/simulation/scenario.ts');
  const others = new Map<string, number>();
  let seedsTried = 0;
  const order = mutant.seed === undefined ? seeds : [mutant.seed, ...seeds];
  for (const seed of order) {
    seedsTried++;
    const { violations } = await runScenario(scenarioOf(seed, mutant.family === undefined ? {} : { family: mutant.family }));
    const caught = violations.find(({ invariant }) => invariant === mutant.breaks);
    for (const invariant of new Set(violations.map((each) => each.invariant))) others.set(invariant, (others.get(invariant) ?? 0) + 1);
    if (caught !== undefined) return { mutant, seed, about: caught.about, others, seedsTried };
  }
  return { mutant, seed: undefined, about: '', others, seedsTried };
}
