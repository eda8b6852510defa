/** Scoring and ranking in process: P1 and P2. */
import type { Case, Side } from '../harness/types.js';

const redis = (load: Side['load']): Side => ({ name: 'redis', role: 'peer', what: 'ioredis pipelines, Redis in memory (not durable); CPU of both processes', needs: ['redis'], core: 0, load });

export const scoringCases: readonly Case[] = [
  {
    name: 'scoring/answer',
    title: 'score and rank an answer, JSON in and rank out, 10,000 players',
    metrics: [
      { key: 'cpuUs', label: 'CPU per answer', unit: 'µs', better: 'less' },
      { key: 'perSecond', label: 'answers per second', unit: '/s', better: 'more' },
    ],
    sides: [
      { name: 'ringmaster', role: 'ours', what: 'parser, decide, evolve; ranks for all at the reveal', core: 0, load: () => import('./answer-ours.js') },
      redis(() => import('./answer-redis.js')),
    ],
    goals: [{ id: 'P1', metric: 'cpuUs', against: 'redis', timesMin: 10 }],
    params: { quick: { players: 10_000, questions: 10 }, default: { players: 10_000, questions: 20 }, full: { players: 10_000, questions: 60 } },
  },
  {
    name: 'scoring/ranks',
    title: 'exact ranks of 10,000 players',
    metrics: [
      { key: 'cpuUs', label: 'CPU for all ranks', unit: 'µs', better: 'less' },
      { key: 'us', label: 'time for all ranks', unit: 'µs', better: 'less' },
    ],
    sides: [
      { name: 'ringmaster', role: 'ours', what: 'rankAll over the columns of the state', core: 0, load: () => import('./ranks.js') },
      redis(() => import('./ranks.js')),
    ],
    goals: [
      { id: 'P2', metric: 'cpuUs', bound: 100 },
      { id: 'P2', metric: 'cpuUs', against: 'redis', timesMin: 100 },
    ],
    params: { quick: { players: 10_000, rounds: 500, pipelines: 10 }, default: { players: 10_000, rounds: 2_000, pipelines: 30 }, full: { players: 10_000, rounds: 5_000, pipelines: 100 } },
  },
];
