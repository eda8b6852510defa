/** Transcripts of a question: who is told what, in which order. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dataFlag, serverFrameSchema, serverMessages, type ServerType } from '@ringmaster/protocol';
import type { StageClient } from './stage/client.js';
import { answer, hello, host, join, openQuestion, order, playerIdOf } from './stage/play.js';
import { World } from './stage/world.js';

let world: World;
let boss: StageClient;
let ada: StageClient;
let bob: StageClient;
const everybody: StageClient[] = [];

beforeEach(async () => {
  world = await World.open();
  await world.create();
  boss = await host(world);
  ada = await join(world, 'Ada');
  bob = await join(world, 'Bob');
  everybody.splice(0, Infinity, boss, ada, bob);
});
afterEach(() => {
  expect(world.router.complaints).toEqual([]);
  for (const client of everybody) for (const frame of client.got) expect(shapeOf(frame)).toEqual([]);
});

/** What is wrong with a frame by the catalogue. */
function shapeOf(frame: { readonly t: string }): unknown[] {
  const { streams } = serverMessages[frame.t as ServerType];
  const issues = streams.map((stream) => serverFrameSchema(frame.t as ServerType, stream).safeParse(frame).error?.issues ?? null);
  return issues.includes(null) ? [] : [frame.t, ...issues];
}
const since = (client: StageClient, t: string): string[] => client.types().slice(client.types().lastIndexOf(t));

