/**
 * A whole cluster on this machine: the real programs on real Kafka, DynamoDB Local and Redis. Owns every process that it starts, and what is done to them:
 * killed, drained, added, stopped for a while. Servers that the environment names are used, and left alone.
 */
import { randomBytes } from 'node:crypto';
import { setUp } from '../../apps/setup/src/set-up.js';
import { readConfig } from '../../apps/quiz-node/src/config.js';
import { Program } from '../../apps/launcher/src/program.js';
import { RestartPolicy, type RestartLimits } from '../../apps/launcher/src/restart-policy.js';
import { fileURLToPath } from 'node:url';
import { startDynamo, type RunningDynamo } from '../services/dynamodb.js';
import { startKafka, type RunningKafka } from '../services/kafka.js';
import { startRedis, type RunningRedis } from '../services/redis.js';

export interface ClusterOptions {
  readonly nodes: number;
  readonly routers: number;
  readonly shards: number;
  readonly brokers: 1 | 3;
  /** Of the first router; the others draw one. 0: all draw one. */
  readonly port: number;
  readonly host: string;
  readonly hostApiKey?: string;
  readonly logLevel: string;
  /** Further variables of all programs. */
  readonly env?: NodeJS.ProcessEnv;
  /** Ports of proxies in front of the brokers, one for each. */
  readonly advertised?: readonly number[];
  /** Called when the servers run and before any program does: tells proxies what is behind them. @returns further variables of all programs */
  readonly front?: (servers: Servers) => NodeJS.ProcessEnv;
  /** Further variables of one program. */
  readonly memberEnv?: (name: string, app: 'quiz-node' | 'router') => NodeJS.ProcessEnv;
  /** When a program that dies is not started any more. */
  readonly restart?: RestartLimits;
  /** A program serves: for the first time, or again. */
  readonly serves?: (name: string) => void;
  /** What a program or this cluster has to say. */
  line(name: string, text: string): void;
}

export type ServerName = 'kafka' | 'dynamodb' | 'redis';

export interface Servers {
  readonly kafka: RunningKafka;
  readonly dynamodb: RunningDynamo;
  readonly redis: RunningRedis;
}

export interface Member {
  readonly name: string;
  readonly program: Program;
  readonly env: NodeJS.ProcessEnv;
  port: number;
  /** Resolves when it serves for the first time. */
  readonly ready: Promise<void>;
}

