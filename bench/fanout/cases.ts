/** Broadcasts and private results through the router: P4 and P5. */
import type { Case, Metric, Side } from '../harness/types.js';

const load: Side['load'] = () => import('./run.js');
const DIRECT = 'socket.io';
const PROXIED = 'nginx + socket.io';
const RAW = 'raw sockets';

const metrics: readonly Metric[] = [
  { key: 'cpuUs', label: 'server CPU per player', unit: 'µs', better: 'less' },
  { key: 'lastMs', label: 'until the last player has it, p50', unit: 'ms', better: 'less' },
];
const ours: Side = { name: 'ringmaster', role: 'ours', what: 'order of the host, journal, one copy over the link, one frame for all sockets', core: 1, load };

export const fanOutCases: readonly Case[] = [
  {
    name: 'fanout/broadcast',
    title: 'broadcast of 500 B to 4,000 players (1,000 with --quick, 10,000 with --full)',
    metrics,
    sides: [
      ours,
      { name: DIRECT, role: 'peer', what: 'io.to(room).emit in one process, nothing durable', core: 1, load },
      { name: PROXIED, role: 'peer', what: 'the same behind nginx', needs: ['nginx'], core: 1, load },
      { name: RAW, role: 'limit', what: 'one frame written to every TCP socket in a loop, and nothing else', core: 1, load },
    ],
    goals: [
      { id: 'P4', metric: 'cpuUs', against: DIRECT, timesMin: 1.6 },
      { id: 'P4', metric: 'cpuUs', against: PROXIED, timesMin: 2.5 },
      { id: 'P4', metric: 'cpuUs', against: RAW, timesMin: 0.83 },
    ],
    sockets: ({ players = 0 }) => players,
    params: { quick: { players: 1_000, rounds: 30 }, default: { players: 4_000, rounds: 40 }, full: { players: 10_000, rounds: 20 } },
  },
  {
    name: 'fanout/private',
    title: 'a reveal: own result and rank to each of 2,000 players (1,000 with --quick, 10,000 with --full), between two broadcasts',
    metrics,
    sides: [
      { ...ours, what: 'order of the host, scoring and ranking, journal, one write per socket' },
      { name: DIRECT, role: 'peer', what: 'emit to the room, an emit per player with a ready result, emit to the room; no scoring, no ranking, nothing durable', core: 1, load },
    ],
    goals: [{ id: 'P5', metric: 'cpuUs', against: DIRECT, timesMin: 1.9 }],
    sockets: ({ players = 0 }) => players,
    params: { quick: { players: 1_000, rounds: 15, own: 1 }, default: { players: 2_000, rounds: 20, own: 1 }, full: { players: 10_000, rounds: 10, own: 1 } },
  },
];
