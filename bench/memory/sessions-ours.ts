/** P7, our side: a node that has recovered any number of stored sessions, and what a tenth of them costs when it is used. */
import { shardOf } from '@ringmaster/actors';
import { noPeers, staticMembership } from '@ringmaster/actors/adapters/static/membership';
import { systemClock, systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import { defaultLimits } from '@ringmaster/protocol';
import { buildNode } from '../../apps/quiz-node/src/node.js';
import { percentile } from '../harness/statistics.js';
import type { Params, SideResult } from '../harness/types.js';
import { draws } from '../scoring/answers.js';
import { pause } from '../wire/until.js';
import { ForgetfulLogs, sessionIdOf, StoredSessions } from './stored-sessions.js';
import { GcPauses, usedBytes } from './used.js';

const SHARDS = 256;
/** First commands that are timed, one at a time. */
const TIMED = 2_000;
const AT_ONCE = 64;

export async function run({ sessions = 0, hot = 0, decks = 0 }: Params): Promise<SideResult> {
  const stored = new StoredSessions({ sessions, decks, shards: SHARDS, shardOf: (id) => shardOf(id, SHARDS), now: Date.now() });
  const self = { name: 'node-0', boot: 'boot', address: '127.0.0.1:0' };
  const membership = staticMembership({ nodes: [self], routers: [] });
  const faults: string[] = [];
  const journal = new ForgetfulLogs();
  const before = usedBytes();
  const { edge, region } = buildNode(
    { nodeName: 'node-0', shards: SHARDS, limits: defaultLimits },
    { journal, snapshots: stored.snapshots, records: stored.records, membership, peers: noPeers },
    {
      boot: 'boot', clock: systemClock, timers: systemTimers({ keepAlive: true }), random: systemRandom, mayTrim: () => false,
      note: (event, about) => faults.push(`${event} ${JSON.stringify(about)}`),
    },
  );
  const started = performance.now();
  region.start();
  while (region.stats().owned < SHARDS && faults.length === 0) await pause(10);
  const reachableMs = performance.now() - started;
  if (faults.length > 0 || region.stats().entities !== sessions) throw new Error(`${region.stats().entities} sessions; ${faults[0] ?? ''}`);
  const passive = usedBytes();

  const draw = draws(3);
  const next = Array.from({ length: hot }, () => draw(sessions));
  const pauses = new GcPauses();
  const latencies: number[] = [];
  const look = async (index: number): Promise<void> => {
    const at = performance.now();
    const names = await edge.desk.view(sessionIdOf(index), (state) => [...state.players.names]);
    if (latencies.length < TIMED) latencies.push(performance.now() - at);
    if (names?.length !== 5 || names[4] !== 'player 4') throw new Error(`session ${index} came back as ${JSON.stringify(names)}`);
  };
  for (const index of next.slice(0, TIMED)) await look(index);
  for (let from = TIMED; from < hot; from += AT_ONCE) await Promise.all(next.slice(from, from + AT_ONCE).map(look));
  const gcMs = pauses.stop();
  const inUse = region.stats().hot;
  const all = usedBytes();
  if (journal.turns > 0) throw new Error(`${journal.turns} turns were written: the sessions were not only looked at`);
  region.stop();
  return {
    values: {
      bytes: (passive - before) / sessions,
      hotBytes: (all - passive) / inUse,
      totalMB: (all - before) / 1e6,
      firstP99Ms: percentile(latencies, 0.99),
      gcMs,
      reachableMs,
    },
    verified: `${hot.toLocaleString('en')} sessions brought back with their five players; ${inUse.toLocaleString('en')} of ${sessions.toLocaleString('en')} in memory at the end`,
  };
}
