/** `npm run cluster`: a local cluster on the real servers, to look at, to play on and to break. */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { LocalCluster } from './local-cluster.js';
import { carryOut, ORDERS } from './orders.js';
import { nodesAreReady } from './ready.js';

const USAGE = `npm run cluster -- [options]

Starts Kafka, DynamoDB Local and Redis, then quiz-nodes and routers on them, all on this machine. KAFKA_BROKERS, DYNAMODB_ENDPOINT and REDIS_URL name
servers that run already and are used instead. Then takes orders from the keyboard.

  --nodes N      quiz-nodes, 1 to 9 (default 3)
  --routers N    routers, 1 to 9 (default 2)
  --brokers N    Kafka brokers, 1 or 3 (default 1)
  --shards N     shards, 1 to 1024 (default 64)
  --port P       of the first router (default 8080; 0: any free one)
  --host H       the interface of the routers (default 127.0.0.1)
  --log LEVEL    what the programs log (default warn)
  --json         one JSON object a line, for programs that drive it
  --help

Orders:
${ORDERS.map((order) => `  ${order}`).join('\n')}`;

class UsageError extends Error {}

function whole(name: string, text: string, accepted: (value: number) => boolean, accepts: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || !accepted(value)) throw new UsageError(`--${name} is "${text}": it takes ${accepts}`);
  return value;
}

function readOptions(args: string[]) {
  const option = (initial: string) => ({ type: 'string' as const, default: initial });
  const { values } = parseArgs({
    args,
    options: {
      nodes: option('3'), routers: option('2'), brokers: option('1'), shards: option('64'), port: option('8080'), host: option('127.0.0.1'), log: option('warn'),
      json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const upTo = (max: number, min = 1) => [(value: number) => value >= min && value <= max, `a whole number from ${min} to ${max}`] as const;
  return {
    nodes: whole('nodes', values.nodes, ...upTo(9)),
    routers: whole('routers', values.routers, ...upTo(9)),
    brokers: whole('brokers', values.brokers, (value) => value === 1 || value === 3, '1 or 3') as 1 | 3,
    shards: whole('shards', values.shards, ...upTo(1_024)),
    port: whole('port', values.port, ...upTo(65_535, 0)),
    host: values.host, logLevel: values.log, json: values.json, help: values.help,
  };
}

function banner({ urls, hostApiKey }: LocalCluster): string {
  return [
    '', 'The cluster is running.', ...urls.map((url, index) => `  router-${index}   ${url}`), `  API docs   ${urls[0]}/docs`, `  host key   ${hostApiKey}`, '',
    'Who owns what:', '', `  export RM=${urls[0]} KEY=${hostApiKey}`, '  curl -s $RM/v1/admin/nodes -H "Authorization: Bearer $KEY"', '',
    'Play on it, in another terminal:', '', `  npm run demo -- --url ${urls[0]} --key ${hostApiKey}`, '', 'Orders (help lists them): kill node-1, drain node-2, stop kafka, start kafka, quit', '',
  ].join('\n');
}

async function run(options: ReturnType<typeof readOptions>): Promise<void> {
  const say = (kind: string, text: string, more: object = {}): void => void process.stdout.write(options.json ? `${JSON.stringify({ kind, text, ...more })}\n` : `${text}\n`);
  const cluster = await LocalCluster.start({ ...options, line: (name, text) => say('log', `[${name}] ${text}`, { name }) });
  await nodesAreReady(cluster).catch((error: unknown) => cluster.stop().finally(() => Promise.reject(error)));
  say('ready', options.json ? '' : banner(cluster), { urls: cluster.urls, key: cluster.hostApiKey, nodes: [...cluster.nodes.keys()] });
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    say('end', 'Stopping everything …');
    await cluster.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());
  const orders = createInterface({ input: process.stdin });
  orders.on('line', (order) => {
    if (order.trim() === '') return;
    carryOut(cluster, order).then(
      (done) => (done === undefined ? void end() : say('done', done, { order })),
      (error: unknown) => say('refused', error instanceof Error ? error.message : String(error), { order }),
    );
  });
  // Whoever drives it is gone, or the terminal is.
  orders.on('close', () => void end());
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(`${USAGE}\n`);
  else await run(options);
} catch (error) {
  process.stderr.write(`cluster: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}
