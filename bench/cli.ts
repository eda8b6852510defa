/** The command line of the benchmarks. */
import { parseArgs } from 'node:util';
import type { Case, Size } from './harness/types.js';

export interface BenchOptions {
  readonly chosen: readonly Case[];
  readonly reps: number;
  readonly size: Size;
  readonly json: string | undefined;
  readonly help: boolean;
}

export class UsageError extends Error {}

const REPS: Readonly<Record<Size, number>> = { quick: 3, default: 5, full: 5 };

export function usage(cases: readonly Case[]): string {
  return [
    'npm run bench -- [name …] [options]',
    '',
    'Measures Ringmaster beside what people use otherwise, in the same run. A name is a benchmark or one case of it; all when absent:',
    ...cases.map(({ name, title }) => `  ${name.padEnd(22)}${title}`),
    '',
    '  --reps N       repetitions (default 5, with --quick 3)',
    '  --quick        less work in each run',
    '  --full         10,000 sockets and more work in each run',
    '  --json FILE    also writes every single value there',
    '  --help',
  ].join('\n');
}

/** @throws UsageError that says which option is wrong and what it takes. */
export function readOptions(argv: readonly string[], cases: readonly Case[]): BenchOptions {
  const { values, positionals } = parse(argv);
  if (values.quick && values.full) throw new UsageError('--quick and --full exclude each other');
  const size: Size = values.quick ? 'quick' : values.full ? 'full' : 'default';
  const reps = values.reps === undefined ? REPS[size] : Number(values.reps);
  if (!Number.isInteger(reps) || reps < 1 || reps > 100) throw new UsageError(`--reps is "${values.reps}": it takes a whole number from 1 to 100`);
  for (const wanted of positionals) if (!cases.some((each) => isNamed(each, wanted))) throw new UsageError(`there is no benchmark "${wanted}"; see --help`);
  const chosen = positionals.length === 0 ? cases : cases.filter((each) => positionals.some((wanted) => isNamed(each, wanted)));
  return { chosen, reps, size, json: values.json, help: values.help ?? false };
}

const isNamed = ({ name }: Case, wanted: string): boolean => name === wanted || name.startsWith(`${wanted}/`);

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        reps: { type: 'string' },
        quick: { type: 'boolean' },
        full: { type: 'boolean' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
