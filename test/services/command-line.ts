/** What `npm run services` is asked to do. */
import { addressVariable, portVariable, serverNames, type ServerName } from './environment.js';

export interface Request {
  readonly command: 'up' | 'down' | 'status' | 'fetch' | 'help';
  readonly brokers: 1 | 3;
  readonly only: readonly ServerName[];
}

export class UsageError extends Error {}

export const helpText = `Kafka, DynamoDB and Redis on this machine, without containers.

  npm run services -- up [--brokers 3] [--only redis,kafka]
      starts them in the background and prints what to export:
      eval "$(npm run -s services -- up)"
  npm run services -- status [--only …]     process, port and health; code 1 unless all that are up are healthy
  npm run services -- down [--only …]       ends them and removes their data
  npm run services -- fetch                 downloads Kafka (43 MB, once), which up and the tests do as well
  npm run services -- --help                this text

Ports: ${portVariable.kafka} 9092 and those that follow (two for one broker, six for three), ${portVariable.dynamodb} 8000, ${portVariable.redis} 6379.
Needs: Java 17; mvn for the download of Kafka; redis-server. Data are gone after "down".
Exit codes: 0 done, 1 it did not work, 2 the command was not understood.
`;

const commands = ['up', 'down', 'status', 'fetch'] as const;

/** @throws UsageError that says what was not understood */
export function readRequest(args: readonly string[]): Request {
  if (args.includes('--help') || args.includes('-h')) return { command: 'help', brokers: 1, only: serverNames };
  const command = commands.find((each) => each === args[0]);
  if (!command) throw new UsageError(`${args[0] === undefined ? 'no command' : `the command ${args[0]} is not known`}: it is ${commands.join(', ')} or --help`);
  let brokers: 1 | 3 = 1;
  let only: readonly ServerName[] = serverNames;
  for (let i = 1; i < args.length; i += 2) {
    const [name = '', value] = [args[i], args[i + 1]];
    if (name === '--brokers' && command === 'up') brokers = brokersOf(value);
    else if (name === '--only' && command !== 'fetch') only = onlyOf(value);
    else throw new UsageError(`${name} is not an option of ${command}; --help says what is`);
  }
  return { command, brokers, only };
}

function brokersOf(value: string | undefined): 1 | 3 {
  if (value !== '1' && value !== '3') throw new UsageError('--brokers takes 1 or 3');
  return value === '1' ? 1 : 3;
}

function onlyOf(value = ''): readonly ServerName[] {
  const names = value.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !(serverNames as readonly string[]).includes(name));
  if (unknown.length > 0) throw new UsageError(`--only takes some of ${serverNames.join(',')}`);
  return serverNames.filter((name) => names.includes(name));
}

/** One line for a shell. */
export function exportLine(addresses: ReadonlyMap<ServerName, readonly string[]>): string {
  return `export ${[...addresses].map(([name, each]) => `${addressVariable[name]}=${each.join(',')}`).join(' ')}`;
}
