/** The demo's command line. */
import { parseArgs } from 'node:util';

const servers = ['kafka', 'redis', 'dynamodb'] as const;
/** What can be done to the system while it is played on. */
export type Act = { readonly verb: 'kill' | 'drain' } | { readonly verb: 'stop'; readonly service: (typeof servers)[number]; readonly seconds: number } | { readonly verb: 'do'; readonly order: string };
const STOP_S = 5;
const STOP_S_MAX = 120;

export interface DemoOptions {
  readonly players: number;
  readonly quiz: string | undefined;
  readonly questions: number;
  readonly limitMs: number;
  readonly seed: number;
  /** A cluster of its own, of so many programs. */
  readonly cluster: { readonly nodes: number; readonly routers: number; readonly brokers: number } | undefined;
  /** What is done to the system, each in a question of its own. */
  readonly acts: readonly Act[];
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
  --cluster        start a cluster on Kafka, DynamoDB Local and Redis, and play on all its routers; each of these
                   is done in the middle of a question of its own:
    --nodes N        quiz-nodes, 1 to 9 (default 3)
    --routers N      routers, 1 to 9 (default 2)
    --brokers N      Kafka brokers, 1 or 3 (default 1)
    --kill owner     kill -9 of the quiz-node that owns the session
    --drain owner    SIGTERM: it hands over and ends
    --stop SERVICE   kafka, redis or dynamodb does not answer for 5 s; kafka:30 for 30 s
    --do ORDER       any order of npm run cluster, for instance "pause owner 3", "kill broker-1" or "flush redis"
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
  if (values.url !== undefined && values.kill !== undefined) throw new UsageError('--kill needs a quiz-node of its own: leave --url out');
  if (values.url !== undefined && values.cluster) throw new UsageError('--cluster starts a cluster of its own: leave --url out');
  for (const name of ['nodes', 'routers', 'brokers', 'drain', 'stop', 'do'] as const) if (values[name] !== undefined && !values.cluster) throw new UsageError(`--${name} needs --cluster`);
  const nodes = whole('nodes', values.nodes, 1, 9) ?? 3;
  const routers = whole('routers', values.routers, 1, 9) ?? 2;
  const brokers = whole('brokers', values.brokers, 1, 3) ?? 1;
  if (brokers === 2) throw new UsageError('--brokers is "2": it takes 1 or 3');
  const acts = readActs(values);
  if (acts.some(({ verb }) => verb === 'drain') && nodes < 2) throw new UsageError('--drain needs another node that takes over: --nodes 2 or more');
  const questions = whole('questions', values.questions, 1, 200) ?? 10;
  if (acts.length > questions) throw new UsageError(`--questions is ${questions}: each of --kill, --drain, --stop and --do takes one, ${acts.length} in all`);
  return {
    players: whole('players', values.players, 1, 10_000) ?? 200,
    quiz: values.quiz,
    questions,
    limitMs: whole('limit-ms', values['limit-ms'], 5_000, 240_000) ?? 6_000,
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1) ?? 1,
    cluster: values.cluster ? { nodes, routers, brokers } : undefined,
    acts,
    url: values.url?.replace(/\/+$/, ''),
    key,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function readActs({ kill, drain, stop = [], do: orders = [] }: ReturnType<typeof parse>): readonly Act[] {
  if (kill !== undefined && kill !== 'owner') throw new UsageError(`--kill is "${kill}": it takes owner, or nothing`);
  if (drain !== undefined && drain !== 'owner') throw new UsageError(`--drain is "${drain}": it takes owner`);
  const stops = stop.map((text) => {
    const [name, seconds] = text.split(':', 2);
    const service = servers.find((known) => known === name);
    if (!service) throw new UsageError(`--stop is "${text}": it takes one of ${servers.join(', ')}, and seconds after a colon`);
    return { verb: 'stop', service, seconds: whole('stop', seconds, 1, STOP_S_MAX) ?? STOP_S } as const;
  });
  return [...(kill === undefined ? [] : [{ verb: 'kill' } as const]), ...stops, ...orders.map((order) => ({ verb: 'do', order }) as const), ...(drain === undefined ? [] : [{ verb: 'drain' } as const])];
}

function parse(argv: readonly string[]) {
  // `--kill` alone means the owner: the only quiz-node, where there is no cluster.
  const args = argv.map((arg, index) => (arg === '--kill' && (argv[index + 1] ?? '-').startsWith('-') ? '--kill=owner' : arg));
  return parseArgs({
    args,
    options: {
      players: { type: 'string' },
      quiz: { type: 'string' },
      questions: { type: 'string' },
      'limit-ms': { type: 'string' },
      seed: { type: 'string' },
      kill: { type: 'string' },
      cluster: { type: 'boolean' },
      nodes: { type: 'string' },
      routers: { type: 'string' },
      drain: { type: 'string' },
      stop: { type: 'string', multiple: true },
      brokers: { type: 'string' },
      do: { type: 'string', multiple: true },
      url: { type: 'string' },
      key: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}
