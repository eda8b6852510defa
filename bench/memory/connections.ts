/** P6: what an idle connection costs the servers, player state included: resident memory after all garbage is gone, before and after. */
import type { Params, SideResult } from '../harness/types.js';
import { residentBytes } from '../harness/cpu.js';
import type { Started } from '../harness/pinned.js';
import { startPeer } from '../servers/peer.js';
import { startProduct } from '../servers/product.js';
import { Inspector, inspectArgs } from '../servers/inspector.js';
import { Crowd, type Member } from '../wire/crowd.js';
import { joinQuiz } from '../wire/quiz-client.js';
import { joinPeer } from '../wire/sio-client.js';
import { pause } from '../wire/until.js';

/** Connections before the first look: what a server sets up once is not counted. */
const WARM_UP = 500;
/** Until hints of the lobby and first pings are over, ms. */
const SETTLE_MS = 2_500;

interface Site {
  readonly processes: readonly Started[];
  join(index: number, received: (payload: Buffer) => void): Promise<Member>;
  stop(): Promise<void>;
}

async function ours(): Promise<Site> {
  const product = await startProduct({ nodeArgs: [...inspectArgs] });
  const quiz = { title: 'Benchmark', questions: [{ type: 'numeric', text: '6 x 7 = ?', key: 42 }] };
  const { sessionId } = await product.post<{ sessionId: string }>('/v1/sessions', { quiz, settings: { maxPlayers: 20_000 } });
  return {
    processes: [product.router, product.node],
    join: (index, received) => joinQuiz(product.port, sessionId, `player ${index}`, received),
    stop: product.stop,
  };
}

async function peer(): Promise<Site> {
  const { port, server, stop } = await startPeer({ nodeArgs: [...inspectArgs] });
  return { processes: [server], join: (index, received) => joinPeer(port, `player ${index}`, received), stop };
}

export async function run({ connections = 0 }: Params, side: string): Promise<SideResult> {
  const site = side === 'ringmaster' ? await ours() : await peer();
  const inspectors = await Promise.all(site.processes.map((process) => Inspector.attach(process)));
  const look = async (): Promise<{ resident: number; heap: number }> => {
    await pause(SETTLE_MS);
    const heaps = await Promise.all(inspectors.map((inspector) => inspector.heap()));
    return {
      resident: site.processes.reduce((sum, { pid }) => sum + residentBytes(pid), 0),
      heap: heaps.reduce((sum, { heapUsed, external }) => sum + heapUsed + external, 0),
    };
  };
  const warmUp = await Crowd.gather(WARM_UP, (index, received) => site.join(index, received));
  const before = await look();
  const crowd = await Crowd.gather(connections, (index, received) => site.join(WARM_UP + index, received));
  const after = await look();
  for (const inspector of inspectors) inspector.close();
  warmUp.close();
  crowd.close();
  await site.stop();
  return {
    values: { bytes: (after.resident - before.resident) / connections, heapBytes: (after.heap - before.heap) / connections },
    verified: `${connections} players joined and still connected at the end`,
  };
}
