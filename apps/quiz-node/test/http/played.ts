/** A session of two players and one question, brought to where a test wants it. */
import { expect } from '@jest/globals';
import type { TestNode } from './node.js';
import { answerAs, joinAs, until } from './players.js';

export type Stage = 'lobby' | 'open' | 'revealed' | 'finished';

export interface Played {
  readonly sessionId: string;
  readonly hostToken: string;
  readonly presenterToken: string;
  readonly players: readonly string[];
}

export interface Wanted {
  readonly upTo: Stage;
  readonly key?: string;
  readonly quiz?: object;
  readonly settings?: object;
}

export const oneQuestion = {
  title: 'One',
  questions: [{ type: 'single', text: '2 + 2 = ?', options: [{ text: '3' }, { text: '4' }], key: 'b', explanation: 'Count on.' }],
};
/** Nothing waits for a clock. */
export const noWaits = { leadMs: 0, timing: { startMs: 0, readMs: 0 } };

export async function playedSession(node: TestNode, { upTo, key, quiz = oneQuestion, settings = {} }: Wanted): Promise<Played> {
  const made = await node.ask('POST', '/v1/sessions', { body: { quiz, settings: { ...noWaits, ...settings } }, ...(key === undefined ? {} : { key }) });
  expect(made.status).toBe(201);
  const { sessionId, hostToken, presenterToken } = made.json;
  const players = [await joinAs(node, sessionId, 'Ada'), await joinAs(node, sessionId, 'Bob')];
  const played: Played = { sessionId, hostToken, presenterToken, players };
  if (upTo === 'lobby') return played;
  await order(node, played, 'start');
  if (upTo === 'open') return played;
  await until(() => answerAs(node, sessionId, players[0] as string, 'q1', 'b'));
  await until(() => answerAs(node, sessionId, players[1] as string, 'q1', 'a'));
  if (upTo === 'finished') await order(node, played, 'end');
  return played;
}

let orders = 0;

/** A host's command; it has to be accepted. */
export async function order(node: TestNode, { sessionId, hostToken }: Played, cmd: string, args?: object): Promise<{ phase: string; e: string; s: number }> {
  const body = { cmdId: `order-${(orders += 1)}`, cmd, ...(args === undefined ? {} : { args }) };
  const { status, json } = await node.ask('POST', `/v1/sessions/${sessionId}/commands`, { body, key: hostToken });
  expect({ cmd, status, json }).toMatchObject({ cmd, status: 200 });
  return json;
}
