/** The one place where the environment is read: servers that run already, whether a missing one is a fault, and ports. */

export type ServerName = 'kafka' | 'dynamodb' | 'redis';

export const serverNames: readonly ServerName[] = ['kafka', 'dynamodb', 'redis'];

/** The variable that names a server which runs already: it is used then, and none is started. */
export const addressVariable: Readonly<Record<ServerName, string>> = { kafka: 'KAFKA_BROKERS', dynamodb: 'DYNAMODB_ENDPOINT', redis: 'REDIS_URL' };
/** The variable that moves what `up` starts to another port. */
export const portVariable: Readonly<Record<ServerName, string>> = { kafka: 'KAFKA_PORT', dynamodb: 'DYNAMODB_PORT', redis: 'REDIS_PORT' };
const portOtherwise: Readonly<Record<ServerName, number>> = { kafka: 9092, dynamodb: 8000, redis: 6379 };

type Environment = Readonly<Record<string, string | undefined>>;

/** Addresses from the environment, or undefined where a server of one's own is to be started. Kafka's are separated by commas. */
export function addressesGiven(name: ServerName, env: Environment = process.env): readonly string[] | undefined {
  const addresses = (env[addressVariable[name]] ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '');
  return addresses.length > 0 ? addresses : undefined;
}

/** On a build machine a test that cannot run is a fault. */
export function isBuildMachine(env: Environment = process.env): boolean {
  return env['CI'] === 'true' || env['CI'] === '1';
}

/** The socket of the test run's shared servers; undefined outside of a test run. */
export function sharedHostPath(env: Environment = process.env): string | undefined {
  return env['RINGMASTER_SHARED_SERVERS'];
}

/** @throws Error that names the variable and what it accepts */
export function portOf(name: ServerName, env: Environment = process.env): number {
  const text = env[portVariable[name]] ?? '';
  if (text === '') return portOtherwise[name];
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_000) throw new Error(`${portVariable[name]} is ${JSON.stringify(text)}; it takes a port, 1 to 65000`);
  return port;
}
