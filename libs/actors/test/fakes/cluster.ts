/** Several nodes over one journal and one store, in one thread and one virtual time. */
import {
  createRegion,
  shardOf,
  type Envelope,
  type Lane,
  type Limits,
  type Member,
  type Membership,
  type MembershipView,
  type Region,
  type RegionObserver,
} from '@ringmaster/actors';
import type { MemoryLogs } from '../fakes-memory/memory-journal.js';
import type { MemorySnapshots } from '../fakes-memory/memory-snapshot-store.js';
import { Counter, type CounterCommand, type CounterReply } from './counter.js';
import { FaultyJournal } from './faulty-journal.js';
import { FaultySnapshots } from './faulty-snapshots.js';
import { seededRandom, SimTime } from './sim-time.js';

export type Outcome = { reply: CounterReply } | { dropped: string; hint: string } | 'pending';

export interface ClusterOptions {
  readonly shards?: number;
  readonly limits?: Partial<Limits>;
  readonly routers?: readonly string[];
  readonly mayTrim?: (shard: number, below: number) => boolean;
}

export class Cluster {
  readonly time = new SimTime();
  readonly logs: MemoryLogs = new Map();
  readonly rows: MemorySnapshots = new Map();
  readonly trimmed = new Map<number, Uint8Array[]>();
  readonly nodes = new Map<string, TestNode>();
  readonly shards: number;
  view: MembershipView = { version: 0, nodes: [], routers: [] };
  private readonly listeners = new Set<(view: MembershipView) => void>();
  private boots = 0;

  constructor(readonly options: ClusterOptions = {}) {
    this.shards = options.shards ?? 1;
  }

  /** Starts a node under `name`, whose ring contains all nodes of the view and itself. */
  async start(name: string): Promise<TestNode> {
    const node = new TestNode(this, name, `boot${++this.boots}`);
    this.nodes.set(name, node);
    this.publish([...new Set([...this.view.nodes.map((each) => each.name), name])]);
    node.region.start();
    await this.time.settle();
    return node;
  }

  /** What every node believes from now on. */
  publish(names: readonly string[]): void {
    const nodes = [...names].sort().map((name): Member => ({ name, boot: this.nodes.get(name)?.boot ?? 'gone', address: `${name}:1` }));
    this.view = { version: this.view.version + 1, nodes, routers: this.options.routers ?? [] };
    for (const listener of this.listeners) listener(this.view);
  }

  /** Ends a node without a word, as a kill -9 does. */
  kill(name: string): void {
    this.nodes.get(name)?.die();
    this.nodes.delete(name);
  }

  membership(): Membership {
    return {
      view: () => this.view,
      onChange: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
    };
  }

  /** The log of a shard as parsed records. */
  log(shard = 0): Record<string, unknown>[] {
    return (this.logs.get(shard)?.records ?? []).map((bytes) => JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>);
  }

  /** As `log`, with what was trimmed. */
  wholeLog(shard = 0): Record<string, unknown>[] {
    const trimmed = (this.trimmed.get(shard) ?? []).map((bytes) => JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>);
    return [...trimmed, ...this.log(shard)];
  }

  /** The `n`-th id that falls into `shard`. */
  idIn(shard: number, n = 0): string {
    for (let i = 0; ; i++) if (shardOf(`e${i}`, this.shards) === shard && n-- === 0) return `e${i}`;
  }
}

export class TestNode {
  readonly journal: FaultyJournal;
  readonly snapshots: FaultySnapshots;
  readonly counter = new Counter();
  readonly region: Region<CounterCommand, CounterReply>;
  /** All that this node let out, in order. */
  readonly said: string[] = [];
  readonly faults: { entityId: string; quarantined: boolean; message: string }[] = [];
  /** What it took to get each shard, ms, and how long the process stood still, ms. */
  readonly recoveries: { shard: number; ms: number }[] = [];
  readonly hangs: number[] = [];
  /** Whom this node has probed. */
  readonly probes: string[] = [];
  private dead = false;

  constructor(
    private readonly cluster: Cluster,
    readonly name: string,
    readonly boot: string,
  ) {
    this.journal = new FaultyJournal(cluster.logs, cluster.trimmed);
    this.snapshots = new FaultySnapshots(cluster.rows);
    this.region = createRegion({
      nodeName: name,
      boot,
      shards: cluster.shards,
      journal: this.journal,
      snapshots: this.snapshots,
      membership: cluster.membership(),
      peers: {
        probe: (node, shard, epoch) => this.probe(node, shard, epoch),
        take: async (node, shard) => {
          const other = cluster.nodes.get(node);
          if (!other) throw new Error(`${node} is not there`);
          await other.region.take(shard);
        },
        shards: async (node) => cluster.nodes.get(node)?.region.reports() ?? [],
      },
      clock: cluster.time,
      timers: { after: (ms, fn) => cluster.time.after(ms, () => this.alive(fn)), soon: (fn) => cluster.time.soon(() => this.alive(fn)) },
      random: seededRandom(Number(boot.slice(4))),
      behavior: this.counter,
      observer: this.observer(),
      ...(cluster.options.limits ? { limits: cluster.options.limits } : {}),
      ...(cluster.options.mayTrim ? { mayTrim: cluster.options.mayTrim } : {}),
    });
  }

  /** Tells and lets everything happen that needs no time. */
  async ask(entityId: string, command: CounterCommand, lane: Lane = 'ordered'): Promise<Outcome> {
    const asked = this.tell(entityId, command, lane);
    await this.cluster.time.settle();
    return asked.outcome;
  }

  tell(entityId: string, command: CounterCommand, lane: Lane = 'ordered'): { outcome: Outcome } {
    const asked: { outcome: Outcome } = { outcome: 'pending' };
    const once = (outcome: Outcome): void => {
      if (this.dead) return;
      if (asked.outcome !== 'pending') throw new Error(`answered twice: ${JSON.stringify(asked.outcome)}, ${JSON.stringify(outcome)}`);
      asked.outcome = outcome;
    };
    const envelope: Envelope<CounterCommand, CounterReply> = {
      entityId,
      lane,
      command,
      replied: (reply) => {
        once({ reply });
        this.said.push(`reply ${entityId} ${reply.total}`);
      },
      dropped: (dropped, hint) => once({ dropped, hint }),
    };
    this.region.tell(envelope);
    return asked;
  }

  die(): void {
    this.dead = true;
    this.journal.down = true;
    this.snapshots.down = true;
  }

  private alive(fn: () => void): void {
    if (!this.dead) fn();
  }

  private async probe(node: string, shard: number, epoch: number) {
    this.probes.push(node);
    const other = this.cluster.nodes.get(node);
    if (!other || other.dead) throw new Error(`${node} does not answer`);
    return other.region.probeAnswer(shard, epoch);
  }

  private observer(): RegionObserver<string> {
    const say = (text: string): void => {
      if (!this.dead) this.said.push(text);
    };
    return {
      released: (entityId, outputs) => say(`out ${entityId} ${outputs.join(', ')}`),
      owned: (shard, epoch) => say(`owned ${shard}@${epoch}`),
      lost: (shard, hint) => say(`lost ${shard} ${hint}`.trim()),
      moving: (shard) => say(`moving ${shard}`),
      stalled: (shard, stalled) => say(`stalled ${shard} ${stalled}`),
      recovered: (shard, ms) => this.recoveries.push({ shard, ms }),
      hung: (ms) => this.hangs.push(ms),
      halted: (shard, code) => say(`halted ${shard} ${code}`),
      faulted: (_shard, entityId, error, quarantined) => this.faults.push({ entityId, quarantined, message: String(error) }),
    };
  }
}
