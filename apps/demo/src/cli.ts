/** The demo's command line. */
import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly players: number;
  readonly quiz: string | undefined;
  readonly questions: number;
  readonly limitMs: number;
  readonly seed: number;
  readonly kill: boolean;
  readonly url: string | undefined;
  readonly key: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

export const usage = `npm run demo -- [options]

Plays a whole quiz with bots over real sockets, then checks every acknowledged answer against the report.

  --players N      bots, 1 to 10,000 (default 200)
  --quiz FILE      question set: Ringmaster JSON, CSV, or the JSON of the Open Trivia Database
                   (default examples/english.quiz.json)
  --questions K    play the first K questions, 1 to 200 (default 10)
  --limit-ms MS    time for each question, 5,000 to 240,000 (default 6000)
  --seed N         seeds skill, delays and choices of the bots (default 1)
  --kill           kill -9 of the quiz-node while a question is open; it is started again
  --url URL        play on a running Ringmaster instead of starting one; needs --key
  --key KEY        host key for --url (or HOST_API_KEY)
  --json           print one JSON summary at the end
  --help`;

export class UsageError extends Error {}

function whole(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) throw new UsageError(`--${name} is "${text}": it takes a whole number from ${min} to ${max}`);
  return value;
}

/** @throws UsageError that says which option is wrong and what it takes. */
export function readOptions(argv: readonly string[], env: NodeJS.ProcessEnv): DemoOptions {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const key = values.key ?? env['HOST_API_KEY'];
  if (values.url !== undefined && key === undefined) throw new UsageError('--url needs --key (or HOST_API_KEY)');
  if (values.url !== undefined && values.kill) throw new UsageError('--kill needs a quiz-node of its own: leave --url out');
  return {
    players: whole('players', values.players, 1, 10_000) ?? 200,
    quiz: values.quiz,
    questions: whole('questions', values.questions, 1, 200) ?? 10,
    limitMs: whole('limit-ms', values['limit-ms'], 5_000, 240_000) ?? 6_000,
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1) ?? 1,
    kill: values.kill ?? false,
    url: values.url?.replace(/\/+$/, ''),
    key,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      players: { type: 'string' },
      quiz: { type: 'string' },
      questions: { type: 'string' },
      'limit-ms': { type: 'string' },
      seed: { type: 'string' },
      kill: { type: 'boolean' },
      url: { type: 'string' },
      key: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}
