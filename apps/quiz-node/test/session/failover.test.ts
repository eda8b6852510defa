/** Transcripts of what clients see when their owner dies, moves, or a link breaks: K1, K3–K7, T2. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Journal } from '@ringmaster/actors';
import { answer, hello, host, join, openQuestion, order, playerIdOf, resumeOf } from './stage/play.js';
import type { StageClient } from './stage/client.js';
import { World } from './stage/world.js';

let world: World;
let boss: StageClient;
let ada: StageClient;
/** While set, the node of now gets no answer from the journal; what it appends is there all the same. */
let deaf = false;

const deafened = (inner: Journal): Journal => ({
  ...inner,
  append: async (shard, records) => {
    const offset = await inner.append(shard, records);
    return deaf ? new Promise<number>(() => undefined) : offset;
  },
  read: (...range) => inner.read(...range),
  ends: (shards) => inner.ends(shards),
  trim: (shard, below) => inner.trim(shard, below),
  close: () => inner.close(),
});

beforeEach(async () => {
  deaf = false;
  world = await World.open(deafened);
  await world.create();
  boss = await host(world);
  ada = await join(world, 'Ada');
});
afterEach(() => {
  expect(world.router.complaints).toEqual([]);
});

test('the owner dies while a question is open: the same sockets go on, with no less time, and nobody says hello again', async () => {
  const bob = await join(world, 'Bob');
  await openQuestion(world, boss);
  expect(await answer(world, ada, 'b', 'q1', 'mine')).toMatchObject({ t: 'ok' });
  await world.time.advance(700);
  const before = ada.got.length;
  world.killNode();
  await world.time.advance(1_000);
  await world.replaceNode();
  await world.time.advance(100);
  expect(ada.types().slice(before)).toEqual(['question.extended']);
  expect([boss, ada, bob].map(({ closeCode }) => closeCode)).toEqual([null, null, null]);
  expect(await answer(world, ada, 'a', 'q1', 'other')).toMatchObject({ t: 'err', d: { code: 302, answered: { answerId: 'mine', value: 'b' } } });
  expect(await answer(world, bob, 'b')).toMatchObject({ t: 'ok' });
  expect(bob.last('me.result')!.d).toMatchObject({ of: 2 });
});

test('T2: time in which nobody could answer is given back before anything is closed', async () => {
  await join(world, 'Bob');
  await openQuestion(world, boss);
  const { closesAt } = ada.last('question.opened')!.d as { closesAt: number };
  await world.time.advance(1_000);
  world.killNode();
  await world.time.advance(20_000);
  await world.replaceNode();
  await world.time.advance(100);
  const extended = ada.last('question.extended')!.d as { byMs: number; closesAt: number; reason: string };
  expect(extended.reason).toBe('outage');
  expect(extended.closesAt - closesAt).toBe(extended.byMs);
  expect(extended.byMs).toBeGreaterThanOrEqual(20_000);
  expect(await answer(world, ada, 'b')).toMatchObject({ t: 'ok' });
});

test('K1: a frame whose reply got lost is executed again by the next owner, with its first arrival', async () => {
  await join(world, 'Bob');
  await openQuestion(world, boss);
  deaf = true;
  const id = ada.say('answer.submit', { answerId: 'mine', qid: 'q1', value: 'b' });
  const at = Math.ceil(world.router.now());
  await world.time.advance(500);
  expect(ada.replyTo(id)).toBeUndefined();
  deaf = false;
  await world.replaceNode();
  await world.time.advance(100);
  expect(ada.replyTo(id)).toMatchObject({ t: 'ok', d: { receivedAt: at, dup: true, value: 'b' } });
  expect(ada.keptCount).toBe(0);
});

test('K4: what the dead owner had journaled and told nobody is filled by the next one', async () => {
  await join(world, 'Bob');
  await openQuestion(world, boss);
  await answer(world, ada, 'b');
  deaf = true;
  boss.say('host.cmd', { cmdId: 'close', cmd: 'close' });
  await world.time.settle();
  expect(ada.types()).not.toContain('question.closed');
  deaf = false;
  await world.replaceNode();
  await world.time.advance(100);
  const told = ada.types().slice(ada.types().indexOf('question.closed')).filter((t) => t !== 'lobby.updated');
  expect(told).toEqual(['question.closed', 'question.revealed', 'me.result', 'leaderboard']);
  expect(boss.types().slice(-5).filter((t) => t !== 'lobby.updated')).toEqual(['question.closed', 'question.revealed', 'leaderboard', 'ok']);
});