const DRAIN_MS = 15_000;
/** DynamoDB Local takes any; what the environment has goes before. */
const localAws = { AWS_REGION: 'local', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
const nodeArgs = ['--enable-source-maps', '--max-semi-space-size=16'];
/** The programs are run as they are built. */
const entry = (app: string): string => fileURLToPath(new URL(`../../dist/apps/${app}/src/main.js`, import.meta.url));

export class LocalCluster {
  readonly nodes = new Map<string, Member>();
  readonly routers = new Map<string, Member>();
  readonly hostApiKey: string;
  readonly #shared: NodeJS.ProcessEnv;
  #made = 0;
  #routersMade = 0;

  private constructor(
    private readonly options: ClusterOptions,
    readonly servers: Servers,
  ) {
    this.hostApiKey = options.hostApiKey ?? `rm_${randomBytes(24).toString('base64url')}`;
    const { kafka, dynamodb, redis } = servers;
    this.#shared = {
      ...localAws,
      ...process.env,
      BACKEND: 'distributed', SHARDS: String(options.shards), KAFKA_BROKERS: kafka.addresses.join(','), KAFKA_DEV: kafka.addresses.length < 3 ? '1' : '0',
      DYNAMODB_ENDPOINT: dynamodb.address, REDIS_URL: redis.address, LINK_SECRET: randomBytes(24).toString('base64url'), HOST_API_KEY: this.hostApiKey, LOG_LEVEL: options.logLevel,
      ...options.front?.(servers),
      ...options.env,
    };
  }

  /** Resolves when every program serves. @throws what keeps a service from starting, or the topic and tables from being used */
  static async start(options: ClusterOptions): Promise<LocalCluster> {
    options.line('cluster', `starting Kafka (${options.brokers === 1 ? 'one broker' : 'three brokers'}), DynamoDB Local and Redis …`);
    const started = await Promise.allSettled([startKafka({ brokers: options.brokers, ...(options.advertised && { advertised: options.advertised }) }), startDynamo(), startRedis()]);
    const failed = started.find((result) => result.status === 'rejected');
    const [kafka, dynamodb, redis] = started.map((result) => (result.status === 'fulfilled' ? result.value : undefined)) as [RunningKafka, RunningDynamo, RunningRedis];
    if (failed) {
      await Promise.all([kafka, dynamodb, redis].map((service) => service?.stop()));
      throw failed.reason;
    }
    const cluster = new LocalCluster(options, { kafka, dynamodb, redis });
    try {
      Object.assign(process.env, { ...localAws, ...process.env });
      const { cluster: config, shards } = readConfig(cluster.#shared);
      if (config) await setUp(config, shards, (text) => options.line('setup', text));
      options.line('cluster', `starting ${options.nodes} quiz-nodes and ${options.routers} routers …`);
      const members = [...Array.from({ length: options.nodes }, () => cluster.addNode()), ...Array.from({ length: options.routers }, () => cluster.addRouter())];
      await Promise.all(members.map(({ ready }) => ready));
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Where players and hosts connect, one for each router. */
  get urls(): readonly string[] {
    return [...this.routers.values()].map(({ port }) => `http://127.0.0.1:${port}`);
  }

  /** @param nodeName the name that it goes by; here it gets one of its own, so that two processes can go by one name */
  addNode(nodeName?: string): Member {
    const name = `node-${this.#made++}`;
    const member = this.#start(name, 'quiz-node', { NODE_NAME: nodeName ?? name, NODE_PORT: '0', HOST: '127.0.0.1' }, 'NODE_PORT');
    this.nodes.set(name, member);
    return member;
  }

  addRouter(): Member {
    const port = this.#routersMade === 0 ? this.options.port : 0;
    const name = `router-${this.#routersMade++}`;
    const member = this.#start(name, 'router', { ROUTER_NAME: name, PORT: String(port), HOST: this.options.host, NODES: '' }, 'PORT');
    this.routers.set(name, member);
    return member;
  }

  /** SIGKILL; the program is started again, as an orchestrator would. @throws for a name that nobody has */
  kill(name: string): void {
    this.signal(name, 'SIGKILL');
  }

  signal(name: string, signal: NodeJS.Signals): void {
    const { pid } = this.#member(name).program;
    if (pid === undefined) throw new Error(`${name} does not run at the moment`);
    process.kill(pid, signal);
  }

  /** SIGTERM: it hands over, and is not started again. */
  async drain(name: string): Promise<void> {
    await this.#member(name).program.stop(DRAIN_MS);
    this.nodes.delete(name);
    this.routers.delete(name);
  }

  /** Nobody answers there any more. Redis and Kafka die; DynamoDB Local, which would forget everything, is frozen. @throws for a service that is not ours */
  async stopServer(name: ServerName): Promise<void> {
    if (name === 'dynamodb') for (const pid of this.#owned(name).pids()) process.kill(pid, 'SIGSTOP');
    else await this.#owned(name).kill();
  }

  async startServer(name: ServerName): Promise<void> {
    if (name === 'dynamodb') for (const pid of this.#owned(name).pids()) process.kill(pid, 'SIGCONT');
    else await this.#owned(name).restart();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.routers.values()].map(({ program }) => program.stop(DRAIN_MS)));
    await Promise.all([...this.nodes.values()].map(({ program }) => program.stop(DRAIN_MS)));
    const { kafka, dynamodb, redis } = this.servers;
    if (dynamodb.owned) for (const pid of dynamodb.pids()) process.kill(pid, 'SIGCONT');
    await Promise.all([kafka.stop(), dynamodb.stop(), redis.stop()]);
  }

  #owned(name: ServerName): Servers[ServerName] {
    const service = this.servers[name];
    if (!service.owned) throw new Error(`${name} was not started here: stop it where it was`);
    return service;
  }

  #member(name: string): Member {
    const member = this.nodes.get(name) ?? this.routers.get(name);
    if (!member) throw new Error(`there is no ${name}: there are ${[...this.nodes.keys(), ...this.routers.keys()].join(', ')}`);
    return member;
  }

  #start(name: string, app: 'quiz-node' | 'router', own: NodeJS.ProcessEnv, portVariable: string): Member {
    const env: NodeJS.ProcessEnv = { ...this.#shared, ...own, ...this.options.memberEnv?.(name, app) };
    const { line, restart, serves } = this.options;
    let settle = (_error?: Error): void => undefined;
    const ready = new Promise<void>((resolve, reject) => (settle = (error) => (error ? reject(error) : resolve())));
    ready.catch(() => undefined);
    const program = new Program(
      { name, entry: entry(app), nodeArgs, env },
      {
        line,
        gaveUp: (reason) => {
          line('cluster', reason);
          settle(new Error(reason));
        },
        ready: (port) => {
          // A port that was drawn is kept: others know it.
          env[portVariable] = String(port);
          member.port = port;
          settle();
          serves?.(name);
        },
      },
      restart && new RestartPolicy(restart),
    );
    const member: Member = { name, program, env, port: 0, ready };
    program.start();
    return member;
  }
}
