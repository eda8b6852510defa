import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Game } from './harness/game.js';
import { closeClients } from './harness/player.js';
import { Product } from './harness/product.js';
import { swift } from './harness/quizzes.js';
import { eventually } from './harness/waiting.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What the node has in its environment: a test changes it between two starts. */
const env: NodeJS.ProcessEnv = {};
let product: Product;
beforeAll(async () => void (product = await Product.start({ node: env })));
afterEach(closeClients);
afterAll(async () => expect(await product.close()).toEqual([]));

/** The node starts again on a machine whose clock shows so much more. */
async function later(ms: number): Promise<void> {
  await product.node.kill9();
  env['NODE_OPTIONS'] = `--import=data:text/javascript,${encodeURIComponent(`const now = Date.now; Date.now = () => now() + ${ms};`)}`;
  await product.startNode();
  await product.host.ready();
}

const phaseOf = async (id: string): Promise<unknown> => (await product.host.get(`/v1/sessions/${id}`))['phase'];
const turns = (id: string, phase: string) => eventually(async () => ((await phaseOf(id)) === phase ? true : undefined), `${id} to be ${phase}`);

it('sessions that nobody cares for end by themselves, each when its time has come', async () => {
  const lobby = await Game.of(product);
  const running = await Game.of(product);
  await running.open();
  await running.ada.answer('q1', 'b');
  const podium = await Game.of(product, swift, { title: 'One', questions: [{ type: 'trueFalse', text: 'Yes?', key: true }] });
  await podium.open();
  await podium.ada.answer('q1', true);
  await podium.order('close');
  await podium.order('next');
  const phases = async () => [await phaseOf(lobby.id), await phaseOf(running.id), await phaseOf(podium.id)];
  expect(await phases()).toEqual(['lobby', 'open', 'podium']);
  // Nobody but one player in the lobby stays.
  for (const each of [lobby.bob, running.ada, running.bob, podium.ada, podium.bob]) each.drop();

  await later(1 * HOUR + 55 * MINUTE);
  expect(await phases()).toEqual(['lobby', 'open', 'podium']);

  await later(5 * HOUR);
  await turns(running.id, 'cancelled');
  await turns(podium.id, 'finished');
  expect(await phaseOf(lobby.id)).toBe('lobby');
  const { body: report } = await product.host.ask<{ players: readonly { nickname: string; score: number }[] }>('GET', `/v1/sessions/${podium.id}/report`);
  expect(report.players.map(({ nickname, score }) => [nickname, score > 0])).toEqual([['Ada', true], ['Bob', false]]);

  await later(25 * HOUR);
  expect((await lobby.ada.sees('session.cancelled')).d).toEqual({ reason: 'never started' });
  expect(await phaseOf(lobby.id)).toBe('cancelled');
  // New ones live.
  const { sessionId } = await product.host.newSession({ title: 'T', questions: [{ type: 'trueFalse', text: 'Yes?', key: true }] });
  expect(await phaseOf(sessionId)).toBe('lobby');
}, 60_000);

it('a session whose people are there is not given up, however long the node was away: it waits until the routers have said who is', async () => {
  const running = await Game.of(product);
  await running.open();
  await running.ada.answer('q1', 'b');
  await later(60 * HOUR);
  expect((await running.bob.sees('question.extended')).d.reason).toBe('outage');
  await running.bob.answer('q1', 'b');
  expect(await phaseOf(running.id)).not.toBe('cancelled');
}, 60_000);
