/** Short words for transcripts. */
import type { StageClient } from './client.js';
import { HOST_TOKEN } from './quiz.js';
import type { World } from './world.js';

export async function hello(world: World, d: object, client = world.router.client()): Promise<StageClient> {
  client.say('hello', d);
  await world.time.settle();
  return client;
}

export const join = (world: World, nickname: string): Promise<StageClient> => hello(world, { role: 'player', nickname, joinId: nickname });
export const host = (world: World): Promise<StageClient> => hello(world, { role: 'host', token: HOST_TOKEN });

export const playerIdOf = (client: StageClient): string => String(client.got.find(({ t }) => t === 'welcome')?.d['playerId']);

/** `resume` of a client that keeps what it was given. */
export const resumeOf = (client: StageClient): object => ({ token: client.got.find(({ t }) => t === 'welcome')?.d['resumeToken'], e: 'e1', s: client.s, p: client.p });

let commands = 0;
/** The host gives an order. @returns its reply. */
export async function order(world: World, from: StageClient, cmd: string, args?: object): Promise<unknown> {
  const id = from.say('host.cmd', { cmdId: `c${++commands}`, cmd, ...(args === undefined ? {} : { args }) });
  await world.time.settle();
  return from.replyTo(id);
}

/** From the lobby to a question that takes answers. */
export async function openQuestion(world: World, from: StageClient): Promise<void> {
  await order(world, from, 'start');
  await world.time.advance(400);
}

let answers = 0;
export async function answer(world: World, from: StageClient, value: unknown, qid = 'q1', answerId = `a${++answers}`): Promise<unknown> {
  const id = from.say('answer.submit', { answerId, qid, value });
  await world.time.settle();
  return from.replyTo(id);
}
