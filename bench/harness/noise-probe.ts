/** A fixed piece of arithmetic, timed: run on a core, it shows how much of that core others take, and how fast it is. Prints {wallMs, cpuMs}. */
const ROUNDS = 30_000_000;

function work(): number {
  let sum = 1;
  for (let i = 0; i < ROUNDS; i += 1) sum = (Math.imul(sum, 1_664_525) + 1_013_904_223) | 0;
  return sum;
}

work();
const cpu = process.cpuUsage();
const started = performance.now();
const sum = work();
const wallMs = performance.now() - started;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(`${JSON.stringify({ wallMs, cpuMs: (user + system) / 1000, sum })}\n`);
