/** What our fan-outs are compared with: Socket.IO, and a bare loop over sockets. */
import { fileURLToPath } from 'node:url';
import { firstLine, startPinned, stop } from '../harness/pinned.js';
import { startPeer } from '../servers/peer.js';
import { readyPort } from '../servers/product.js';
import { Crowd, type Member } from '../wire/crowd.js';
import { clientFrame } from '../wire/frames.js';
import { argumentsOf, event, isEvent, joinPeer } from '../wire/sio-client.js';
import { WireSocket } from '../wire/socket.js';
import { BYTES_MIN, REASON, SameForAll, type FanOutSite } from './site.js';

const body = (round: number): object => ({ e: 'benchmark001', s: round + 2, at: Date.now(), d: { reason: REASON } });

export async function openPeerBroadcast(players: number, nginx: boolean): Promise<FanOutSite> {
  const peer = await startPeer({ nginx });
  const control = await joinPeer(peer.port, undefined, () => undefined);
  const crowd = await Crowd.gather(players, (index, received) => joinPeer(peer.port, `player ${index}`, received));
  const same = new SameForAll(BYTES_MIN);
  return {
    crowd,
    pids: peer.pids,
    prepare: async () => undefined,
    go: async (round) => control.wire.write(event('order', { event: 'session.paused', body: body(round) })),
    isLast: isEvent,
    check: (_index, payload, round) => same.check(payload, round),
    verify: async () => `${same.messages} messages, byte for byte the same for all clients of a round`,
    stop: async () => {
      crowd.close();
      control.wire.destroy();
      await peer.stop();
    },
  };
}

export async function openPeerPrivate(players: number, nginx: boolean): Promise<FanOutSite> {
  const peer = await startPeer({ nginx });
  const control = await joinPeer(peer.port, undefined, () => undefined);
  const crowd = await Crowd.gather(players, (index, received) => joinPeer(peer.port, `player ${index}`, received));
  const seen = new Array<number>(players).fill(0);
  const isNamed = (payload: Buffer, name: string): boolean => payload.toString('latin1', 4, 5 + name.length) === `${name}"`;
  return {
    crowd,
    pids: peer.pids,
    prepare: async () => undefined,
    go: async (round) => control.wire.write(event('order', { event: 'question.revealed', body: body(round), own: 'me.result' })),
    isLast: (payload) => isNamed(payload, 'leaderboard'),
    check: (index, payload) => {
      if (!isNamed(payload, 'me.result')) return;
      const { p } = argumentsOf(payload)[1] as { p: number };
      if (p !== (seen[index]! += 1)) throw new Error(`client ${index} has no result of its own`);
    },
    verify: async () => `each client's results in order`,
    stop: async () => {
      crowd.close();
      control.wire.destroy();
      await peer.stop();
    },
  };
}

export async function openRawBroadcast(players: number): Promise<FanOutSite> {
  const server = startPinned(0, process.execPath, ['--max-semi-space-size=16', fileURLToPath(new URL('../servers/raw-server.js', import.meta.url))]);
  const port = await firstLine(server, readyPort);
  const join = async (received: (payload: Buffer) => void): Promise<Member> => {
    const wire = await WireSocket.open(port, '/member');
    wire.onText = received;
    return { wire, playerId: '' };
  };
  const control = await WireSocket.open(port, '/control');
  const crowd = await Crowd.gather(players, (_index, received) => join(received));
  const same = new SameForAll(BYTES_MIN);
  return {
    crowd,
    pids: [server.pid],
    prepare: async () => undefined,
    go: async (round) => control.write(clientFrame(JSON.stringify({ t: 'session.paused', ...body(round) }))),
    isLast: () => true,
    check: (_index, payload, round) => same.check(payload, round),
    verify: async () => `${same.messages} messages, byte for byte the same for all clients of a round`,
    stop: async () => {
      crowd.close();
      control.destroy();
      await stop(server);
    },
  };
}
