/** Players without sockets: what a router would bring, put straight to the session. */
import type { AnswerValue } from '../../src/quiz/definition.js';
import type { TestNode } from './node.js';

let made = 0;

/** @returns the playerId. */
export async function joinAs(node: TestNode, sessionId: string, nickname: string): Promise<string> {
  const { desk } = node.parts.edge;
  const id = `player-${(made += 1)}`;
  const reply = await desk.ask(sessionId, { type: 'join', playerId: id, joinId: id, nickname, recvAt: desk.now(sessionId) }, 'ordered');
  if (!reply.ok || reply.type !== 'joined') throw new Error(`${nickname} was not let in: ${JSON.stringify(reply)}`);
  return reply.playerId;
}

/** @returns whether it was accepted; false while the question is not open yet. */
export async function answerAs(node: TestNode, sessionId: string, playerId: string, qid: string, value: AnswerValue): Promise<boolean> {
  const { desk } = node.parts.edge;
  const reply = await desk.ask(sessionId, { type: 'answer', playerId, answerId: `${playerId}-${qid}`, qid, value, recvAt: desk.now(sessionId), creditMs: 0 }, 'ordered');
  if (!reply.ok && reply.code !== 300) throw new Error(`refused with ${reply.code}`);
  return reply.ok;
}

/** Asks again until it is so. */
export async function until(isSo: () => Promise<boolean>, withinMs = 5_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isSo())) if (performance.now() > end) throw new Error(`not so within ${withinMs} ms`);
}
