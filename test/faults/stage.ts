/**
 * A cluster of real programs behind proxies: one before each Kafka broker, and for each program its own before DynamoDB, Redis and, for a node, before
 * itself (routers and other nodes reach it there). Owns the proxies and the ports of the nodes; the programs and servers are the LocalCluster's.
 */
import { freePorts } from '../services/ports.js';
import { LocalCluster, type Servers } from '../cluster/local-cluster.js';
import { Chance } from './chance.js';
import type { Router } from './load/client.js';
import { FaultyProxy, kafkaSpeaker } from './proxy/proxy.js';

export const TOPIC = 'ringmaster-journal';
const NODE_PORTS = 40;
/** Whatever dies is started again, however often. */
const restart = { deathsMax: Number.POSITIVE_INFINITY, windowMs: 10_000, delayMinMs: 100, delayMaxMs: 1_000 };

export interface StageOptions {
  readonly seed: number;
  readonly nodes: number;
  readonly routers: number;
  readonly shards: number;
  readonly brokers: 1 | 3;
  line(name: string, text: string): void;
  serves(name: string): void;
}

/** The proxies of one program. */
export interface Fronts {
  readonly dynamodb: FaultyProxy;
  readonly redis: FaultyProxy;
  /** Before a node. */
  readonly link: FaultyProxy | undefined;
}

export class Stage {
  cluster!: LocalCluster;
  readonly kafka: readonly FaultyProxy[];
  readonly fronts = new Map<string, Fronts>();
  readonly #spare: Fronts[] = [];
  #servers: Servers | undefined;
  readonly #portOf = new Map<FaultyProxy, number>();

  private constructor(
    private readonly options: StageOptions,
    private readonly nodePorts: number[],
  ) {
    const { seed, brokers } = options;
    this.kafka = Array.from({ length: brokers }, (_, index) =>
      new FaultyProxy({ upstream: () => portIn(this.#servers?.kafka.behind?.[index]), speaker: kafkaSpeaker, chance: Chance.of(seed, `kafka ${index}`) }));
  }

  /** @throws what keeps the cluster from starting */
  static async start(options: StageOptions): Promise<Stage> {
    const stage = new Stage(options, [...(await freePorts(NODE_PORTS))]);
    await Promise.all(stage.kafka.map((proxy) => proxy.listen()));
    await stage.#provide(options.nodes, options.routers);
    const { nodes, routers, shards, brokers, line, serves } = options;
    stage.cluster = await LocalCluster.start({
      nodes, routers, shards, brokers, line, serves, restart, port: 0, host: '127.0.0.1', logLevel: 'info',
      advertised: stage.kafka.map(({ port }) => port),
      front: (servers) => {
        stage.#servers = servers;
        return { KAFKA_BROKERS: stage.kafka.map(({ port }) => `127.0.0.1:${port}`).join(',') };
      },
      memberEnv: (name, app) => stage.#envOf(name, app),
    });
    return stage;
  }

  get routers(): readonly Router[] {
    return [...this.cluster.routers.values()].filter(({ port }) => port !== 0).map(({ name, port }) => ({ name, url: `http://127.0.0.1:${port}` }));
  }

  /** Brokers as they are reached past the proxies. */
  get brokers(): readonly string[] {
    return this.cluster.servers.kafka.addresses;
  }

  /** @param nodeName of another node, so that two go by one name */
  async addNode(nodeName?: string): Promise<string> {
    await this.#provide(1, 0);
    const { name, ready } = this.cluster.addNode(nodeName);
    await ready;
    return name;
  }

  async addRouter(): Promise<string> {
    await this.#provide(0, 1);
    const { name, ready } = this.cluster.addRouter();
    await ready;
    return name;
  }

  get allProxies(): readonly FaultyProxy[] {
    return [...this.kafka, ...[...this.fronts.values()].flatMap(({ dynamodb, redis, link }) => [dynamodb, redis, ...(link === undefined ? [] : [link])])];
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    for (const proxy of this.allProxies) proxy.close();
  }

  /** Proxies listen before the program that is told of them starts. */
  async #provide(nodes: number, routers: number): Promise<void> {
    const { seed } = this.options;
    for (let index = 0; index < nodes + routers; index++) {
      const chance = Chance.of(seed, `fronts ${this.fronts.size + this.#spare.length}`);
      const link: FaultyProxy | undefined = index < nodes ? new FaultyProxy({ upstream: () => (link === undefined ? undefined : this.#portOf.get(link)), chance }) : undefined;
      const fronts = {
        dynamodb: new FaultyProxy({ upstream: () => portIn(this.#servers?.dynamodb.address), chance }),
        redis: new FaultyProxy({ upstream: () => portIn(this.#servers?.redis.address), chance }),
        link,
      };
      if (link !== undefined) this.#portOf.set(link, this.nodePorts.pop() ?? 0);
      await Promise.all([fronts.dynamodb.listen(), fronts.redis.listen(), link?.listen()]);
      this.#spare.push(fronts);
    }
  }

  #envOf(name: string, app: 'quiz-node' | 'router'): NodeJS.ProcessEnv {
    const fits = this.#spare.findIndex(({ link }) => (link !== undefined) === (app === 'quiz-node'));
    const [fronts] = fits < 0 ? [] : this.#spare.splice(fits, 1);
    if (fronts === undefined) throw new Error(`no proxies are ready for ${name}`);
    this.fronts.set(name, fronts);
    const { dynamodb, redis, link } = fronts;
    return {
      DYNAMODB_ENDPOINT: `http://127.0.0.1:${dynamodb.port}`, REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      ...(link === undefined ? {} : { NODE_PORT: String(this.#portOf.get(link)), ADVERTISE: `127.0.0.1:${link.port}` }),
    };
  }
}

function portIn(address: string | undefined): number | undefined {
  const port = Number(/:(\d+)$/.exec(address ?? '')?.[1]);
  return port > 0 ? port : undefined;
}