test('K4: where the missed messages are not at hand any more, the present state takes their place', async () => {
  await openQuestion(world, boss);
  ada.s = 0;
  world.router.linkBroke();
  for (let i = 0; i < 70; i++) await world.ask({ type: 'host', cmdId: `l${i}`, order: i % 2 === 0 ? 'lock' : 'unlock', args: {}, recvAt: world.now() });
  world.router.link(world.node.edge);
  await world.time.settle();
  expect(ada.types().at(-1)).toBe('snapshot');
  expect(ada.got.at(-1)).toMatchObject({ s: 73, p: 0 });
  await order(world, boss, 'lock');
  expect(ada.types().at(-1)).toBe('session.locked');
});

test('K3: after a new link nothing is said twice', async () => {
  await openQuestion(world, boss);
  const id = ada.say('answer.submit', { answerId: 'mine', qid: 'q1', value: 'b' });
  world.router.linkBroke();
  await world.time.settle();
  world.router.link(world.node.edge);
  await world.time.settle();
  expect(ada.got.filter(({ re }) => re === id)).toHaveLength(1);
  expect(ada.replyTo(id)).toMatchObject({ t: 'ok' });
  for (const t of ['question.opened', 'question.closed']) expect(ada.types().filter((type) => type === t)).toHaveLength(1);
});

test('K3: a newer link of the same router replaces the older one', async () => {
  const { router } = world;
  router.link(world.node.edge);
  await world.time.settle();
  expect(world.node.edge.routers).toEqual(['router-0']);
  await order(world, boss, 'lock');
  expect(ada.types().filter((t) => t === 'session.locked')).toHaveLength(1);
});

test('K5: of two tabs the newer stays, also at the next owner', async () => {
  const second = await hello(world, { role: 'player', resume: resumeOf(ada) });
  expect([ada.closeCode, second.closeCode]).toEqual([4510, null]);
  ada.closeCode = null;
  await world.replaceNode();
  await world.time.settle();
  expect([ada.closeCode, second.closeCode]).toEqual([4510, null]);
});

test('a player who was kicked while the router was away hears it, and is closed', async () => {
  world.router.linkBroke();
  await world.ask({ type: 'host', cmdId: 'k', order: 'kick', args: { playerId: playerIdOf(ada) }, recvAt: world.now() });
  world.router.link(world.node.edge);
  await world.time.settle();
  expect([ada.types().at(-1), ada.closeCode]).toEqual(['me.kicked', 4505]);
});

test('K7: a leave that was journaled and not answered is answered by the next owner', async () => {
  deaf = true;
  const id = ada.say('leave');
  await world.time.settle();
  deaf = false;
  await world.replaceNode();
  await world.time.advance(100);
  expect(ada.replyTo(id)).toMatchObject({ t: 'ok' });
  expect(ada.closeCode).toBe(1000);
});

test('a player who had left for good is closed by the next owner too', async () => {
  await world.ask({ type: 'leave', playerId: playerIdOf(ada), recvAt: world.now() });
  ada.closeCode = null;
  await world.replaceNode();
  await world.time.advance(1_000);
  expect(ada.closeCode).toBe(1000);
});

test('K6: a node that lets a shard go says so for each connection that is open on it', async () => {
  const released = world.node.region.move(0, '');
  await world.time.advance(100);
  await released;
  expect([boss.notOwner, ada.notOwner]).toMatchObject([{ shard: 0 }, { shard: 0 }]);
});

test('resume: delta with what was missed, private and shared in their order', async () => {
  await join(world, 'Bob');
  await openQuestion(world, boss);
  await answer(world, ada, 'b');
  const resume = resumeOf(ada);
  ada.hangUp();
  await order(world, boss, 'close');
  const back = await hello(world, { role: 'player', resume });
  expect(back.types()).toEqual(['welcome', 'question.closed', 'question.revealed', 'me.result', 'leaderboard']);
  expect(back.got[0]!.d).toMatchObject({ resume: 'delta', s: 3, p: 0 });
  await order(world, boss, 'next');
  expect(back.types().at(-1)).toBe('question.opened');
});

test('resume: another history, or a position from the future, is a snapshot', async () => {
  const other = await hello(world, { role: 'player', resume: { ...resumeOf(ada), e: 'e0' } });
  const future = await hello(world, { role: 'player', resume: { ...resumeOf(ada), s: 9 } });
  for (const client of [other, future]) {
    expect(client.types()).toEqual(['welcome', 'snapshot']);
    expect(client.got[0]!.d).toMatchObject({ resume: 'snapshot', s: 0, p: 0 });
  }
});
