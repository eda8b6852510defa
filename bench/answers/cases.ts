/** Durable answers through router and node: P3. */
import type { Case, Metric, Side } from '../harness/types.js';

const load: Side['load'] = () => import('./run.js');

const metrics: readonly Metric[] = [
  { key: 'cpuUs', label: 'server CPU per answer', unit: 'µs', better: 'less' },
  { key: 'perSecond', label: 'answers per second', unit: '/s', better: 'more' },
  { key: 'p50Ms', label: 'acknowledgement p50', unit: 'ms', better: 'less' },
  { key: 'p99Ms', label: 'acknowledgement p99', unit: 'ms', better: 'less' },
];

const BARE = 'socket.io + redis';
const PROXIED = 'nginx + socket.io + redis';

const sides: readonly Side[] = [
  { name: 'ringmaster', role: 'ours', what: 'router, quiz-node, journal: acknowledged when it is on disk', core: 1, load },
  { name: BARE, role: 'peer', what: 'one Socket.IO process, ZADD + HSET for each answer, auto-pipelined; acknowledged when Redis has it in memory: NOT durable', needs: ['redis'], core: 1, load },
  { name: PROXIED, role: 'peer', what: 'the same behind nginx, as our router is in front of our node; NOT durable', needs: ['redis', 'nginx'], core: 1, load },
];

export const answerCases: readonly Case[] = [
  {
    name: 'answers/steady',
    title: '500 connections that answer at once, question after question',
    metrics,
    sides,
    goals: [
      { id: 'P3', metric: 'cpuUs', against: PROXIED, timesMin: 1.7 },
      { id: 'P3', metric: 'cpuUs', against: BARE, timesMin: 1 },
    ],
    sockets: ({ players = 0 }) => players,
    params: { quick: { players: 500, questions: 15 }, default: { players: 500, questions: 40 }, full: { players: 500, questions: 120 } },
  },
  {
    name: 'answers/burst',
    title: '10,000 answers at once (2,000 with --quick)',
    metrics,
    sides,
    goals: [
      { id: 'P3', metric: 'cpuUs', against: PROXIED, timesMin: 1.7 },
      { id: 'P3', metric: 'p99Ms', against: PROXIED, timesMin: 2 },
    ],
    sockets: ({ players = 0 }) => players,
    params: { quick: { players: 2_000, questions: 4 }, default: { players: 10_000, questions: 3 }, full: { players: 10_000, questions: 8 } },
    repsMax: 3,
  },
];
