/** Socket.IO and Redis. An acknowledgement says that Redis has the answer in memory: nothing is on disk. */
import { Redis } from 'ioredis';
import { startPeer } from '../servers/peer.js';
import { Crowd } from '../wire/crowd.js';
import { argumentsOf, event, isAck, joinPeer } from '../wire/sio-client.js';
import { answerId, type Acknowledged, type AnswerSite } from './site.js';

const ACK_ID_MIN = 10;

export async function openPeerSite(players: number, nginx: boolean): Promise<AnswerSite> {
  const peer = await startPeer({ redis: true, nginx });
  const crowd = await Crowd.gather(players, (index, received) => joinPeer(peer.port, `player ${index}`, received));
  return {
    crowd,
    pids: peer.pids,
    open: async () => undefined,
    frame: (index, question, value) => event('answer', { answerId: answerId(index, question), qid: `q${question + 1}`, value }, ACK_ID_MIN + question),
    isAcknowledgement: isAck,
    close: async () => undefined,
    verify: (acknowledged) => verify(acknowledged, peer.redisPort),
    stop: async () => {
      crowd.close();
      await peer.stop();
    },
  };
}

async function verify(acknowledged: readonly Acknowledged[], port: number): Promise<string> {
  const client = new Redis(port, '127.0.0.1');
  const questions = new Map<number, Record<string, string>>();
  for (const { playerId, question, value, reply } of acknowledged) {
    let stored = questions.get(question);
    if (stored === undefined) questions.set(question, (stored = await client.hgetall(`answers:q${question + 1}`)));
    const { answerId: id, receivedAt } = argumentsOf(reply)[0] as { answerId: string; receivedAt: number };
    const answer = JSON.parse(stored[playerId] ?? 'null') as { answerId: string; value: string; receivedAt: number } | null;
    if (answer === null || answer.answerId !== id || answer.value !== value || answer.receivedAt !== receivedAt) throw new Error(`${id} is not in Redis as it was acknowledged`);
  }
  client.disconnect();
  return `${acknowledged.length} acknowledged answers against the hashes in Redis`;
}
