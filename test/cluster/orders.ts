/** What can be done to a running cluster, in words: the same on the keyboard and for a program that drives it. */
import { Redis } from 'ioredis';
import { moveLeaders } from '../services/kafka-leaders.js';
import type { LocalCluster, ServerName } from './local-cluster.js';

export const ORDERS = [
  'kill NAME            kill -9 of a node or router; it is started again',
  'kill broker-N        kill -9 of the N-th Kafka broker',
  'pause NAME SECONDS   a node or router stands still, and goes on',
  'drain NAME           SIGTERM: it hands over and ends',
  'add [NAME]           one more quiz-node; NAME: of that name, although another process has it',
  'stop SERVICE         kafka, redis or dynamodb do not answer any more',
  'start SERVICE        … and do again',
  'start broker-N',
  'move leaders         another of three brokers leads each partition, while all of them live',
  'flush redis          it forgets everything',
  'status               who runs',
  'help                 this list',
  'quit                 ends everything',
];

const servers: readonly string[] = ['kafka', 'dynamodb', 'redis'] satisfies ServerName[];
const PAUSE_S_MAX = 600;

/** `broker-2` ⇒ 2. */
function brokerOf(name: string): number | undefined {
  const digits = /^broker-([1-3])$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

async function flush(address: string): Promise<void> {
  const redis = new Redis(address, { lazyConnect: true, maxRetriesPerRequest: 0 });
  try {
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}

/** @returns what was done, for people; undefined for `quit`. @throws Error that says what is wrong with the order */
export async function carryOut(cluster: LocalCluster, order: string): Promise<string | undefined> {
  const [verb = '', name = '', number = ''] = order.trim().split(/\s+/);
  switch (verb) {
    case 'kill': {
      const broker = brokerOf(name);
      if (broker === undefined) cluster.kill(name);
      else await cluster.servers.kafka.kill(broker);
      return `${name} was killed`;
    }
    case 'pause': {
      const seconds = Number(number);
      if (!(seconds > 0 && seconds <= PAUSE_S_MAX)) throw new Error(`pause takes a name and seconds up to ${PAUSE_S_MAX}`);
      cluster.signal(name, 'SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      cluster.signal(name, 'SIGCONT');
      return `${name} stood still for ${seconds} s`;
    }
    case 'drain':
      await cluster.drain(name);
      return `${name} has handed over and ended`;
    case 'add': {
      const { name: added, ready } = cluster.addNode(name || undefined);
      await ready;
      return name ? `${added} goes by the name ${name}` : `${added} has joined`;
    }
    case 'stop':
    case 'start': {
      const broker = brokerOf(name);
      if (verb === 'start' && broker !== undefined) {
        await cluster.servers.kafka.restart(broker);
        return `${name} answers again`;
      }
      if (!servers.includes(name)) throw new Error(`${verb} takes one of ${servers.join(', ')}`);
      await (verb === 'stop' ? cluster.stopServer(name as ServerName) : cluster.startServer(name as ServerName));
      return verb === 'stop' ? `${name} does not answer any more` : `${name} answers again`;
    }
    case 'move':
      if (name !== 'leaders') throw new Error('move takes leaders');
      return `${await moveLeaders(cluster.servers.kafka.addresses)} partitions have another leader`;
    case 'flush':
      if (name !== 'redis') throw new Error('flush takes redis');
      await flush(cluster.servers.redis.address);
      return 'redis has forgotten everything';
    case 'status':
      return [...cluster.nodes.values(), ...cluster.routers.values()].map((member) => `${member.name.padEnd(10)} pid ${String(member.program.pid ?? '-').padEnd(8)} port ${member.port}`).join('\n');
    case 'help':
      return ORDERS.join('\n');
    case 'quit':
      return undefined;
    default:
      throw new Error(`there is no order "${verb}"; help lists them`);
  }
}
