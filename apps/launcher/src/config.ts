/** What `npm start` takes from the environment. The programs that it starts check their own variables. */
import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

const variables = {
  PORT: { schema: port(8080), accepts: 'a port from 0 to 65535 (0: any free one)', what: 'where players and hosts connect' },
  NODE_PORT: { schema: port(8081), accepts: 'a port from 0 to 65535 (0: any free one)', what: 'where the quiz-node listens, on loopback' },
  HOST: { schema: z.string().min(1).default('0.0.0.0'), accepts: 'an address of this machine, such as 127.0.0.1', what: 'the interface that players reach' },
  DATA_DIR: { schema: z.string().min(1).default('./data'), accepts: 'a folder', what: 'journal, snapshots, records and the host key' },
  HOST_API_KEY: { schema: z.string().regex(/^\S{16,}$/).optional(), accepts: 'at least 16 characters, no spaces', what: 'the key of quiz hosts; a fresh one is made and kept in DATA_DIR when absent' },
  LOG_LEVEL: { schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('warn'), accepts: 'trace, debug, info, warn, error, fatal or silent', what: 'what the programs log, as JSON on stderr' },
} as const;

export interface LauncherConfig {
  readonly port: number;
  readonly nodePort: number;
  readonly host: string;
  readonly dataDir: string;
  readonly hostApiKey: string | undefined;
  readonly logLevel: string;
}

/** @throws Error that names every wrong variable, its value and what is accepted. */
export function readConfig(env: NodeJS.ProcessEnv): LauncherConfig {
  const values: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const [name, { schema, accepts }] of Object.entries(variables)) {
    const given = env[name] === '' ? undefined : env[name];
    const parsed = schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    else wrong.push(`${name} is ${name === 'HOST_API_KEY' ? 'not right' : JSON.stringify(given)}: it takes ${accepts}`);
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return Object.freeze({
    port: values['PORT'] as number,
    nodePort: values['NODE_PORT'] as number,
    host: values['HOST'] as string,
    dataDir: values['DATA_DIR'] as string,
    hostApiKey: values['HOST_API_KEY'] as string | undefined,
    logLevel: values['LOG_LEVEL'] as string,
  });
}

export function helpText(): string {
  const rows = Object.entries(variables).map(([name, { schema, accepts, what }]) => {
    const fallback = schema.safeParse(undefined);
    const shown = fallback.success && fallback.data !== undefined ? `, default ${String(fallback.data)}` : '';
    return `  ${name.padEnd(14)}${what}\n${' '.repeat(16)}(${accepts}${shown})`;
  });
  return [
    'npm start: one router and one quiz-node on this machine, durable in a folder.',
    '',
    'Set by environment variables:',
    ...rows,
    '',
    'Every other variable goes on to the two programs; theirs are listed by',
    '  node dist/apps/router/src/main.js --help',
    '  node dist/apps/quiz-node/src/main.js --help',
  ].join('\n');
}
