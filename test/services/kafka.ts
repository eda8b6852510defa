/**
 * Kafka 4.1.0 (KRaft) as plain Java processes on loopback. Owns the brokers that it starts; with KAFKA_BROKERS set it starts none.
 * About 4 s and 360 MB for one broker, 8 s and 1 GB for three.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { certificatesIn, makeCertificates, type Certificates } from './certificates.js';
import { addressesGiven } from './environment.js';
import { kafkaAnswers } from './kafka-answers.js';
import { kafkaClassPath } from './kafka-jars.js';
import { kafkaProperties, type KafkaLayout } from './kafka-properties.js';
import { scramArguments } from './kafka-secured.js';
import { notOwned, startOwned, type Recipe, type Running } from './running.js';
import { ServerProcess } from './server-process.js';
import { sharedAddresses, turnForCluster } from './shared.js';

const run = promisify(execFile);
const logging = `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'kafka', 'log4j2.properties')}`;

export interface RunningKafka extends Running {
  /** `host:port` of each broker; the broker at place i has node id i + 1 where it is owned. */
  readonly addresses: readonly string[];
  /** Where the proxies of `advertised` find the brokers. Absent without them. */
  readonly behind?: readonly string[];
  /** Where it wants to know who comes (`KNOWN` of kafka-secured.ts), and what to show it. Absent unless asked for. */
  readonly secured?: { readonly sasl: string; readonly mutual: string; readonly certificates: Certificates };
}

export interface KafkaOptions {
  /** Three: replication factor 3, two in sync to acknowledge, and a killed broker is given up after 3 s. Default 1. */
  readonly brokers?: 1 | 3;
  /** The one broker of this test run, for all suites: not empty, and not to be killed. Use topic names of your own. */
  readonly shared?: boolean;
  /** Ports of proxies on this machine, one for each broker: who comes in at `behind` is told that the brokers are there. */
  readonly advertised?: readonly number[];
  /** Listeners with TLS, with SASL and with client certificates, beside the plain one; of one broker alone. Needs `keytool`. */
  readonly secured?: boolean;
}

/**
 * Brokers that answer, with no topics unless they are shared; topics are not made by themselves. Give it START_MS_MAX in a
 * `beforeAll`. Three brokers wait until no other suite of the run has three.
 * @throws Error with the end of a broker's log when it does not come up
 */
export async function startKafka({ brokers = 1, shared = false, advertised, secured = false }: KafkaOptions = {}): Promise<RunningKafka> {
  if (shared && brokers !== 1) throw new RangeError('the shared Kafka has one broker');
  if (secured && (shared || brokers !== 1)) throw new RangeError('a secured Kafka has one broker of its own');
  const given = addressesGiven('kafka');
  if (given) return { ...notOwned('KAFKA_BROKERS names the cluster'), addresses: given };
  const common = shared ? await sharedAddresses('kafka') : undefined;
  if (common) return { ...notOwned('the Kafka of the test run is shared'), addresses: common };
  return brokers === 1 ? startBrokers(1, advertised, secured) : startCluster(advertised);
}

async function startCluster(advertised?: readonly number[]): Promise<RunningKafka> {
  const endTurn = await turnForCluster();
  try {
    const cluster = await startBrokers(3, advertised);
    const stop = cluster.stop.bind(cluster);
    return Object.assign(cluster, { stop: () => stop().finally(endTurn) });
  } catch (error) {
    endTurn();
    throw error;
  }
}

async function startBrokers(brokers: 1 | 3, advertised?: readonly number[], secured = false): Promise<RunningKafka> {
  const running = await startOwned(kafkaRecipe(brokers, tell, advertised, secured));
  const at = (from: number): readonly string[] => running.ports.slice(from, from + brokers).map((port) => `127.0.0.1:${port}`);
  const [sasl = '', mutual = ''] = secured ? running.ports.slice(-2).map((port) => `127.0.0.1:${port}`) : [];
  return Object.assign(running, {
    addresses: at(0),
    ...(advertised === undefined ? {} : { behind: at(2 * brokers) }),
    ...(secured ? { secured: { sasl, mutual, certificates: certificatesIn(running.folder) } } : {}),
  });
}

/** The recipe takes the ports of the brokers, then those of their controllers, then those behind proxies, then the secured ones. */
export function kafkaRecipe(brokers: 1 | 3, say: (line: string) => void = tell, advertised?: readonly number[], secured = false): Recipe {
  return {
    name: 'kafka',
    portsCount: (advertised === undefined ? 2 : 3) * brokers + (secured ? 2 : 0),
    prepare: async (folder, ports) => {
      const [sasl = 0, mutual = 0] = ports.slice(-2);
      const guarded = secured ? { secured: { ports: [sasl, mutual] as const, certificates: await makeCertificates(folder) } } : {};
      return prepare(folder, { brokers, ports, ...(advertised === undefined ? {} : { advertised }), ...guarded }, say);
    },
    answers: async (ports, up) => {
      const ids = up.flatMap((isUp, index) => (isUp ? index + 1 : []));
      return kafkaAnswers(ids.map((id) => `127.0.0.1:${ports[id - 1]}`), ids);
    },
  };
}

async function prepare(folder: string, layout: KafkaLayout, say: (line: string) => void): Promise<readonly ServerProcess[]> {
  const classPath = await kafkaClassPath(say);
  // One that begins with a dash would be taken for an option.
  const cluster = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  return Promise.all(Array.from({ length: layout.brokers }, async (_, index) => {
    const id = index + 1;
    const properties = join(folder, `server-${id}.properties`);
    writeFileSync(properties, kafkaProperties(layout, id, join(folder, `broker-${id}`)));
    await run('java', ['-cp', classPath, logging, 'kafka.tools.StorageTool', 'format', ...(layout.brokers === 1 ? ['--standalone'] : []), '-t', cluster, '-c', properties, ...(layout.secured ? scramArguments : [])]);
    return new ServerProcess({
      name: `Kafka broker ${id}`,
      command: 'java',
      args: [layout.brokers === 1 ? '-Xmx512m' : '-Xmx384m', '-cp', classPath, logging, 'kafka.Kafka', properties],
      logFile: join(folder, `broker-${id}.log`),
    });
  }));
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
