/**
 * Random faults over several nodes, from a seed: what was acknowledged is in the log and in the state, no answer is from an old state
 * (I1, I3, I4), and when the faults end everything converges. The log is judged by a reducer of its own.
 */
import { describe, expect, test } from '@jest/globals';
import { shardOf } from '@ringmaster/actors';
import { Cluster, type Outcome } from '../fakes/cluster.js';
import type { Fate } from '../fakes/faulty-journal.js';
import { seededRandom } from '../fakes/sim-time.js';

const SHARDS = 3;
const NAMES = ['a', 'b', 'c'];
const IDS = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'e7'];
/** These are removed now and then, and begin again. */
const MORTAL = new Set(['e6', 'e7']);
const FATES: Fate[] = ['unheard', 'lost', 'doubled', 'late', 'held'];

interface Sent {
  readonly id: string;
  readonly by: number;
  readonly kind: 'add' | 'get';
  /** What was acknowledged, and what had been sent, of this entity when it was sent. */
  readonly ackedBefore: number;
  readonly asked: { outcome: Outcome };
}

/** Sums of accepted additions by entity, straight from the rule's text. */
function reduce(cluster: Cluster): Map<string, number[]> {
  const accepted = new Map<string, number[]>();
  for (let shard = 0; shard < SHARDS; shard++) {
    let [epoch, n] = [0, 0];
    for (const record of cluster.wholeLog(shard)) {
      if (record.kind === 'claim') {
        if (Number(record.epoch) > epoch) epoch = Number(record.epoch);
      } else if (record.epoch === epoch && record.n === n + 1) {
        n++;
        for (const event of (record.events ?? []) as { type: string; by: number }[]) {
          if (event.type === 'removed') accepted.delete(String(record.entityId));
          if (event.type === 'added') accepted.set(String(record.entityId), [...(accepted.get(String(record.entityId)) ?? []), event.by]);
        }
      }
    }
  }
  return accepted;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

class Chaos {
  readonly cluster = new Cluster({
    shards: SHARDS,
    mayTrim: () => true,
    limits: { idleMs: 2_000, replayFromEveryMs: 500, rebalanceAfterMs: 1_000, chunkBytesMax: 200, snapshotLogBytes: 4_000, digestsMax: 64, faultsMax: 1_000 },
  });
  readonly sent: Sent[] = [];
  private readonly random;
  private next = 1;
  private faulty = true;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  async run(steps: number): Promise<void> {
    for (const name of NAMES) await this.startNode(name);
    for (let step = 0; step < steps; step++) await this.step();
    await this.heal();
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random.fraction() * from.length)]!;
  }

  private chance(probability: number): boolean {
    return this.random.fraction() < probability;
  }

  private async startNode(name: string): Promise<void> {
    const starting = this.cluster.start(name);
    const node = this.cluster.nodes.get(name)!;
    node.journal.fate = () => (this.faulty && this.chance(0.25) ? this.pick(FATES) : undefined);
    const slow = async (): Promise<void> => {
      if (this.faulty && this.chance(0.3)) await new Promise<void>((resolve) => this.cluster.time.after(this.random.fraction() * 3_000, resolve));
    };
    node.snapshots.beforeWrite = () => slow();
    await starting;
  }

  private send(name: string, id: string): void {
    const node = this.cluster.nodes.get(name);
    if (!node) return;
    const kind = this.chance(0.3) ? 'get' : 'add';
    const by = this.next++;
    const acked = this.sent.filter((each) => each.id === id && each.kind === 'add' && typeof each.asked.outcome === 'object' && 'reply' in each.asked.outcome);
    const command = kind === 'get' ? ({ type: 'get' } as const) : ({ type: 'add', by } as const);
    this.sent.push({ id, by, kind, ackedBefore: sum(acked.map((each) => each.by)), asked: node.tell(id, command) });
    if (this.chance(0.1)) node.tell(id, { type: 'save' });
    if (this.chance(0.05)) node.tell(id, { type: 'throw', where: this.pick(['decide', 'evolve', 'outputs', 'reply']) });
    if (this.chance(0.05)) node.tell(id, { type: 'open', forMs: this.random.fraction() * 3_000, behindReceived: this.chance(0.5) });
    if (this.chance(0.1) && MORTAL.has(id)) node.tell(id, { type: 'remove' });
  }

  private async step(): Promise<void> {
    const name = this.pick(NAMES);
    const node = this.cluster.nodes.get(name);
    const roll = this.random.fraction();
    if (roll < 0.6) for (let i = 0; i < 3; i++) this.send(this.pick(NAMES), this.pick(IDS));
    else if (roll < 0.7 && node) {
      const list = this.chance(0.5) ? node.journal.held : node.journal.late;
      const [append] = list.splice(Math.floor(this.random.fraction() * list.length), 1);
      if (append && this.chance(0.5)) append.land();
      if (append) this.pick([append.answer, append.fail])();
    } else if (roll < 0.74) this.cluster.kill(name);
    else if (roll < 0.8 && !node) await this.startNode(name);
    else if (roll < 0.84) this.cluster.publish(NAMES.filter(() => this.chance(0.7)));
    else if (roll < 0.87 && node) node.snapshots.down = !node.snapshots.down;
    else if (roll < 0.9 && node) void node.region.move(Math.floor(this.random.fraction() * SHARDS), '');
    await this.cluster.time.advance(this.chance(0.2) ? this.random.fraction() * 4_000 : this.random.fraction() * 100);
  }

  private async heal(): Promise<void> {
    this.faulty = false;
    for (const name of NAMES) if (!this.cluster.nodes.has(name)) await this.startNode(name);
    this.cluster.publish(NAMES);
    for (const node of this.cluster.nodes.values()) {
      node.snapshots.down = false;
      for (const append of [...node.journal.held.splice(0), ...node.journal.late.splice(0)]) append.answer();
    }
    await this.cluster.time.advance(40_000);
  }
}

