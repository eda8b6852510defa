import { parseArgs } from 'node:util';
import { kinds, type Kind } from './schedule/kinds.js';

export const USAGE = `npm run faults -- [options]

Starts a cluster of real programs on real Kafka, DynamoDB Local and Redis, all on this machine, plays quizzes on it, and breaks it in many ways. Then an
independent checker compares the raw journal with what every client was told. Exit code 1: a promise was broken; it says which, and where all of it is kept.

  --minutes M    how long faults are injected (default 10)
  --seed N       of faults and load (default: drawn)
  --brokers N    Kafka brokers, 1 or 3 (default 3)
  --nodes N      quiz-nodes, 2 to 9 (default 3)
  --routers N    routers, 1 to 9 (default 2)
  --shards N     shards, 1 to 1024 (default 24)
  --sessions N   sessions at once, 1 to 100 (default 4)
  --players N    players of a session at most, 1 to 500 (default 12)
  --questions N  questions of a session at most, 2 to 50 (default 6)
  --every MS     mean time between two faults (default 3000)
  --only WORDS   only faults whose name has one of these words, separated by commas
  --keep FOLDER  where journal, histories and faults are kept
  --check FOLDER judges a run that was made before (with its --shards)
  --help

Faults, each as often as its weight says:
${kinds.map(({ name, weight }) => `  ${String(weight).padStart(2)}  ${name}`).join('\n')}`;

export class UsageError extends Error {}

const SEEDS = 1_000_000;

export interface FaultOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly brokers: 1 | 3;
  readonly nodes: number;
  readonly routers: number;
  readonly shards: number;
  readonly sessions: number;
  readonly players: number;
  readonly questions: number;
  readonly everyMs: number;
  readonly kinds: readonly Kind[];
  readonly keep: string | undefined;
  readonly check: string | undefined;
  readonly help: boolean;
}

/** @throws UsageError that says what an option takes */
export function readOptions(args: string[]): FaultOptions {
  const option = (initial: string) => ({ type: 'string' as const, default: initial });
  const { values } = parseArgs({
    args,
    options: {
      minutes: option('10'), seed: option(String(Math.floor(Math.random() * SEEDS))), brokers: option('3'), nodes: option('3'), routers: option('2'), shards: option('24'),
      sessions: option('4'), players: option('12'), questions: option('6'), every: option('3000'), only: option(''), keep: { type: 'string' }, check: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const whole = (name: string, text: string, min: number, max: number): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) throw new UsageError(`--${name} is "${text}": it takes a whole number from ${min} to ${max}`);
    return value;
  };
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= 1_440)) throw new UsageError(`--minutes is "${values.minutes}": it takes a number above 0, up to 1440`);
  const words = values.only.split(',').map((word) => word.trim());
  const chosen = kinds.filter(({ name }) => words.some((word) => name.includes(word)));
  if (chosen.length === 0) throw new UsageError(`--only is "${values.only}": no fault has such a name`);
  if (values.brokers !== '1' && values.brokers !== '3') throw new UsageError(`--brokers is "${values.brokers}": it takes 1 or 3`);
  return {
    minutes, seed: whole('seed', values.seed, 0, 2 ** 31), brokers: values.brokers === '1' ? 1 : 3, nodes: whole('nodes', values.nodes, 2, 9), routers: whole('routers', values.routers, 1, 9),
    shards: whole('shards', values.shards, 1, 1_024), sessions: whole('sessions', values.sessions, 1, 100), players: whole('players', values.players, 1, 500), questions: whole('questions', values.questions, 2, 50),
    everyMs: whole('every', values.every, 100, 600_000), kinds: chosen, keep: values.keep, check: values.check, help: values.help,
  };
}
