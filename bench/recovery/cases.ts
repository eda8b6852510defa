/** Recovery from the embedded journal, and from Kafka: P13. */
import type { Case, Params, Size } from '../harness/types.js';

const prepare: Case['prepare'] = async (params) => (await import('./journal.js')).writeJournal(params);
const kafkaOurs = (): Promise<typeof import('./kafka-ours.js')> => import('./kafka-ours.js');
const params: Readonly<Record<Size, Params>> = {
  quick: { sessions: 300, players: 150 },
  default: { sessions: 300, players: 500 },
  full: { sessions: 1_000, players: 500 },
};

export const recoveryCases: readonly Case[] = [
  {
    name: 'recovery/replay',
    title: 'a journal of 300,000 events (90,000 with --quick) becomes 300 sessions again',
    metrics: [
      { key: 'cpuUs', label: 'CPU per event', unit: 'µs', better: 'less' },
      { key: 'perSecond', label: 'events per second', unit: '/s', better: 'more' },
    ],
    sides: [
      { name: 'ringmaster', role: 'ours', what: 'open the folder, claim 256 shards, read, check, judge and evolve every event', core: 0, load: () => import('./replay-ours.js') },
      { name: 'raw read', role: 'limit', what: 'lmdb range read and JSON.parse of the same file, nothing else', core: 0, load: () => import('./replay-raw.js') },
    ],
    goals: [{ id: 'P13', metric: 'cpuUs', bound: 3.33 }],
    prepare,
    params,
    repsMax: 3,
  },
  {
    name: 'recovery/kafka',
    title: 'the same journal in 256 partitions of one broker',
    metrics: [
      { key: 'perSecond', label: 'events per second', unit: '/s', better: 'more' },
      { key: 'cpuUs', label: 'CPU per event', unit: 'µs', better: 'less' },
    ],
    sides: [
      { name: 'ringmaster', role: 'ours', what: 'over kafkajs: look for the brokers, claim 256 shards in the topic, read, check, judge and evolve every event', core: 0, load: kafkaOurs },
      { name: 'ringmaster, @platformatic/kafka', role: 'peer', what: 'the same over the other client', core: 0, load: kafkaOurs },
      { name: 'kafkajs consumer', role: 'limit', what: 'eachBatch of the same topic and JSON.parse, nothing else, from its first batch on', core: 0, load: () => import('./kafka-consumer.js') },
    ],
    goals: [{ id: 'P13', metric: 'perSecond', bound: 100_000 }],
    prepare: async (sizes) => (await import('./kafka-journal.js')).writeKafkaJournal(sizes),
    params,
    repsMax: 3,
  },
  {
    name: 'recovery/first',
    title: 'from the start of a node with that journal to its first acknowledgement',
    metrics: [
      { key: 'firstMs', label: 'first acknowledgement', unit: 'ms', better: 'less' },
      { key: 'servedMs', label: 'all shards served', unit: 'ms', better: 'less' },
    ],
    sides: [{ name: 'ringmaster', role: 'ours', what: 'the quiz-node program behind a running router; its start, about half a second, is in it', core: 1, load: () => import('./first-answer.js') }],
    goals: [],
    prepare,
    params,
    repsMax: 3,
  },
];
