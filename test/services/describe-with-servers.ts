import { describe, test } from '@jest/globals';
import { available, decide, type Need } from './availability.js';
import { isBuildMachine } from './environment.js';

/** For a `beforeAll` that starts servers: on a loaded machine, behind another suite's three brokers, with a download. */
export const START_MS_MAX = 240_000;

/**
 * `describe` for a suite that needs real servers. Where one cannot be had the suite is skipped with a warning that says why;
 * with CI=true it fails. It starts nothing: a `beforeAll` of the suite does.
 */
export function describeWithServers(needs: readonly Need[], name: string, suite: () => void): void {
  const decision = decide(needs, (need) => available(need), isBuildMachine());
  switch (decision.what) {
    case 'run':
      describe(name, suite);
      break;
    case 'skip':
      // eslint-disable-next-line no-console -- a suite that does not run must be seen by whoever runs it
      console.warn(`SKIPPED: ${name}: ${decision.reason}`);
      describe.skip(name, suite);
      break;
    case 'fail':
      describe(name, () => {
        test('has the servers that it needs', () => {
          throw new Error(decision.reason);
        });
      });
  }
}
