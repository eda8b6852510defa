/** Everything that the router takes from the environment: read once, checked, frozen. */
import { limitCatalogue, limitConflicts, type LimitName } from '@ringmaster/protocol';
import { z } from 'zod';
import { defaultRouterLimits, routerOnlyLimits, type RouterLimits } from './core/router-limits.js';

export interface NodeAddress {
  readonly name: string;
  /** `host:port`. */
  readonly address: string;
}

export interface RouterConfig {
  readonly port: number;
  readonly host: string;
  readonly metricsPort: number | null;
  /** Empty where `redis` tells. */
  readonly nodes: readonly NodeAddress[];
  /** Where nodes and routers tell each other that they are there; null: as configured. */
  readonly redis: { readonly url: string; readonly keyPrefix: string } | null;
  readonly routerName: string;
  readonly linkSecret: string | null;
  readonly allowedOrigins: readonly string[] | null;
  readonly trustedProxies: number;
  readonly shards: number | null;
  readonly limits: RouterLimits;
  /** Limits that are not at their default. */
  readonly changedLimits: Readonly<Record<string, number>>;
  /** How long a call over HTTP looks for a node that answers it. */
  readonly forwardSearchMsMax: number;
  readonly drainMsMax: number;
  readonly exitWithParent: boolean;
  readonly logLevel: string;
}

interface Variable {
  readonly schema: z.ZodType;
  readonly accepts: string;
  readonly what: string;
  readonly secret?: true;
}

const port = (): z.ZodType<number> => z.coerce.number().int().min(0).max(65_535);
const PORT_TEXT = 'a port from 0 to 65535 (0: any free one)';
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const NODE_ENTRY = /^([A-Za-z0-9][A-Za-z0-9._-]*)=((?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5})$/;

const nodeList = z.string().transform((text, context): readonly NodeAddress[] => {
  const nodes = text.split(',').map((entry) => NODE_ENTRY.exec(entry.trim()));
  const found = nodes.flatMap((match) => (match?.[1] !== undefined && match[2] !== undefined ? [{ name: match[1], address: match[2] }] : []));
  if (found.length < nodes.length || new Set(found.map(({ name }) => name)).size < found.length) context.addIssue('not a list of nodes');
  return found;
});

const variables = {
  PORT: { schema: port().default(8080), accepts: PORT_TEXT, what: 'where players, hosts and REST clients connect' },
  HOST: { schema: z.string().min(1).default('0.0.0.0'), accepts: 'an address of this machine, such as 127.0.0.1', what: 'the interface to listen on' },
  METRICS_PORT: { schema: port().optional(), accepts: PORT_TEXT, what: 'a port of its own for /metrics, /livez and /readyz; none when absent' },
  NODES: { schema: nodeList.optional(), accepts: 'name=host:port, separated by commas, no name twice', what: 'the quiz-nodes; when absent node-0 on this machine at NODE_PORT' },
  REDIS_URL: { schema: z.url({ protocol: /^rediss?$/ }).optional(), accepts: 'redis://host:port or rediss://…', what: 'where the nodes of a cluster are found, in place of NODES', secret: true },
  REDIS_PREFIX: { schema: z.string().min(1).max(64).default('ringmaster:'), accepts: 'up to 64 characters', what: 'begins every key in Redis; as for the nodes' },
  NODE_PORT: { schema: port().default(8081), accepts: PORT_TEXT, what: 'port of the one quiz-node when NODES is absent' },
  ROUTER_NAME: { schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/).default('router-0'), accepts: 'up to 63 letters, digits, dots and dashes', what: 'name of this router, unique among the routers' },
  LINK_SECRET: { schema: z.string().min(16).optional(), accepts: 'at least 16 characters', what: 'shown to the nodes; needed unless all of them are on this machine', secret: true },
  ALLOWED_ORIGINS: { schema: z.string().regex(/^(\*|https?:\/\/[^\s,/]+(,\s*https?:\/\/[^\s,/]+)*)$/).optional(), accepts: 'origins such as https://quiz.example, separated by commas, or *', what: 'whose pages may open sockets, besides our own' },
  TRUSTED_PROXIES: { schema: z.coerce.number().int().min(0).max(16).default(0), accepts: 'a number from 0 to 16', what: 'proxies in front whose X-Forwarded headers are believed' },
  SHARDS: { schema: z.coerce.number().int().min(1).max(65_536).optional(), accepts: 'a number from 1 to 65536', what: 'shards of the cluster; when absent as the first node says' },
  DRAIN_MS_MAX: { schema: z.coerce.number().int().min(0).max(600_000).default(8_000), accepts: 'ms up to 600000', what: 'how long SIGTERM waits for clients to be told and frames to be done' },
  FORWARD_SEARCH_MS_MAX: { schema: z.coerce.number().int().min(0).max(60_000).default(2_500), accepts: 'ms up to 60000', what: 'how long a REST call waits for a node that serves its session; then 503 with Retry-After' },
  LOG_LEVEL: { schema: z.enum(LEVELS).default('info'), accepts: LEVELS.join(', '), what: 'what is logged, as JSON on stderr' },
  EXIT_WITH_PARENT: { schema: z.enum(['0', '1']).default('0'), accepts: '0 or 1', what: '1: ends when stdin is closed' },
} as const satisfies Readonly<Record<string, Variable>>;

