/** What `npm run simulate` is asked to do. */
import { familyNames, type FamilyName } from './faults/families.js';

export interface Request {
  readonly seeds: readonly number[];
  readonly mutant: string | null;
  readonly trace: boolean;
  readonly calm: boolean;
  readonly family: FamilyName | null;
  readonly help: boolean;
  /** Places in the seed's list of faults; null: all of them. */
  readonly faults: readonly number[] | null;
}

export const helpText = `Deterministic simulation: a whole cluster in one thread, from one seed, on the production's code.

  npm run simulate -- [options]

  --seeds N       so many seeds (default 200)
  --from K        the first of them (default 1)
  --seed S        one seed alone
  --faults 0,3    of its faults only these, by their place in its list ("none": no fault at all)
  --calm          no faults
  --family NAME   only the faults of one family: ${familyNames.join(', ')}
  --trace         prints what happens, with the time in ms
  --mutant NAME   plants a fault in the production's code and looks for the first seed that finds it; "all" for every one of them
  --help          this text

It ends with code 1 when a promise was broken, and prints how to see it again.
`;

/** @throws Error that says what was not understood. */
export function readRequest(args: readonly string[]): Request {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  for (let i = 0; i < args.length; i++) {
    const name = args[i] ?? '';
    if (['--trace', '--calm', '--help'].includes(name)) flags.add(name);
    else if (['--seeds', '--from', '--seed', '--mutant', '--faults', '--family'].includes(name) && args[i + 1] !== undefined) values.set(name, args[++i] as string);
    else throw new Error(`${name} is not understood, or lacks its value; --help says what is`);
  }
  const whole = (name: string, otherwise: number): number => {
    const value = Number(values.get(name) ?? otherwise);
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${name} takes a whole number`);
    return value;
  };
  const from = whole('--seed', whole('--from', 1));
  const count = values.has('--seed') ? 1 : whole('--seeds', values.has('--mutant') ? 400 : 200);
  const faults = values.get('--faults');
  const named = values.get('--family');
  const family = familyNames.find((name) => name === named) ?? null;
  if (named !== undefined && family === null) throw new Error(`--family takes one of ${familyNames.join(', ')}`);
  return {
    seeds: Array.from({ length: count }, (_, index) => from + index),
    mutant: values.get('--mutant') ?? null,
    trace: flags.has('--trace'),
    calm: flags.has('--calm'),
    family,
    help: flags.has('--help'),
    faults: faults === undefined ? null : faults === 'none' ? [] : faults.split(',').map(Number),
  };
}
