/** What players notice when the owner of their session dies, or when their shard moves: real programs on real Kafka, DynamoDB Local and Redis. */
import type { Case } from '../harness/types.js';

const MINUTE_MS = 60_000;
const cluster = { nodes: 3, routers: 2, shards: 64 };

export const clusterCases: readonly Case[] = [
  {
    name: 'cluster/failover',
    title: 'kill -9 of the owner while a question is open, until the next answer is accepted (30 times, 6 with --quick)',
    metrics: [
      { key: 'p50Ms', label: 'next accepted answer, half of the kills', unit: 'ms', better: 'less' },
      { key: 'p99Ms', label: 'next accepted answer, 99 %', unit: 'ms', better: 'less' },
      { key: 'maxMs', label: 'next accepted answer, worst', unit: 'ms', better: 'less' },
      { key: 'slowestMs', label: 'slowest acknowledgement of any answer', unit: 'ms', better: 'less' },
      { key: 'extendedMs', label: 'question extended by, half of the kills', unit: 'ms', better: 'less' },
      { key: 'lostMs', label: 'time that players lost, worst (below 0: all was given back)', unit: 'ms', better: 'less' },
    ],
    sides: [{ name: 'ringmaster', role: 'ours', what: '3 quiz-nodes, 2 routers, one broker', core: 1, load: () => import('./failover.js') }],
    goals: [
      { id: 'I10', metric: 'maxMs', bound: 3_000 },
      // As exact as the clock of a client is.
      { id: 'I5', metric: 'lostMs', bound: 20 },
    ],
    params: {
      quick: { kills: 6, players: 120, everyMs: 20, ...cluster },
      default: { kills: 30, players: 120, everyMs: 20, ...cluster },
      full: { kills: 100, players: 120, everyMs: 20, ...cluster },
    },
    repsMax: 1,
    runMsMax: 45 * MINUTE_MS,
  },
  {
    name: 'cluster/moves',
    title: 'a shard is handed over by the admin API while 100 answers come per second (200 times, 20 with --quick)',
    metrics: [
      { key: 'p50Ms', label: 'pause, half of the moves', unit: 'ms', better: 'less' },
      { key: 'p99Ms', label: 'pause, 99 %', unit: 'ms', better: 'less' },
      { key: 'maxMs', label: 'pause, worst', unit: 'ms', better: 'less' },
      { key: 'usualP50Ms', label: 'longest wait in the second before a move, half of them', unit: 'ms', better: 'less' },
      { key: 'usualP99Ms', label: 'longest wait in the second before a move, 99 %', unit: 'ms', better: 'less' },
      { key: 'tookMs', label: 'the whole move with its wait for a quiet phase, half of them', unit: 'ms', better: 'less' },
      { key: 'strayed', label: 'moves after which another node had the shard', unit: '', better: 'less' },
    ],
    sides: [{ name: 'ringmaster', role: 'ours', what: '3 quiz-nodes, 2 routers, one broker; four sessions whose shards move at the same time', core: 1, load: () => import('./moves.js') }],
    goals: [],
    params: {
      quick: { moves: 20, sessions: 4, players: 200, everyMs: 10, ...cluster },
      default: { moves: 200, sessions: 4, players: 200, everyMs: 10, ...cluster },
      full: { moves: 1_000, sessions: 4, players: 200, everyMs: 10, ...cluster },
    },
    repsMax: 1,
    runMsMax: 45 * MINUTE_MS,
  },
];