describe('random faults', () => {
  const seeds = Array.from({ length: Number(process.env['CHAOS_SEEDS'] ?? 15) }, (_, i) => i + Number(process.env['CHAOS_FROM'] ?? 1));
  let [acked, dropped, claims, trims, restores] = [0, 0, 0, 0, 0];

  test.each(seeds)('seed %i', async (seed) => {
    const chaos = new Chaos(seed);
    await chaos.run(300);
    const { cluster, sent } = chaos;
    const nodes = [...cluster.nodes.values()];
    expect(nodes.flatMap((node) => node.said.filter((text) => text.startsWith('halted')))).toEqual([]);
    expect(nodes.flatMap((node) => node.faults).filter(({ message }) => !message.includes('choked'))).toEqual([]);
    const accepted = reduce(cluster);
    for (const { id, by, kind, ackedBefore, asked } of sent) {
      if (typeof asked.outcome !== 'object' || !('reply' in asked.outcome)) {
        dropped++;
        continue;
      }
      acked++;
      if (MORTAL.has(id)) continue;
      if (kind === 'add') expect(accepted.get(id)?.filter((value) => value === by)).toEqual([by]);
      expect(asked.outcome.reply.total).toBeGreaterThanOrEqual(ackedBefore);
    }
    const owners = Array.from({ length: SHARDS }, (_, shard) => nodes.filter((node) => node.region.ownership(shard).kind === 'active'));
    expect(owners.map(({ length }) => length)).toEqual(Array.from({ length: SHARDS }, () => 1));
    for (const id of IDS) {
      const answer = await owners[shardOf(id, SHARDS)]![0]!.ask(id, { type: 'get' });
      expect([id, answer]).toMatchObject([id, { reply: { total: sum(accepted.get(id) ?? []) } }]);
    }
    claims += sum(Array.from({ length: SHARDS }, (_, shard) => cluster.wholeLog(shard).filter(({ kind }) => kind === 'claim').length));
    trims += cluster.trimmed.size;
    restores += sum(nodes.map((node) => node.counter.restores));
  });

  test('the faults were real ones', () => {
    expect(acked).toBeGreaterThan(50 * seeds.length);
    for (const seen of [dropped, claims, trims, restores]) expect(seen).toBeGreaterThan(seeds.length);
  });
});
