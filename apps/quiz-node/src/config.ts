/** What the quiz-node takes from the environment: the one place that reads it. Wrong values stop the program before it does anything. */
import { defaultLimits, limitCatalogue, limitConflicts, type LimitName, type Limits } from '@ringmaster/protocol';
import { z } from 'zod';
import { clusterConfig, clusterVariables, type ClusterConfig } from './cluster-config.js';
import { listOf, name, NAME_TEXT, whole, yesOrNo, type Variable } from './variable.js';

const secret = z.string().min(16).optional();
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const variables = {
  NODE_PORT: { schema: whole(8081, 0, 65_535), accepts: 'a port from 0 to 65535 (0: any free one)', what: 'where links and REST come in' },
  NODE_HOST: { schema: z.string().min(1).optional(), accepts: 'an address of this machine', what: 'the interface to listen on; HOST, if absent, else 127.0.0.1' },
  HOST: { schema: z.string().min(1).default('127.0.0.1'), accepts: 'an address of this machine', what: 'as NODE_HOST, for programs that set one for all' },
  NODE_NAME: { schema: name.default('node-0'), accepts: NAME_TEXT, what: 'the name of this node in the cluster' },
  ROUTERS: { schema: listOf(name).default(['router-0']), accepts: 'names, separated by commas', what: 'the routers whose clocks the close of a question waits for, where BACKEND is embedded' },
  DATA_DIR: { schema: z.string().min(1).default('./data'), accepts: 'a folder', what: 'journal, snapshots and records, where BACKEND is embedded' },
  SHARDS: { schema: whole(256, 1, 65_536), accepts: 'a number from 1 to 65536', what: 'shards of the cluster; fixed when the data folder, or the topic, is made' },
  LINK_SECRET: { schema: secret, accepts: 'at least 16 characters', what: 'what routers show on their links; without it only this machine is let in', secret: true },
  HOST_API_KEY: { schema: z.string().regex(/^\S{16,}$/).optional(), accepts: 'at least 16 characters, no spaces', what: 'the key of quiz hosts (owner "local", all scopes)', secret: true },
  API_KEYS_FILE: { schema: z.string().min(1).optional(), accepts: 'a JSON file', what: 'further keys: [{id, sha256, owner, scopes}]' },
  PUBLIC_URL: { schema: z.url({ protocol: /^https?$/ }).optional(), accepts: 'an http or https URL', what: 'where players reach the router; joinUrl and wsUrl begin with it' },
  RETENTION_DAYS: { schema: whole(90, 1, 3_650), accepts: 'a number of days from 1 to 3650', what: 'how long archives of finished sessions are kept' },
  LOG_LEVEL: { schema: z.enum(logLevels).default('info'), accepts: logLevels.join(', '), what: 'what is logged, as JSON on stderr' },
  DRAIN_MS_MAX: { schema: whole(8_000, 0, 600_000), accepts: 'ms from 0 to 600000', what: 'how long a drain may take before the process ends anyway' },
  EXIT_WITH_PARENT: { schema: yesOrNo, accepts: '0 or 1', what: 'whether the process ends when its stdin closes' },
  ...clusterVariables,
} as const satisfies Readonly<Record<string, Variable>>;

export interface NodeConfig {
  readonly port: number;
  readonly host: string;
  readonly nodeName: string;
  readonly routers: readonly string[];
  readonly dataDir: string;
  readonly shards: number;
  readonly linkSecret: string | undefined;
  readonly hostApiKey: string | undefined;
  readonly apiKeysFile: string | undefined;
  readonly publicUrl: string | undefined;
  readonly retentionDays: number;
  readonly logLevel: (typeof logLevels)[number];
  readonly drainMsMax: number;
  readonly exitWithParent: boolean;
  readonly limits: Limits;
  /** Undefined: the embedded backend. */
  readonly cluster: ClusterConfig | undefined;
}

/** A variable, its value, and what it takes; for a person who starts the program. */
export class ConfigError extends Error {}

/** The variable of a limit: `playersMax` → `LIMIT_PLAYERS_MAX`. */
export function limitVariable(limit: LimitName): string {
  return `LIMIT_${limit.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** @throws ConfigError that names every wrong variable, its value and what is accepted. */
export function readConfig(env: NodeJS.ProcessEnv): NodeConfig {
  const values: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [variable, { schema, accepts, ...rest }] of Object.entries(variables) as [string, Variable][]) {
    const given = env[variable] === '' ? undefined : env[variable];
    const parsed = schema.safeParse(given);
    if (parsed.success) values[variable] = parsed.data;
    else wrong.push(`${variable} is ${rest.secret ? 'not right' : JSON.stringify(given)}: it takes ${accepts}`);
  }
  const limits = readLimits(env, wrong);
  const value = <K extends keyof typeof variables>(variable: K) => values[variable] as z.infer<(typeof variables)[K]['schema']>;
  const cluster = wrong.length > 0 ? undefined : clusterConfig(value, wrong);
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return Object.freeze({
    port: value('NODE_PORT'),
    host: value('NODE_HOST') ?? value('HOST'),
    nodeName: value('NODE_NAME'),
    routers: value('ROUTERS'),
    dataDir: value('DATA_DIR'),
    shards: value('SHARDS'),
    linkSecret: value('LINK_SECRET'),
    hostApiKey: value('HOST_API_KEY'),
    apiKeysFile: value('API_KEYS_FILE'),
    publicUrl: value('PUBLIC_URL'),
    retentionDays: value('RETENTION_DAYS'),
    logLevel: value('LOG_LEVEL'),
    drainMsMax: value('DRAIN_MS_MAX'),
    exitWithParent: value('EXIT_WITH_PARENT') === '1',
    limits,
    cluster,
  });
}

function readLimits(env: NodeJS.ProcessEnv, wrong: string[]): Limits {
  const limits: Record<LimitName, number> = { ...defaultLimits };
  for (const limit of Object.keys(limitCatalogue) as LimitName[]) {
    const variable = limitVariable(limit);
    const given = env[variable];
    if (given === undefined || given === '') continue;
    const value = Number(given);
    if (Number.isSafeInteger(value) && value >= 0) limits[limit] = value;
    else wrong.push(`${variable} is ${JSON.stringify(given)}: it takes a whole number, 0 or more`);
  }
  wrong.push(...limitConflicts(limits, limitVariable));
  return Object.freeze(limits);
}

export function helpText(): string {
  const rows = (Object.entries(variables) as [string, Variable][]).map(([variable, { schema, accepts, what }]) => {
    const fallback = schema.safeParse(undefined);
    const shown = fallback.success && fallback.data !== undefined ? `, default ${String(fallback.data)}` : '';
    return `  ${variable.padEnd(18)}${what}\n${' '.repeat(20)}(${accepts}${shown})`;
  });
  const limits = (Object.keys(limitCatalogue) as LimitName[]).map((limit) => `  ${limitVariable(limit).padEnd(36)}${limitCatalogue[limit].initial} · ${limitCatalogue[limit].about}`);
  return ['The quiz-node: owns live sessions.', '', 'Set by environment variables:', ...rows, '', 'Limits, each with its default:', ...limits].join('\n');
}
