/** Counts, on a real broker, what each writer acknowledged and what is in the log: `npm run ts -- test/lost-answers/main.ts [scenario …]`. */
import { play, scenarios } from './scenarios.js';
import { Stage } from './stage.js';
import { writers } from './writers.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const asked = process.argv.slice(2);
const chosen = asked.length === 0 ? scenarios : scenarios.filter(({ name }) => asked.includes(name));
if (chosen.length < Math.max(1, asked.length)) {
  process.stderr.write(`there are the scenarios ${scenarios.map(({ name }) => JSON.stringify(name)).join(', ')}\n`);
  process.exit(2);
}

const stage = await Stage.set();
try {
  for (const scenario of chosen) {
    say(`\n${scenario.name}: ${scenario.what}; ${scenario.rounds} times\n`);
    say('| writer | given | acknowledged | lost | twice | failed, yet in the log | answers lost | errors |\n| --- | --- | --- | --- | --- | --- | --- | --- |');
    for (const [name, open] of Object.entries(writers)) {
      const { given, acknowledged, lost, twice, unheard, cut, errors } = await play(stage, scenario, open);
      const why = Object.entries(errors).map(([error, count]) => `${count} × ${error}`).join(', ');
      say(`| ${name} | ${given} | ${acknowledged} | ${lost} | ${twice} | ${unheard} | ${cut} | ${why} |`);
    }
  }
} finally {
  await stage.strike();
}