/** Limits of the protocol that this program keeps; the others are the node's. */
const protocolLimits = [
  'frameBytesMax', 'fragmentsMax', 'bufferedChunksMax', 'helloWithinMs', 'helloAgainWithinMs', 'overRateFramesMax', 'overRateWindowMs', 'pingEveryMs',
  'pingJitterPercent', 'deadMs', 'reconnectMinMs', 'reconnectMaxMs', 'slowHintBytes', 'slowCloseBytes', 'slowCloseMs', 'headersTimeoutMs', 'headerBytesMax', 'requestTimeoutMs',
  'unauthenticatedSocketsMax', 'upgradesPerSecond', 'ipBurstUpgrades', 'ipUpgradesPerSecond', 'ipSocketsMax', 'keptFramesMax', 'keptBytesMax', 'hopsMax', 'clockEveryMs',
] as const satisfies readonly LimitName[];

const limitNames: readonly (keyof RouterLimits)[] = [...protocolLimits, ...(Object.keys(routerOnlyLimits) as (keyof typeof routerOnlyLimits)[])];

/** `keptFramesMax` → `LIMIT_KEPT_FRAMES_MAX`. */
const limitVariable = (name: string): string => `LIMIT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
const limitSchema = z.coerce.number().int().min(0).max(2 ** 31);
const LIMIT_TEXT = 'a whole number from 0 to 2147483648';

/** @throws Error that names every wrong variable, its value and what is accepted. */
export function readConfig(env: NodeJS.ProcessEnv): RouterConfig {
  const wrong: string[] = [];
  const read = <T>(name: string, { schema, accepts, secret }: Variable & { readonly schema: z.ZodType<T> }): T | undefined => {
    const given = env[name] === '' ? undefined : env[name];
    const parsed = schema.safeParse(given);
    if (!parsed.success) wrong.push(`${name} is ${secret === true ? 'not right' : JSON.stringify(given)}: it takes ${accepts}`);
    return parsed.data;
  };
  const nodePort = read('NODE_PORT', variables.NODE_PORT);
  const url = read('REDIS_URL', variables.REDIS_URL);
  const keyPrefix = read('REDIS_PREFIX', variables.REDIS_PREFIX) ?? '';
  const listed = read('NODES', variables.NODES);
  if (url !== undefined && listed !== undefined) wrong.push('NODES and REDIS_URL are both given: a router takes its nodes from one of them');
  const nodes = url !== undefined ? [] : (listed ?? [{ name: 'node-0', address: `127.0.0.1:${nodePort}` }]);
  const linkSecret = read('LINK_SECRET', variables.LINK_SECRET) ?? null;
  const away = nodes.filter(({ address }) => !/^(127\.|localhost:|\[::1\]:)/.test(address));
  if (linkSecret === null && away.length > 0) wrong.push(`LINK_SECRET is missing: it is needed because ${away.map(({ name }) => name).join(', ')} run on other machines`);
  const origins = read('ALLOWED_ORIGINS', variables.ALLOWED_ORIGINS);
  const changedLimits: Record<string, number> = {};
  for (const name of limitNames) {
    const value = read(limitVariable(name), { schema: limitSchema.default(defaultRouterLimits[name]), accepts: LIMIT_TEXT, what: name });
    if (value !== undefined && value !== defaultRouterLimits[name]) changedLimits[name] = value;
  }
  const limits = Object.freeze({ ...defaultRouterLimits, ...changedLimits });
  wrong.push(...limitConflicts(limits, limitVariable));
  const config = {
    port: read('PORT', variables.PORT),
    host: read('HOST', variables.HOST),
    metricsPort: read('METRICS_PORT', variables.METRICS_PORT) ?? null,
    nodes,
    redis: url === undefined ? null : { url, keyPrefix },
    routerName: read('ROUTER_NAME', variables.ROUTER_NAME),
    linkSecret,
    allowedOrigins: origins === '*' ? null : (origins?.split(',').map((origin) => origin.trim()) ?? []),
    trustedProxies: read('TRUSTED_PROXIES', variables.TRUSTED_PROXIES),
    shards: read('SHARDS', variables.SHARDS) ?? null,
    limits,
    changedLimits: Object.freeze(changedLimits),
    forwardSearchMsMax: read('FORWARD_SEARCH_MS_MAX', variables.FORWARD_SEARCH_MS_MAX),
    drainMsMax: read('DRAIN_MS_MAX', variables.DRAIN_MS_MAX),
    exitWithParent: read('EXIT_WITH_PARENT', variables.EXIT_WITH_PARENT) === '1',
    logLevel: read('LOG_LEVEL', variables.LOG_LEVEL),
  };
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return Object.freeze(config as RouterConfig);
}

/** What `--help` prints. */
export function helpText(): string {
  const row = (name: string, what: string, accepts: string, initial: unknown): string =>
    `  ${name.padEnd(22)}${what}\n${' '.repeat(24)}(${accepts}${initial === undefined ? '' : `, default ${String(initial)}`})`;
  const rows = Object.entries(variables).map(([name, { schema, what, accepts }]) => row(name, what, accepts, schema.safeParse(undefined).data));
  const about = (name: keyof RouterLimits): string => (name in limitCatalogue ? `  ${limitCatalogue[name as LimitName].about}` : '');
  const limits = limitNames.map((name) => `  ${limitVariable(name)}=${defaultRouterLimits[name]}${about(name)}`);
  return ['The router: ends client WebSockets, and forwards to the quiz-nodes. Set by environment variables:', ...rows, '', 'Limits, with their defaults:', ...limits].join('\n');
}
