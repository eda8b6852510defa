/** `npm run services`: what is for a shell goes to stdout, what is for people to stderr. */
import { available } from './availability.js';
import { Background } from './background.js';
import { exportLine, helpText, readRequest, UsageError, type Request } from './command-line.js';
import { portOf, type ServerName } from './environment.js';
import { kafkaClassPath } from './kafka-jars.js';
import { thisMachine } from './machine.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const background = new Background(say);

async function up({ only, brokers }: Request): Promise<boolean> {
  checkPorts(only);
  const missing = only.flatMap((name) => {
    const found = available(name, { ...thisMachine, isGiven: () => false });
    return found.ok ? [] : [`${name}: ${found.reason}`];
  });
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const addresses = new Map<ServerName, readonly string[]>();
  for (const name of only) addresses.set(name, await background.up(name, name === 'kafka' ? brokers : 1));
  print(exportLine(addresses));
  return true;
}

function checkPorts(names: readonly ServerName[]): void {
  for (const name of names) {
    try {
      portOf(name);
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }
}

async function down({ only }: Request): Promise<boolean> {
  for (const name of only) say(`${name}: ${(await background.down(name)) ? 'down' : 'was not up'}`);
  return true;
}

async function status({ only }: Request): Promise<boolean> {
  const states = await Promise.all(only.map(async (name) => ({ name, health: await background.health(name) })));
  for (const { name, health } of states) {
    print(health ? `${name.padEnd(9)} pid ${health.pids.join(',') || '-'}  port ${health.ports.join(',')}  ${health.state}` : `${name.padEnd(9)} not up`);
  }
  const started = states.filter(({ health }) => health !== undefined);
  return started.length > 0 && started.every(({ health }) => health?.state === 'healthy');
}

async function run(request: Request): Promise<boolean> {
  switch (request.command) {
    case 'up':
      return up(request);
    case 'down':
      return down(request);
    case 'status':
      return status(request);
    case 'fetch':
      await kafkaClassPath(say);
      return true;
    case 'help':
      print(helpText);
      return true;
  }
}

try {
  process.exitCode = (await run(readRequest(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  say((error as Error).message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
