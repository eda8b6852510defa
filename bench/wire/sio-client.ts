/**
 * A client of Socket.IO, over a WebSocket alone: the Engine.IO and Socket.IO packets that a load generator needs.
 * Engine.IO: 0 open, 2 ping, 3 pong, 4 message. Socket.IO within a message: 0 connect, 2 event, 3 acknowledgement.
 */
import { clientFrame } from './frames.js';
import type { Member } from './crowd.js';
import { WireSocket } from './socket.js';

const PATH = '/socket.io/?EIO=4&transport=websocket';
const DIGIT = { zero: 48, two: 50, three: 51, four: 52 } as const;
const PONG = clientFrame('3');
const CONNECT = clientFrame('40');

export const event = (name: string, body: unknown, ackId?: number): Buffer => clientFrame(`42${ackId ?? ''}${JSON.stringify([name, body])}`);
export const isEvent = (payload: Buffer): boolean => payload[0] === DIGIT.four && payload[1] === DIGIT.two;
export const isAck = (payload: Buffer): boolean => payload[0] === DIGIT.four && payload[1] === DIGIT.three;

/** The arguments of an event (its name first) or of an acknowledgement. */
export function argumentsOf(payload: Buffer): unknown[] {
  const text = payload.toString();
  return JSON.parse(text.slice(text.indexOf('['))) as unknown[];
}

/** `nickname` undefined: connects without joining the session. */
export async function joinPeer(port: number, nickname: string | undefined, received: (payload: Buffer) => void): Promise<Member> {
  const wire = await WireSocket.open(port, PATH);
  return new Promise((resolve, reject) => {
    const joined = (playerId: string): void => {
      wire.onText = (payload) => {
        if (payload[0] === DIGIT.two && payload.length === 1) wire.write(PONG);
        else received(payload);
      };
      resolve({ wire, playerId });
    };
    wire.onClose = (code) => reject(new Error(`closed with ${code} before it was in`));
    wire.onText = (payload) => {
      if (payload[0] === DIGIT.zero) wire.write(CONNECT);
      else if (payload[0] === DIGIT.four && payload[1] === DIGIT.zero) {
        if (nickname === undefined) joined('');
        else wire.write(event('join', { nickname }, 1));
      } else if (isAck(payload)) joined((argumentsOf(payload)[0] as { playerId: string }).playerId);
    };
  });
}
