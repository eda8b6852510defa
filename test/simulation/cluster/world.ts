/** The whole cluster of one run. Owns its processes, what they share, and who is truly alive; faults act on it from outside. */
import { Chance } from '../world/chance.js';
import { Addresses } from '../world/addresses.js';
import { Moments } from '../world/moments.js';
import { SimJournal } from '../world/sim-journal.js';
import { SimLinks } from '../world/sim-links.js';
import { SimStore } from '../world/sim-store.js';
import type { Sometimes } from '../world/sometimes.js';
import { VirtualTime } from '../world/virtual-time.js';
import { calm } from '../world/weather.js';
import { NodeProcess } from './node-process.js';
import { Observed } from './observed.js';
import { RouterProcess } from './router-process.js';
import { SHARDS, type SimLimits } from './sim-limits.js';

export interface WorldConfig {
  readonly nodes: readonly string[];
  readonly routers: readonly string[];
  /** Whether logs may be trimmed as far as rule S5 allows. */
  readonly trims: boolean;
  readonly limits: SimLimits;
}

export type Trace = (who: string, what: string, about: Readonly<Record<string, unknown>>, at: number) => void;

export class World {
  readonly time = new VirtualTime();
  readonly weather = calm();
  readonly observed = new Observed();
  readonly moments = new Moments();
  readonly journal: SimJournal;
  readonly store: SimStore;
  readonly links: SimLinks;
  readonly addresses: Addresses;
  readonly nodes = new Map<string, NodeProcess>();
  readonly routers = new Map<string, RouterProcess>();
  #boots = 0;

  constructor(
    readonly config: WorldConfig,
    readonly chance: Chance,
    readonly sometimes: Sometimes,
    private readonly traced: Trace,
  ) {
    this.journal = new SimJournal(this.time, this.weather, sometimes, this.moments);
    this.store = new SimStore(this.time, this.weather, sometimes, this.moments);
    this.addresses = new Addresses(chance.fork('addresses'), config.nodes, (node) => this.nodes.get(node)?.process.alive ?? false);
    this.links = new SimLinks(chance.fork('links'), (address) => this.nodes.get(this.addresses.at(address) ?? ''));
  }

  trace(who: string, what: string, about: Readonly<Record<string, unknown>>): void {
    this.traced(who, what, about, this.time.now);
  }

  startAll(): void {
    for (const name of this.config.nodes) this.startNode(name, this.config.nodes);
    for (const name of this.config.routers) this.startRouter(name);
  }

  startNode(name: string, believes: readonly string[] = this.membersWith(name)): void {
    const boot = `b${++this.#boots}`;
    if (this.nodes.has(name)) this.addresses.startsAgain(name);
    const node = new NodeProcess(this, name, boot, this.chance.fork(`node ${name} ${boot}`), believes);
    this.nodes.set(name, node);
    this.observed.up(name, this.time.now);
    this.trace(name, 'starts', { boot, address: this.addresses.of(name) });
    node.start();
  }

  startRouter(name: string): void {
    const boot = `b${++this.#boots}`;
    const router = new RouterProcess(this, name, this.chance.fork(`router ${name} ${boot}`), this.members(), this.config.routers);
    this.routers.set(name, router);
    this.observed.up(name, this.time.now);
    this.trace(name, 'starts', { boot });
    router.start();
  }

  /** Nodes that are up and not about to leave, in truth. */
  members(): string[] {
    return [...this.nodes.values()].filter(({ process, draining }) => process.alive && !draining).map(({ name }) => name).sort();
  }

  /** Routers that are members, in truth: those that have died and come back are, those that have left in good order are not. */
  membersAmongRouters(): string[] {
    return this.config.routers.filter((name) => !(this.routers.get(name)?.left ?? false));
  }

  membersWith(name: string): string[] {
    return [...new Set([...this.members(), name])].sort();
  }

  /** Shards that nobody owns. */
  unowned(): number[] {
    const nodes = [...this.nodes.values()].filter(({ process }) => process.alive);
    return Array.from({ length: SHARDS }, (_, shard) => shard).filter((shard) => !nodes.some((node) => node.owns(shard) > 0));
  }

  processOf(name: string): NodeProcess | RouterProcess | undefined {
    return this.nodes.get(name) ?? this.routers.get(name);
  }

  /** Tells everybody who is alive the truth, each in its own time of up to `withinMs`. */
  publish(withinMs: number): void {
    for (const { process, membership } of [...this.nodes.values(), ...this.routers.values()]) {
      process.input(this.chance.between(0, withinMs), () => membership.believe(this.members(), this.membersAmongRouters()));
    }
  }

  /**
   * Session time of a shard at a world time, by the clock of the owner of `epoch` as it went in the end: routers raise it in its first moments. Undefined for
   * an owner that nobody heard of.
   */
  sessionTime(shard: number, epoch: number, at: number): number | undefined {
    const offsets = this.observed.ownerships.filter((note) => note.shard === shard && note.epoch === epoch).map(({ sessionOffset }) => sessionOffset);
    return offsets.length === 0 ? undefined : at + Math.max(...offsets);
  }
}
