/** P10: answers arrive at a steady rate; how long until each is acknowledged, counted from the moment when it was due. */
import type { Params, SideResult } from '../harness/types.js';
import { Stopwatch } from '../scoring/stopwatch.js';
import { openBench, record, type Writer } from './writers.js';

const TICK_MS = 2;

export async function run({ shards = 0, perSecond = 0, seconds = 0, warmUpSeconds = 0 }: Params, side: string): Promise<SideResult> {
  const bench = await openBench(side, shards);
  // A broker syncs a file at a partition's first record.
  for (let shard = 0; shard < shards; shard += 1) await bench.writer.write([{ shard, records: [record(0)] }]);
  const total = perSecond * (seconds + warmUpSeconds);
  const warm = perSecond * warmUpSeconds;
  const took: number[] = [];
  const gather = new Gather(bench.writer, shards, (n, due) => {
    if (n >= warm) took.push(performance.now() - due);
  });
  const watch = new Stopwatch();
  const began = performance.now();
  for (let n = 0; n < total; ) {
    const due = began + (n / perSecond) * 1000;
    if (performance.now() < due) {
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      continue;
    }
    if (n === warm) watch.start();
    gather.offer(n, due);
    n += 1;
  }
  await gather.idle();
  watch.stop();
  const verified = await bench.verify(total + shards);
  await bench.close();
  took.sort((a, b) => a - b);
  const at = (part: number): number => took[Math.floor(took.length * part)]!;
  return { values: { p99Ms: at(0.99), p50Ms: at(0.5), cpuUs: watch.cpuUs / (total - warm) }, verified };
}

/** One write in flight, the rest gathers: per shard for the journal, which joins shards itself, and for all together for a producer. */
class Gather {
  readonly #waiting = new Map<number, { n: number; due: number }[]>();
  readonly #flying = new Set<number>();
  #idle = (): void => undefined;

  constructor(
    private readonly writer: Writer,
    private readonly shards: number,
    private readonly acknowledged: (n: number, due: number) => void,
  ) {}

  offer(n: number, due: number): void {
    const lane = this.writer.joins ? n % this.shards : 0;
    const queue = this.#waiting.get(lane);
    if (queue) queue.push({ n, due });
    else this.#waiting.set(lane, [{ n, due }]);
    void this.#send(lane);
  }

  async idle(): Promise<void> {
    if (this.#flying.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  async #send(lane: number): Promise<void> {
    const taken = this.#flying.has(lane) ? undefined : this.#waiting.get(lane);
    if (taken === undefined) return;
    this.#flying.add(lane);
    await Promise.resolve(); // what else arrives in this moment goes along
    this.#waiting.delete(lane);
    const byShard = new Map<number, Buffer[]>();
    for (const { n } of taken) {
      const shard = n % this.shards;
      byShard.set(shard, [...(byShard.get(shard) ?? []), record(n)]);
    }
    await this.writer.write([...byShard].map(([shard, records]) => ({ shard, records })));
    for (const { n, due } of taken) this.acknowledged(n, due);
    this.#flying.delete(lane);
    await this.#send(lane);
    if (this.#flying.size === 0) this.#idle();
  }
}
