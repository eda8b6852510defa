/** Of a seed that breaks a promise: a shorter list of faults that still breaks the same one. */
import { runScenario } from './run-seed.js';
import type { Scenario } from './scenario.js';

/** Leaves out one fault after another as long as `invariant` is broken without it. @returns places in the list of faults. */
export async function shrink(scenario: Scenario, invariant: string): Promise<number[]> {
  let kept = scenario.faults.map((_, index) => index);
  for (const index of [...kept].reverse()) {
    const fewer = kept.filter((other) => other !== index);
    const { violations } = await runScenario(withFaults(scenario, fewer));
    if (violations.some((violation) => violation.invariant === invariant)) kept = fewer;
  }
  return kept;
}

/** The healing comes at the same time, with however many faults. */
export function withFaults(scenario: Scenario, places: readonly number[]): Scenario {
  return { ...scenario, faults: scenario.faults.filter((_, index) => places.includes(index)) };
}
