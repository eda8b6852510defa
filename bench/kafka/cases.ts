/** The Kafka journal beside the clients' own producers: P10. */
import type { Case, Side } from '../harness/types.js';

const prepare: NonNullable<Case['prepare']> = async () => (await import('./broker.js')).prepareBroker();
const BARE = 'bare kafkajs';

const sides = (load: Side['load']): readonly Side[] => [
  { name: 'ringmaster', role: 'ours', what: 'the Kafka journal over kafkajs: a checksum per record, an offset per shard', core: 0, load },
  { name: 'ringmaster, @platformatic/kafka', role: 'peer', what: 'the same journal over the other client', core: 0, load },
  { name: BARE, role: 'peer', what: 'producer.sendBatch of the same records, acks=-1, not idempotent', core: 0, load },
  { name: 'bare @platformatic/kafka', role: 'peer', what: 'producer.send of the same records, acks=-1, not idempotent', core: 0, load },
];

export const kafkaCases: readonly Case[] = [
  {
    name: 'kafka/throughput',
    title: 'records to 64 partitions of one broker, 10 to each, acknowledged before the next round',
    metrics: [
      { key: 'perSecond', label: 'records per second', unit: '/s', better: 'more' },
      { key: 'cpuUs', label: 'CPU per record', unit: 'µs', better: 'less' },
      { key: 'p50Ms', label: 'a round, half of them', unit: 'ms', better: 'less' },
      { key: 'p99Ms', label: 'a round, 99 %', unit: 'ms', better: 'less' },
    ],
    sides: sides(() => import('./throughput.js')),
    goals: [{ id: 'P10', metric: 'perSecond', against: BARE, timesMin: 0.8 }],
    prepare,
    params: {
      quick: { shards: 64, perShard: 10, rounds: 200, warmUp: 200 },
      default: { shards: 64, perShard: 10, rounds: 500, warmUp: 300 },
      full: { shards: 64, perShard: 10, rounds: 2_000, warmUp: 500 },
    },
  },
  {
    name: 'kafka/acks',
    title: 'acknowledgement of 10,000 answers per second to 256 partitions of one broker',
    metrics: [
      { key: 'p99Ms', label: 'acknowledged, 99 %', unit: 'ms', better: 'less' },
      { key: 'p50Ms', label: 'acknowledged, half of them', unit: 'ms', better: 'less' },
      { key: 'cpuUs', label: 'CPU per answer', unit: 'µs', better: 'less' },
    ],
    sides: sides(() => import('./acknowledgements.js')),
    goals: [{ id: 'P10', metric: 'p99Ms', bound: 25 }],
    prepare,
    params: {
      quick: { shards: 256, perSecond: 10_000, seconds: 2, warmUpSeconds: 2 },
      default: { shards: 256, perSecond: 10_000, seconds: 5, warmUpSeconds: 3 },
      full: { shards: 256, perSecond: 10_000, seconds: 20, warmUpSeconds: 5 },
    },
  },
];
