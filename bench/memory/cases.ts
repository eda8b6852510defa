/** Memory: P6 and P7. */
import type { Case, Metric, Side } from '../harness/types.js';

const PLAIN = 'plain class';

const sessionMetrics: readonly Metric[] = [
  { key: 'bytes', label: 'passive session', unit: 'B', better: 'less' },
  { key: 'hotBytes', label: 'hot session of 5 players', unit: 'B', better: 'less' },
  { key: 'totalMB', label: 'all of it', unit: 'MB', better: 'less' },
  { key: 'firstP99Ms', label: 'first command to a passive one, p99', unit: 'ms', better: 'less' },
  { key: 'gcMs', label: 'worst pause of the collector', unit: 'ms', better: 'less' },
  { key: 'reachableMs', label: 'until all are reachable, from their snapshots', unit: 'ms', better: 'less' },
];
const sessionSides: readonly Side[] = [
  { name: 'ringmaster', role: 'ours', what: 'a node over a store that keeps nothing in memory; a tenth of the sessions is used', core: 0, load: () => import('./sessions-ours.js') },
  { name: PLAIN, role: 'peer', what: 'an object per session with a Map of players and a timer, 100,000 of them, all in memory', core: 0, load: () => import('./sessions-plain.js') },
];

export const memoryCases: readonly Case[] = [
  {
    name: 'memory/sessions',
    title: '100,000 sessions of 5 players over 1,000 decks, a tenth of them hot',
    metrics: sessionMetrics,
    sides: sessionSides,
    goals: [
      { id: 'P7', metric: 'bytes', against: PLAIN, timesMin: 25 },
      { id: 'P7', metric: 'hotBytes', against: PLAIN, timesMin: 5 },
    ],
    params: { quick: { sessions: 100_000, hot: 10_000, decks: 1_000, plain: 100_000 }, default: { sessions: 100_000, hot: 10_000, decks: 1_000, plain: 100_000 }, full: { sessions: 100_000, hot: 10_000, decks: 1_000, plain: 100_000 } },
    repsMax: 3,
  },
  {
    name: 'memory/million',
    title: '1,000,000 sessions of 5 players over 1,000 decks, 100,000 of them hot',
    metrics: sessionMetrics,
    sides: [sessionSides[0]!],
    goals: [
      { id: 'P7', metric: 'totalMB', bound: 700 },
      { id: 'P7', metric: 'firstP99Ms', bound: 15 },
      { id: 'P7', metric: 'gcMs', bound: 20 },
      { id: 'P7', metric: 'reachableMs', bound: 60_000 },
    ],
    params: { quick: { sessions: 1_000_000, hot: 100_000, decks: 1_000 }, default: { sessions: 1_000_000, hot: 100_000, decks: 1_000 }, full: { sessions: 1_000_000, hot: 100_000, decks: 1_000 } },
    repsMax: 1,
  },
  {
    name: 'memory/player',
    title: 'a player of a session of 10,000, with ten answers',
    metrics: [{ key: 'bytes', label: 'memory per player', unit: 'B', better: 'less' }],
    sides: [
      { name: 'ringmaster', role: 'ours', what: 'the state of the session, nothing around it', core: 0, load: () => import('./players.js') },
      { name: PLAIN, role: 'peer', what: 'an object per player with a Map of answers', core: 0, load: () => import('./players.js') },
    ],
    goals: [],
    params: { quick: { players: 10_000, questions: 10 }, default: { players: 10_000, questions: 10 }, full: { players: 10_000, questions: 10 } },
    repsMax: 1,
  },
  {
    name: 'memory/connection',
    title: 'an idle connection with its player, 3,000 of them (9,000 with --full)',
    metrics: [
      { key: 'bytes', label: 'resident memory of all servers', unit: 'B', better: 'less' },
      { key: 'heapBytes', label: 'of it in the heap and beside it', unit: 'B', better: 'less' },
    ],
    sides: [
      { name: 'ringmaster', role: 'ours', what: 'router and quiz-node', core: 1, load: () => import('./connections.js') },
      { name: 'socket.io', role: 'peer', what: 'one process', core: 1, load: () => import('./connections.js') },
    ],
    goals: [{ id: 'P6', metric: 'bytes', against: 'socket.io', timesMin: 2 }],
    sockets: ({ connections = 0 }) => connections,
    params: { quick: { connections: 3_000 }, default: { connections: 3_000 }, full: { connections: 9_000 } },
    repsMax: 2,
  },
];
