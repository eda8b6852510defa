/** P4 and P5: something happens, everybody is told. Measured from the order to the last client, with the CPU time of all servers. */
import { cpuUs } from '../harness/cpu.js';
import { percentile } from '../harness/statistics.js';
import type { Params, SideResult } from '../harness/types.js';
import { Countdown, pause } from '../wire/until.js';
import { openBroadcast, openPrivate } from './our-sites.js';
import { openPeerBroadcast, openPeerPrivate, openRawBroadcast } from './other-sites.js';
import type { FanOutSite } from './site.js';

const SETTLE_MS = 20;
const WITHIN_MS = 30_000;
/** The first rounds warm the servers up. */
const WARM_UP = 15;

function open(side: string, own: boolean, players: number, rounds: number): Promise<FanOutSite> {
  if (side === 'ringmaster') return own ? openPrivate(players, rounds) : openBroadcast(players);
  if (side === 'raw sockets') return openRawBroadcast(players);
  const nginx = side.startsWith('nginx');
  return own ? openPeerPrivate(players, nginx) : openPeerBroadcast(players, nginx);
}

export async function run({ players = 0, rounds = 0, own = 0 }: Params, side: string): Promise<SideResult> {
  const site = await open(side, own === 1, players, rounds + WARM_UP);
  const { crowd, pids } = site;
  const lastMs: number[] = [];
  let cpu = 0;
  for (let round = 0; round < rounds + WARM_UP; round += 1) {
    await site.prepare(round);
    const left = new Countdown(players, 'clients', WITHIN_MS);
    crowd.onMessage = (index, payload) => {
      site.check(index, payload, round);
      if (site.isLast(payload)) left.hit();
    };
    await pause(SETTLE_MS);
    const before = cpuUs(pids);
    const started = performance.now();
    await Promise.all([site.go(round), left.done]);
    const tookMs = performance.now() - started;
    await pause(SETTLE_MS);
    if (round < WARM_UP) continue;
    cpu += cpuUs(pids) - before;
    lastMs.push(tookMs);
  }
  const verified = await site.verify();
  await site.stop();
  return { values: { cpuUs: cpu / (rounds * players), lastMs: percentile(lastMs, 0.5) }, verified };
}
