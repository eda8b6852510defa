import { runScenario } from './run-seed.js';
import { scenarioOf } from './scenario.js';

const from = Number(process.argv[2] ?? 1);
const count = Number(process.argv[3] ?? 1);
const calm = process.argv.includes('--calm');
const trace = process.argv.includes('--trace');
const totals = new Map<string, number>();
const began = performance.now();
let now = () => 0;
for (let seed = from; seed < from + count; seed++) {
  const result = await runScenario(scenarioOf(seed, { calm }), trace ? (who, what, about, at) => console.log(at.toFixed(1), who, what, JSON.stringify(about).slice(0, 220)) : undefined);
  if (result.violations.length > 0) console.log(seed, result.violations.slice(0, 5));
  for (const [k, v] of result.sometimes) totals.set(k, (totals.get(k) ?? 0) + v);
  if (count < 10) console.log(seed, 'steps', result.steps, 'took', result.tookMs, 'acked', result.acknowledged);
}
console.log('ms a seed', (performance.now() - began) / count, totals);