test('a whole question: shared messages for all, results for each, the leaderboard after them', async () => {
  await openQuestion(world, boss);
  expect(await answer(world, ada, 'b')).toMatchObject({ t: 'ok', d: { answerId: 'a1', receipt: { shard: 0, epoch: 1 } } });
  await answer(world, bob, 'a');
  const story = ['session.started', 'question.preview', 'question.opened', 'ok', 'question.closed', 'question.revealed', 'me.result', 'leaderboard'];
  expect(since(ada, 'session.started').filter((t) => t !== 'lobby.updated')).toEqual(story);
  expect(since(boss, 'session.started').filter((t) => t !== 'lobby.updated')).toEqual(story.filter((t) => t !== 'ok' && t !== 'me.result'));
  expect(ada.last('me.result')!.d).toMatchObject({ qid: 'q1', outcome: 'correct', rank: 1, of: 2 });
  expect(bob.last('me.result')!.d).toMatchObject({ outcome: 'wrong', rank: 2, behind: { nickname: 'Ada' } });
  expect(ada.got.filter(({ s }) => s !== undefined && s > 0).map(({ s }) => s)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('the same answer again gets the same ok, another one the first verdict', async () => {
  await openQuestion(world, boss);
  const first = (await answer(world, ada, 'b', 'q1', 'mine')) as { d: object };
  expect(await answer(world, ada, 'a', 'q1', 'mine')).toMatchObject({ t: 'ok', d: { ...first.d, dup: true, value: 'b' } });
  expect(await answer(world, ada, 'a', 'q1', 'other')).toMatchObject({ t: 'err', d: { code: 302, answered: { answerId: 'mine', value: 'b' } } });
});

test('an answer is credited with half the shortest round trip that the server has measured', async () => {
  ada.measured(90, 3);
  await openQuestion(world, boss);
  await world.time.advance(1_000);
  await answer(world, ada, 'b');
  await answer(world, bob, 'b');
  expect([ada, bob].map((client) => client.last('me.result')!.d)).toMatchObject([{ elapsedMs: 955, creditMs: 45 }, { elapsedMs: 1_000, creditMs: 0 }]);
});

test('an answer that came too early is told when to come again', async () => {
  await order(world, boss, 'start');
  expect(await answer(world, ada, 'b')).toMatchObject({ d: { code: 300, retry: true, retryAfterMs: 400 } });
});

test('secrecy: before the reveal no frame to anybody but the reveal depends on the key', async () => {
  await openQuestion(world, boss);
  const presenter = await hello(world, { role: 'spectator' });
  ada.say('resync');
  await answer(world, ada, 'b');
  await world.time.advance(500);
  for (const client of [ada, bob, presenter]) {
    const told = JSON.stringify(client.got);
    for (const secret of ['four it is', '"key"', '"salt"', 'byOption', 'correct']) expect(told).not.toContain(secret);
  }
});

test('T4: an answer that came too late is answered after the question has closed, and what came behind it waits its turn', async () => {
  await openQuestion(world, boss);
  await answer(world, bob, 'b');
  world.router.clocks = false;
  await world.time.advance(5_600);
  const late = ada.say('answer.submit', { answerId: 'late', qid: 'q1', value: 'b' });
  const sync = ada.say('sync', { t0: 5 });
  const again = ada.say('resync');
  await world.time.settle();
  expect([late, sync, again].map((id) => ada.replyTo(id))).toEqual([undefined, undefined, undefined]);
  world.router.clocks = true;
  await world.time.advance(200);
  const after = ada.types().slice(ada.types().indexOf('question.closed'));
  expect(after.filter((t) => ['err 301', 'ok', 'snapshot'].includes(t))).toEqual(['err 301', 'ok', 'ok', 'snapshot']);
  expect(ada.replyTo(late)).toMatchObject({ d: { code: 301 } });
  expect(ada.last('snapshot')).toMatchObject({ s: ada.s, p: ada.p, d: { phase: 'revealed', result: { outcome: 'unanswered' } } });
});

test('T3: a question stays open until the router has shown that nothing earlier is on its way', async () => {
  await openQuestion(world, boss);
  const inTime = world.now() + 5_000;
  world.router.clocks = false;
  await world.time.advance(5_700);
  expect(ada.types()).not.toContain('question.closed');
  const id = ada.say('answer.submit', { answerId: 'slow', qid: 'q1', value: 'b' }, { recvAt: inTime });
  world.router.clocks = true;
  await world.time.advance(200);
  expect(ada.replyTo(id)).toMatchObject({ t: 'ok', d: { receivedAt: inTime } });
  expect(ada.types()).toContain('question.closed');
});

test('refusals', async () => {
  const ids = [
    ada.say('host.cmd', { cmdId: 'x', cmd: 'start' }), ada.say('dance'), ada.say('sync', { t0: 'now' }), boss.say('answer.submit', { answerId: 'a', qid: 'q1', value: 'b' }),
    boss.say('nickname.set', { nickname: 'Boss' }), boss.say('host.cmd', { cmdId: 'y', cmd: 'next' }),
  ];
  ada.say('sync', { t0: 1 }, { flags: dataFlag.overRate });
  await world.time.settle();
  expect(ids.map((id, i) => ([3, 4, 5].includes(i) ? boss : ada).replyTo(id)?.d['code'])).toEqual([202, 101, 102, 202, 202, 401]);
  expect(ada.types().at(-1)).toBe('err 110');
  expect(ada.closeCode).toBeNull();
});

test('the twentieth refusal within a minute closes; older ones are forgotten', async () => {
  for (let i = 0; i < 19; i++) ada.say('dance');
  for (let i = 0; i < 19; i++) bob.say('dance');
  await world.time.advance(60_001);
  ada.say('dance');
  await world.time.settle();
  expect(ada.closeCode).toBeNull();
  for (let i = 0; i < 19; i++) bob.say('dance');
  await world.time.settle();
  expect(bob.closeCode).toBeNull();
  bob.say('dance');
  await world.time.settle();
  expect(bob.closeCode).toBe(4500);
});

test('a binary frame is refused and closes', async () => {
  ada.binary();
  await world.time.settle();
  expect([ada.types().at(-1), ada.closeCode]).toEqual(['err 100', 4500]);
});

test('sync, resync, nickname', async () => {
  const sync = ada.say('sync', { t0: 12.5 });
  await world.time.settle();
  expect(ada.replyTo(sync)).toMatchObject({ d: { t0: 12.5, t1: world.now(), t2: world.now() } });
  const exact = ada.say('sync', { t0: 1 }, { recvAt: 1_700_000_000_000.25 });
  await world.time.settle();
  expect(ada.replyTo(exact)).toMatchObject({ d: { t1: 1_700_000_000_000.25 } });
  const nickname = ada.say('nickname.set', { nickname: 'Ada L' });
  const resync = ada.say('resync');
  await world.time.settle();
  expect(ada.replyTo(nickname)).toMatchObject({ t: 'ok', d: { nickname: 'Ada L' } });
  expect(ada.types().slice(-2)).toEqual(['ok', 'snapshot']);
  expect(ada.replyTo(resync)).toMatchObject({ t: 'ok', d: {} });
  expect(ada.last('snapshot')!.d).toMatchObject({ me: { nickname: 'Ada L' } });
});

test('everybody who could still answer is gone for 10 s: the question closes early', async () => {
  await openQuestion(world, boss);
  bob.hangUp();
  await world.time.advance(500);
  await order(world, boss, 'extend', { ms: 60_000 });
  await answer(world, ada, 'b');
  await world.time.advance(8_000);
  expect(ada.types()).not.toContain('question.closed');
  await world.time.advance(3_000);
  expect(ada.last('question.closed')!.d).toMatchObject({ reason: 'all', answered: 1, eligible: 2 });
});

test('somebody who is here and has not answered keeps the question open', async () => {
  await openQuestion(world, boss);
  bob.hangUp();
  await order(world, boss, 'extend', { ms: 60_000 });
  await world.time.advance(30_000);
  expect(ada.types()).not.toContain('question.closed');
});

test('hints: one lobby.updated for many joins, progress by role', async () => {
  await world.time.advance(1_000);
  const before = boss.types().filter((t) => t === 'lobby.updated').length;
  for (const name of ['Cy', 'Di', 'Ed']) await join(world, name);
  await world.time.advance(250);
  expect(boss.types().filter((t) => t === 'lobby.updated').length - before).toBe(1);
  expect(boss.last('lobby.updated')!.d).toEqual({ count: 5, joined: ['Cy', 'Di', 'Ed'], locked: false });
  await openQuestion(world, boss);
  await answer(world, ada, 'b');
  await world.time.advance(250);
  expect(boss.last('question.progress')!.d).toEqual({ qid: 'q1', answered: 1, eligible: 5 });
  expect(ada.last('question.progress')).toBeUndefined();
  await world.time.advance(750);
  expect(ada.last('question.progress')!.d).toEqual({ qid: 'q1', answered: 1, eligible: 5 });
});

test('10 minutes after the end the sockets are let go, and nobody comes back', async () => {
  await order(world, boss, 'end');
  expect(ada.last('session.finished')).toBeDefined();
  const back = await join(world, 'Ada');
  expect(back.types()).toEqual(['welcome', 'snapshot']);
  const resumed = await hello(world, { role: 'player', resume: { token: back.got[0]!.d['resumeToken'], e: 'e1', s: back.s, p: back.p } });
  expect(resumed.got[0]!.d).toMatchObject({ resume: 'snapshot' });
  expect((await join(world, 'New')).closeCode).toBe(4507);
  await world.time.advance(10 * 60_000 + 1_000);
  expect([boss.closeCode, resumed.closeCode]).toEqual([4507, 4507]);
  expect((await join(world, 'Ada')).closeCode).toBe(4507);
  expect(playerIdOf(ada)).toBe(playerIdOf(back));
});
