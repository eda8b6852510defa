/** What decision 0007 rests on, on a real broker: who acknowledges records that are not in the log when answers are lost. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithServers, START_MS_MAX } from '../services/describe-with-servers.js';
import { play, scenarios, type Scenario } from './scenarios.js';
import { Stage } from './stage.js';
import { Ledger } from './tally.js';
import { writers } from './writers.js';

const ROUNDS: Readonly<Record<string, number>> = { 'tried again': 40, 'used up, restart': 1 };
const ROUNDS_OTHERWISE = 5;
const ours = ['journal over kafkajs', 'journal over @platformatic/kafka'];

function scenarioOf(name: string): Scenario {
  const scenario = scenarios.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return scenario;
}

describeWithServers(['own kafka'], 'lost answers', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set();
  }, START_MS_MAX);
  afterAll(async () => stage?.strike());

  const count = (scenario: Scenario, writer: string) => play(stage, scenario, writers[writer]!, ROUNDS[scenario.name] ?? ROUNDS_OTHERWISE);

  test.each(scenarios.flatMap((scenario) => ours.map((writer) => [scenario.name, writer] as const)))('%s: the %s acknowledges all, loses none and has none twice', async (name, writer) => {
    const tally = await count(scenarioOf(name), writer);
    expect(tally).toMatchObject({ acknowledged: tally.given, lost: 0, twice: 0, unheard: 0, errors: {} });
    expect(tally.cut > 0).toBe(name !== 'refused in part');
  }, START_MS_MAX);

  // The reason why no producer of kafkajs is used: its idempotent one gives a sequence number to another record when an attempt fails.
  test.each(['used up', 'overlapping', 'refused in part'])('%s: the idempotent producer of kafkajs acknowledges records that are not in the log', async (name) => {
    expect((await count(scenarioOf(name), 'kafkajs, idempotent: true')).lost).toBe(ROUNDS_OTHERWISE);
  }, START_MS_MAX);

  test.each(['used up', 'overlapping'])('%s: the one that is not has records twice, and loses none', async (name) => {
    const { lost, twice } = await count(scenarioOf(name), 'kafkajs, idempotent: false');
    expect(lost).toBe(0);
    expect(twice).toBeGreaterThanOrEqual(ROUNDS_OTHERWISE);
  }, START_MS_MAX);
});

test('the count: lost is acknowledged and not there, unheard is there and not acknowledged', () => {
  const ledger = new Ledger();
  const [a, b, c, d] = ledger.next(0, 4);
  ledger.acknowledge([a!, b!]);
  ledger.fail('Gone');
  expect(ledger.next(0, 1)).toEqual(['0/5']);
  expect(ledger.close([a!, a!, c!, d!], 3)).toEqual({ given: 5, acknowledged: 2, lost: 1, twice: 1, unheard: 2, cut: 3, errors: { Gone: 1 } });
});
