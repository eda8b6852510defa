/** P3: everybody answers at once, question after question. Measured from the first write to the last acknowledgement, with the CPU time of all servers. */
import { cpuUs } from '../harness/cpu.js';
import { percentile } from '../harness/statistics.js';
import type { Params, SideResult } from '../harness/types.js';
import { Countdown, pause } from '../wire/until.js';
import { openOurSite } from './our-site.js';
import { openPeerSite } from './peer-site.js';
import { VALUES, type Acknowledged, type AnswerSite } from './site.js';

/** Until the servers have nothing left to do, before and after what is measured, ms. */
const SETTLE_MS = 30;
const WITHIN_MS = 30_000;
/** A generator that uses more of its core than this may be what limits the throughput. */
const GENERATOR_SHARE_MAX = 0.85;
/** The first questions warm the servers up: until so many answers, the compiler takes a third of the CPU time. */
const WARM_UP_ANSWERS = 20_000;

interface Window {
  readonly wallMs: number;
  readonly cpuUs: number;
  readonly generatorUs: number;
  readonly latencies: Float64Array;
}

export async function run({ players = 0, questions = 0 }: Params, side: string): Promise<SideResult> {
  const warmUp = Math.ceil(WARM_UP_ANSWERS / players);
  const site = side === 'ringmaster' ? await openOurSite(players, questions + warmUp) : await openPeerSite(players, side.startsWith('nginx'));
  const acknowledged: Acknowledged[] = [];
  const windows: Window[] = [];
  for (let question = 0; question < questions + warmUp; question += 1) {
    await site.open(question);
    const window = await everybodyAnswers(site, question, acknowledged);
    if (question >= warmUp) windows.push(window);
    await site.close(question);
  }
  const verified = await site.verify(acknowledged);
  await site.stop();
  return { ...figures(windows, players), verified };
}

async function everybodyAnswers({ crowd, pids, frame, isAcknowledgement }: AnswerSite, question: number, acknowledged: Acknowledged[]): Promise<Window> {
  const { size } = crowd;
  const frames = Array.from({ length: size }, (_, index) => frame(index, question, valueOf(index, question)));
  const sentAt = new Float64Array(size);
  const latencies = new Float64Array(size);
  const replies = new Array<Buffer>(size);
  const left = new Countdown(size, 'acknowledgements', WITHIN_MS);
  crowd.onMessage = (index, payload) => {
    if (!isAcknowledgement(payload)) return;
    if (replies[index] !== undefined) return left.fail(new Error(`answer ${index} was acknowledged twice`));
    latencies[index] = performance.now() - sentAt[index]!;
    replies[index] = Buffer.from(payload);
    left.hit();
  };
  await pause(SETTLE_MS);
  const cpuBefore = cpuUs(pids);
  const ownBefore = process.cpuUsage();
  const started = performance.now();
  for (let index = 0; index < size; index += 1) {
    sentAt[index] = performance.now();
    crowd.write(index, frames[index]!);
  }
  await left.done;
  const wallMs = performance.now() - started;
  const own = process.cpuUsage(ownBefore);
  await pause(SETTLE_MS);
  const cpu = cpuUs(pids) - cpuBefore;
  replies.forEach((reply, index) => acknowledged.push({ playerId: crowd.playerId(index), question, value: valueOf(index, question), reply }));
  return { wallMs, cpuUs: cpu, generatorUs: own.user + own.system, latencies };
}

const valueOf = (index: number, question: number): string => VALUES[(index + question) % VALUES.length]!;

function figures(windows: readonly Window[], players: number): Pick<SideResult, 'values' | 'voided'> {
  const sum = (read: (window: Window) => number): number => windows.reduce((total, window) => total + read(window), 0);
  const answers = windows.length * players;
  const wallMs = sum((window) => window.wallMs);
  const latencies = windows.flatMap((window) => [...window.latencies]);
  const share = sum((window) => window.generatorUs) / (wallMs * 1000);
  const busy = `the load generator used ${Math.round(share * 100)} % of its core`;
  return {
    values: {
      cpuUs: sum((window) => window.cpuUs) / answers,
      perSecond: (answers / wallMs) * 1000,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      generatorShare: share,
    },
    ...(share > GENERATOR_SHARE_MAX ? { voided: { perSecond: busy } } : {}),
  };
}
