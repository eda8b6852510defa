/** The verdict on a run. */
import type { PersonHistory } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import type { World } from '../cluster/world.js';
import type { Scenario } from '../scenario.js';

export interface Evidence {
  readonly world: World;
  readonly scenario: Scenario;
  readonly people: readonly PersonHistory[];
}

export function check({ world, people }: Evidence): Violation[] {
  const found: Violation[] = [...world.observed.complaints];
  for (const { name, finished, stopped, answers } of people) {
    if (stopped === null && finished === null) found.push({ invariant: 'LIVE', about: `${name} never heard the end` });
    for (const answer of answers) if (answer.outcome === null && stopped === null) found.push({ invariant: 'LIVE', about: `${name}: no outcome of ${answer.answerId}` });
  }
  return found;
}
