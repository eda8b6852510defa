/**
 * I6 by comparison: the same run with another right answer to one question. Until that answer is revealed, everybody but the host hears the very same bytes
 * at the very same time, but for the commitment, which the salt hides.
 */
import type { TabHistory } from './clients/history.js';
import { runScenario, type RunResult } from './run-seed.js';
import { scenarioOf, type Scenario, type ScenarioOptions } from './scenario.js';

/** @returns the first difference, or null. `heard`: frames compared. */
export async function differenceBeforeReveal(seed: number, question: number, options: ScenarioOptions = {}): Promise<{ readonly difference: string | null; readonly heard: number }> {
  const plain = await runScenario(withSecrets(scenarioOf(seed, options)));
  const permuted = await runScenario(withSecrets(scenarioOf(seed, { ...options, permuteKeyOf: question })));
  const until = revealedAt(plain, `q${question + 1}`);
  const [one, other] = [transcript(plain, until), transcript(permuted, until)];
  const index = one.findIndex((line, place) => line !== other[place]);
  if (index >= 0) return { difference: `${one[index]}\n${other[index]}`, heard: one.length };
  return { difference: one.length === other.length ? null : `one more: ${other[one.length]}`, heard: one.length };
}

/** With immediate scores nothing is meant to be secret. */
function withSecrets(scenario: Scenario): Scenario {
  return { ...scenario, sessions: scenario.sessions.map((plan) => ({ ...plan, settings: { ...plan.settings, liveScores: 'reveal' } })) };
}

/** World time at which the first reveal of the question, in any session, was durable. */
function revealedAt({ world }: RunResult, qid: string): number {
  let first = Infinity;
  for (const shard of world.journal.shards()) {
    for (const { bytes, landedAt } of world.journal.records(shard)) {
      if (landedAt < first && Buffer.from(bytes).includes(`{"type":"question.revealed","qid":"${qid}"`)) first = landedAt;
    }
  }
  return first;
}

function transcript({ people }: RunResult, until: number): string[] {
  const line = ({ person, router }: TabHistory, at: number, text: string): string => `${at.toFixed(3)} ${person} ${router} ${text.replace(/"commit":"[0-9a-f]{64}"/g, '"commit":"…"')}`;
  return people
    .filter(({ role }) => role !== 'host')
    .flatMap(({ tabs }) => tabs)
    .flatMap((tab) => tab.heard.filter(({ at }) => at < until).map(({ at, text }) => line(tab, at, text)));
}
