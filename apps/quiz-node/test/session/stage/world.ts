/** Nodes over one journal and store, in one thread and one virtual time: the production code of session layer, domain and runtime. */
import { MemoryJournal, type MemoryLogs } from '../../../../../libs/actors/test/fakes-memory/memory-journal.js';
import { MemoryRecords, type MemoryRows } from '../../../../../libs/actors/test/fakes-memory/memory-records.js';
import { MemorySnapshotStore, type MemorySnapshots } from '../../../../../libs/actors/test/fakes-memory/memory-snapshot-store.js';
import { seededRandom, SimTime } from '../../../../../libs/actors/test/fakes/sim-time.js';
import { defaultLimits } from '@ringmaster/protocol';
import type { Journal, Timers } from '@ringmaster/actors';
import { noPeers } from '@ringmaster/actors/adapters/static/membership';
import { buildNode, type QuizNode } from '../../../src/node.js';
import type { Command } from '../../../src/quiz/commands.js';
import type { SessionSettings } from '../../../src/quiz/definition.js';
import type { Reply } from '../../../src/quiz/replies.js';
import { createCommand, type CreateOptions } from './quiz.js';
import { StageRouter } from './router.js';

export const SESSION = '7K3M9QRT';

export class World {
  readonly time = new SimTime();
  readonly logs: MemoryLogs = new Map();
  readonly snapshots: MemorySnapshots = new Map();
  readonly rows: MemoryRows = new Map();
  readonly notes: string[] = [];
  node: QuizNode;
  readonly router: StageRouter;
  #alive: { on: boolean };
  #boots = 0;

  private constructor(private readonly journal: (inner: Journal) => Journal) {
    const started = this.#start();
    this.node = started.node;
    this.#alive = started.alive;
    this.router = new StageRouter(this.time, SESSION);
  }

  /** One node with one shard, and one router linked to it. `journal` may wrap what the node writes to. */
  static async open(journal: (inner: Journal) => Journal = (inner) => inner): Promise<World> {
    const world = new World(journal);
    await world.#serve();
    return world;
  }

  /** Creates the session. */
  async create(options: CreateOptions = {}, settings: Partial<SessionSettings> = {}): Promise<void> {
    const reply = await this.ask(createCommand(options, settings, this.now()));
    if (!reply.ok) throw new Error(`not created: ${reply.code}`);
  }

  async ask(command: Command): Promise<Reply> {
    const asked = this.node.edge.desk.ask(SESSION, command, 'host');
    await this.time.settle();
    return asked;
  }

  /** Session time, ms. */
  now(): number {
    return this.node.edge.desk.now(SESSION);
  }

  /** Ends the node without a word, as kill -9 does. The router keeps its clients. */
  killNode(): void {
    this.#alive.on = false;
    this.router.linkBroke();
  }

  /** Another node on the same data; the one before is killed. */
  async replaceNode(): Promise<void> {
    this.killNode();
    const { node, alive } = this.#start();
    this.node = node;
    this.#alive = alive;
    await this.#serve();
  }

  async #serve(): Promise<void> {
    this.node.region.start();
    await this.time.settle();
    this.router.link(this.node.edge);
    await this.time.settle();
  }

  #start(): { node: QuizNode; alive: { on: boolean } } {
    const alive = { on: true };
    const boot = `boot${++this.#boots}`;
    const whileAlive = (fn: () => void) => () => {
      if (alive.on) fn();
    };
    const timers: Timers = { after: (ms, fn) => this.time.after(ms, whileAlive(fn)), soon: (fn) => this.time.soon(whileAlive(fn)) };
    const ports = {
      journal: this.journal(new MemoryJournal(this.logs)),
      snapshots: new MemorySnapshotStore(this.snapshots),
      records: new MemoryRecords(() => this.time.wall(), this.rows),
      membership: { view: () => ({ version: 1, nodes: [{ name: 'node-0', boot, address: '127.0.0.1:1' }], routers: ['router-0'] }), onChange: () => () => undefined },
      peers: noPeers,
      isFull: () => false,
      close: () => Promise.resolve(),
    };
    const node = buildNode({ nodeName: 'node-0', shards: 1, limits: defaultLimits }, ports, {
      boot,
      timers,
      clock: this.time,
      random: seededRandom(this.#boots),
      note: (event, about) => this.notes.push(`${event} ${JSON.stringify(about)}`),
      mayTrim: () => false,
    });
    return { node, alive };
  }
}
