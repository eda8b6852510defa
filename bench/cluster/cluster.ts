/** The cluster of a run: the programs as they are built, on Kafka, DynamoDB Local and Redis. Not pinned: there is one of everything, and two cores. */
import { ClusterProgram } from '../../apps/demo/src/cluster-program.js';
import { pause } from '../wire/until.js';

const LOOK_MS = 100;
const PATIENCE_MS = 60_000;
const RETRY_MS = 100;

interface Nodes {
  readonly nodes: readonly { readonly name: string; readonly reachable: boolean; readonly owned: number; readonly byRing: number }[];
}

export class BenchCluster {
  private constructor(
    private readonly program: ClusterProgram,
    readonly nodes: number,
  ) {}

  static async start(size: { readonly nodes: number; readonly routers: number; readonly shards: number }): Promise<BenchCluster> {
    const wrapper = process.env['BENCH_PINS'] === '0' ? [] : ['taskset', '-c', '0,1'];
    const cluster = new BenchCluster(await ClusterProgram.start({ ...size, wrapper, line: () => undefined }), size.nodes);
    await cluster.settled();
    return cluster;
  }

  /** Of the routers. */
  get ports(): readonly number[] {
    return this.program.urls.map((url) => Number(new URL(url).port));
  }

  /** kill -9, without a detour. @returns when, ms of performance.now */
  async kill(name: string): Promise<number> {
    const pid = new RegExp(`^${name} +pid (\\d+)`, 'm').exec(await this.program.order('status'))?.[1];
    if (pid === undefined) throw new Error(`${name} does not run`);
    const at = performance.now();
    process.kill(Number(pid), 'SIGKILL');
    return at;
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return JSON.parse(await this.text(method, path, body)) as T;
  }

  /** Asks again while it is answered 503. @throws with what was answered otherwise */
  async text(method: string, path: string, body?: unknown): Promise<string> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const headers = { authorization: `Bearer ${this.program.key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      const response = await fetch(`${this.program.urls[0]}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      const text = await response.text();
      if (response.ok) return text;
      if (response.status !== 503 || performance.now() > until) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
      await pause(RETRY_MS);
    }
  }

  async actor(sessionId: string): Promise<{ readonly node: string; readonly shard: number; readonly epoch: number }> {
    return this.ask('GET', `/v1/admin/sessions/${sessionId}/actor`);
  }

  /** Resolves when every node is there and owns what the ring gives it. @throws when that takes too long */
  async settled(): Promise<void> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const { nodes } = await this.ask<Nodes>('GET', '/v1/admin/nodes');
      if (nodes.length === this.nodes && nodes.every(({ reachable, owned, byRing }) => reachable && owned === byRing)) return;
      if (performance.now() > until) throw new Error(`the nodes are not settled after ${PATIENCE_MS} ms: ${JSON.stringify(nodes)}`);
      await pause(LOOK_MS);
    }
  }

  stop(): Promise<void> {
    return this.program.close();
  }
}
