/** One router, scripted nodes, scripted clients, one virtual time. */
import type { BindRecord, NodeRecord } from '@ringmaster/protocol';
import type { Member, MembershipView } from '@ringmaster/actors';
import type { ClientHandlers, ClientSocket, OutFrame } from '../../src/core/client-socket.js';
import { defaultRouterLimits, type RouterLimits } from '../../src/core/router-limits.js';
import { Router } from '../../src/core/router.js';
import type { OwnMembership } from '../../src/core/known-nodes.js';
import { addressOf, bytesOf, ScriptedCluster, ScriptedNode } from './scripted-node.js';
import { CountingRandom, VirtualTime } from './virtual-time.js';

export class ScriptedClient implements ClientSocket {
  /** What it got, as text; `ping` for a ping, `closed <code>` at the end. */
  got: string[] = [];
  /** Number of writes: frames that came together count once. */
  writes = 0;
  buffered = 0;
  handlers: ClientHandlers | null = null;
  conn = 0;

  send(frames: readonly OutFrame[]): void {
    this.writes++;
    for (const { bytes } of frames) this.got.push(new TextDecoder().decode(bytes));
  }

  ping(): void {
    this.got.push('ping');
  }

  bufferedBytes(): number {
    return this.buffered;
  }

  close(code: number): void {
    this.got.push(`closed ${code}`);
  }

  terminate(): void {
    this.got.push('terminated');
  }

  says(text: string, isBinary = false): void {
    this.handlers?.onMessage(bytesOf(text), isBinary);
  }

  leaves(code = 1001): void {
    this.handlers?.onClose(code);
  }

  /** What it got since the last call. */
  took(): string[] {
    const { got } = this;
    this.got = [];
    return got;
  }
}

export class ListedMembers implements OwnMembership {
  #view: MembershipView;
  readonly #listeners = new Set<(view: MembershipView) => void>();

  constructor(names: readonly string[]) {
    this.#view = viewOf(1, names);
  }

  view(): MembershipView {
    return this.#view;
  }

  set(names: readonly string[]): void {
    this.#view = viewOf(this.#view.version + 1, names);
    for (const listener of this.#listeners) listener(this.#view);
  }

  addressOf(node: string): string | undefined {
    return this.#view.nodes.find(({ name }) => name === node)?.address;
  }

  onChange(listener: (view: MembershipView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const viewOf = (version: number, names: readonly string[]): MembershipView => ({
  version,
  nodes: [...names].sort().map((name): Member => ({ name, boot: '', address: addressOf(name) })),
  routers: ['r1'],
});

/** Session `SESSIONn…` lies in shard n; the ring is the list of nodes, shard n at place n. */
const placement = {
  shardOf: (sessionId: string, shards: number): number => Number(sessionId.slice(-1)) % shards,
  placeShards: (nodes: readonly string[], shards: number): readonly string[] => Array.from({ length: shards }, (_, shard) => nodes[shard % nodes.length] ?? ''),
};

export interface World {
  readonly time: VirtualTime;
  readonly router: Router;
  readonly members: ListedMembers;
  readonly cluster: ScriptedCluster;
  readonly notes: string[];
  node(name: string): ScriptedNode;
  /** A client of session `QUIZ000<shard>`, before its hello. */
  connects(shard?: number, remote?: string): ScriptedClient;
  /** A client that has its welcome from `node` at position 0, 0; what was said on the way is forgotten. */
  joins(node: ScriptedNode, shard?: number, about?: Partial<BindRecord>): ScriptedClient;
}

export interface WorldOptions {
  readonly limits?: Partial<RouterLimits>;
  readonly shards?: number | null;
  /** Members without a node behind them. */
  readonly before?: (nodes: ReadonlyMap<string, ScriptedNode>) => void;
}

export function world(names: readonly string[] = ['a'], { limits = {}, shards = 4, before }: WorldOptions = {}): World {
  const time = new VirtualTime();
  const cluster = new ScriptedCluster(['a', 'b', 'c'].map((name) => new ScriptedNode(name, time)), time);
  before?.(cluster.nodes);
  const members = new ListedMembers(names);
  const notes: string[] = [];
  const router = new Router({
    name: 'r1',
    shards,
    limits: { ...defaultRouterLimits, ...limits },
    clock: time,
    timers: time,
    random: new CountingRandom(),
    dialer: cluster,
    membership: members,
    placement,
    note: (event) => notes.push(event),
  });
  router.start();
  time.settle();
  let conn = 0;
  const node = (name: string): ScriptedNode => {
    const found = cluster.nodes.get(name);
    if (found === undefined) throw new Error(`no node ${name}`);
    return found;
  };
  const connects = (shard = 0, remote = '127.0.0.1'): ScriptedClient => {
    const client = new ScriptedClient();
    client.conn = ++conn;
    client.handlers = router.accept(`QUIZ000${shard}`, client, remote);
    time.settle();
    return client;
  };
  return {
    time,
    router,
    members,
    cluster,
    notes,
    node,
    connects,
    joins: (at, shard = 0, about = {}) => {
      const client = connects(shard);
      client.says('hello');
      time.settle();
      at.says(bind(client.conn, 1, about));
      client.took();
      client.writes = 0;
      at.heard = [];
      return client;
    },
  };
}

export function bind(conn: number, done: number, about: Partial<BindRecord> = {}): BindRecord {
  return {
    r: 'bind',
    conn,
    done,
    s: 0,
    p: 0,
    role: 'player',
    genEpoch: 1,
    genCount: 1,
    perSecond: 5,
    burst: 10,
    bind: bytesOf(`who${conn}`),
    frames: [bytesOf('welcome'), bytesOf('snapshot')],
    ...about,
  };
}

export const data = (conn: number, text: string, about: { done?: number; s?: number; p?: number; reset?: boolean } = {}): NodeRecord => ({
  r: 'data',
  conn,
  reset: false,
  ...about,
  bytes: bytesOf(text),
});

export const broadcast = (text: string, s?: number, { shard = 0, audience = 15 } = {}): NodeRecord => ({
  r: 'broadcast',
  sessionId: `QUIZ000${shard}`,
  audience,
  ...(s === undefined ? {} : { s }),
  bytes: bytesOf(text),
});
