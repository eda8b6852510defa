/** P10: rounds of the same records to many partitions; the next round begins when the last one is acknowledged. */
import type { Params, SideResult } from '../harness/types.js';
import { Stopwatch } from '../scoring/stopwatch.js';
import { openBench, record, type ShardRecords } from './writers.js';

export async function run({ shards = 0, perShard = 0, rounds = 0, warmUp = 0 }: Params, side: string): Promise<SideResult> {
  const bench = await openBench(side, shards);
  const batches: ShardRecords[] = Array.from({ length: shards }, (_, shard) => ({ shard, records: Array.from({ length: perShard }, (_unused, i) => record(i)) }));
  for (let round = 0; round < warmUp; round += 1) await bench.writer.write(batches);
  const watch = new Stopwatch();
  const took: number[] = [];
  watch.start();
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await bench.writer.write(batches);
    took.push(performance.now() - began);
  }
  watch.stop();
  const verified = await bench.verify((rounds + warmUp) * shards * perShard);
  await bench.close();
  const records = rounds * shards * perShard;
  took.sort((a, b) => a - b);
  return { values: { perSecond: (records / watch.wallMs) * 1000, cpuUs: watch.cpuUs / records, p50Ms: took[Math.floor(took.length * 0.5)]!, p99Ms: took[Math.floor(took.length * 0.99)]! }, verified };
}
