import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { agree, closeClients, type Client } from './harness/player.js';
import { Product } from './harness/product.js';
import { quizOf, swift } from './harness/quizzes.js';
import { eventually } from './harness/waiting.js';

let product: Product;
beforeAll(async () => void (product = await Product.start({ node: { LIMIT_PLAYER_PER_SECOND: '100', LIMIT_PLAYER_BURST_FRAMES: '100' } })));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

const QUESTIONS = 4;
const PLAYERS = 10;

interface Verdict {
  readonly playerId: string;
  readonly qid: string;
  readonly answerId: string;
  readonly value: string;
  readonly receivedAt: number;
}

/** What a real client does: answers, and after every loss comes back and sends the same answer again until it has a verdict. */
async function answersWhateverHappens(client: Client, qid: string, value: string): Promise<Verdict> {
  const answerId = `${client.name}-${qid}`;
  for (;;) {
    try {
      if (!client.isOpen) await client.resume();
      const { receivedAt, value: stored = value } = await client.answer(qid, value, answerId);
      return { playerId: client.playerId, qid, answerId, value: stored as string, receivedAt };
    } catch (error) {
      client.check();
      // Anything but a lost connection is a fault.
      if (!/closed|ECONNREFUSED|ECONNRESET|hang up|503/.test(String((error as Error).message))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Kills one program after the other, whenever some more verdicts have been given. @returns how often */
async function killing(verdicts: readonly Verdict[], total: number): Promise<number> {
  const both = () => Promise.all([product.node.kill9(), product.router.kill9()]).then(() => product.startNode()).then(() => product.startRouter());
  const ways = [() => product.crashNode(), () => product.crashRouter(), both];
  let kills = 0;
  for (let due = 3; due < total; due += 7) {
    await eventually(() => (verdicts.length >= due ? true : undefined), `verdict ${due}`, 30_000);
    await ways[kills % ways.length]?.();
    kills += 1;
  }
  return kills;
}

it('programs die all the time, and every verdict stands in the report: once, as it was given', async () => {
  const game = await Game.of(product, swift, quizOf(QUESTIONS, { limitMs: 60_000 }));
  const others = Array.from({ length: PLAYERS - 2 }, (_, index) => game.join(`Player ${index}`));
  const players = [game.ada, game.bob, ...(await Promise.all(others))];
  const verdicts: Verdict[] = [];
  const play = async (): Promise<void> => {
    await insist('start', 0);
    for (let question = 1; question <= QUESTIONS; question += 1) {
      const qid = `q${question}`;
      await Promise.all(players.map(async (each, index) => void verdicts.push(await answersWhateverHappens(each, qid, 'abc'[(index + question) % 3] as string))));
      if (question < QUESTIONS) await insist('next', question);
    }
  };
  /** An order with its own cmdId, again and again until it has been heard. */
  const insist = async (cmd: string, question: number): Promise<void> => {
    for (;;) {
      const { status } = await product.host.ask('POST', `/v1/sessions/${game.id}/commands`, { cmdId: `${cmd}-${question}`, cmd }).catch(() => ({ status: 0 }));
      if (status === 200) return;
      expect([0, 500, 502, 503]).toContain(status);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const [kills] = await Promise.all([killing(verdicts, QUESTIONS * PLAYERS), play()]);
  expect(kills).toBe(6);
  await insist('end', QUESTIONS);
  for (const each of players) if (!each.isOpen) await each.resume();

  const report = await product.host.report(game.id);
  const rows = report.answers.map(({ playerId, qid, answerId, value, receivedAt }) => ({ playerId, qid, answerId, value, receivedAt }));
  const sorted = (list: readonly object[]) => list.map((row) => JSON.stringify(row)).sort();
  expect(sorted(rows)).toEqual(sorted(verdicts));
  agree(players);
}, 90_000);
