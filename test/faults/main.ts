/** `npm run faults`: real programs on real servers, real faults, and an independent checker. Exit code 1: a promise was broken. */
import { join } from 'node:path';
import { readOptions, USAGE, UsageError } from './command-line.js';
import { checkFolder } from './checker/check.js';
import { report, summaryOf } from './report.js';
import { run } from './run.js';
import { runsFolder } from '../services/places.js';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (options.help) return void process.stdout.write(`${USAGE}\n`);
  if (options.check !== undefined) {
    const verdict = await checkFolder(options.check, options.shards);
    process.stdout.write(`${report(verdict)}\n`);
    process.exitCode = verdict.violations.length > 0 ? 1 : 0;
    return;
  }
  const folder = options.keep ?? join(runsFolder, '..', 'faults', `${options.seed}-${new Date().toISOString().replace(/[:.]/g, '-')}`);
  say(`seed ${options.seed}; everything is kept in ${folder}`);
  const result = await run({ ...options, folder, say });
  const summary = summaryOf(options, folder, result);
  // At once: after so many processes and sockets Node itself may not come to an end.
  process.stdout.write(`${report(result.verdict, result)}\n${JSON.stringify(summary)}\n`, () => process.exit(summary.broken === 0 ? 0 : 1));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`faults: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}
