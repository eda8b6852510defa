/** Transcripts of the first frames of a connection (protocol.md, "Joining, resuming, leaving"). */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HOST_TOKEN, PRESENTER_TOKEN } from './stage/quiz.js';
import type { StageClient } from './stage/client.js';
import { hello as say } from './stage/play.js';
import { World } from './stage/world.js';

let world: World;
beforeEach(async () => {
  world = await World.open();
  await world.create();
});
afterEach(() => {
  expect(world.router.complaints).toEqual([]);
});

const hello = (d: object, client?: StageClient): Promise<StageClient> => say(world, d, client);
const join = (nickname: string, joinId = nickname): Promise<StageClient> => hello({ role: 'player', nickname, joinId });
const codes = (client: StageClient): [string[], number | null] => [client.types(), client.closeCode];

test('a new player is welcomed with a token and a snapshot at the same position', async () => {
  const ada = await join('Ada');
  expect(ada.types()).toEqual(['welcome', 'snapshot']);
  const { d } = ada.got[0]!;
  expect(d).toMatchObject({ sessionId: '7K3M9QRT', nickname: 'Ada', role: 'player', e: 'e1', s: 0, p: 0, resume: 'new', limits: { frameBytes: 4096, perSecond: 5 } });
  expect(d['resumeToken']).toMatch(new RegExp(`^${String(d['playerId'])}\\.[\\w-]{43}$`));
  expect(ada.got[1]).toMatchObject({ e: 'e1', s: 0, p: 0, d: { phase: 'lobby', quiz: { title: 'Two', total: 2 }, me: { nickname: 'Ada', score: 0, rank: null }, players: { count: 1 } } });
});

test('the same joinId is the same player, whatever nickname is sent with it', async () => {
  const first = await join('Ada', 'j1');
  const again = await hello({ role: 'player', nickname: 'Bob', joinId: 'j1' });
  expect(again.got[0]!.d).toMatchObject({ playerId: first.got[0]!.d['playerId'], nickname: 'Ada', resume: 'new' });
  expect(first.closeCode).toBe(4510);
});

test('without a joinId the connection is the joinId: a hello whose welcome got lost is sent again and finds its player', async () => {
  const client = world.router.client();
  client.say('hello', { role: 'player', nickname: 'Ada' });
  world.router.linkBroke();
  await world.time.settle();
  expect(client.types()).toEqual([]);
  world.router.link(world.node.edge);
  await world.time.settle();
  expect(client.types()).toEqual(['welcome', 'snapshot']);
  expect(client.got[1]!.d).toMatchObject({ players: { count: 1 } });
});

test('host and presenter show their tokens, a spectator needs none', async () => {
  const host = await hello({ role: 'host', token: HOST_TOKEN });
  const presenter = await hello({ role: 'presenter', token: PRESENTER_TOKEN });
  const spectator = await hello({ role: 'spectator' });
  expect([host, presenter, spectator].map((client) => client.types())).toEqual(Array(3).fill(['welcome', 'snapshot']));
  expect(host.got[0]!.d).toMatchObject({ role: 'host', resume: 'new', limits: { perSecond: 20 } });
  expect(host.got[0]!.d).not.toHaveProperty('resumeToken');
});

test.each([
  ['host', undefined], ['host', 'wrong'], ['host', PRESENTER_TOKEN], ['presenter', HOST_TOKEN], ['presenter', undefined],
])('%s with token %s is refused', async (role, token) => {
  expect(codes(await hello({ role, ...(token === undefined ? {} : { token }) }))).toEqual([['err 200'], 4502]);
});

test('a hello that may be mended keeps the socket', async () => {
  await join('Ada');
  const client = await hello({ role: 'player', nickname: 'Ada' });
  await hello({ role: 'player', nickname: '' }, client);
  await hello({ role: 'player' }, client);
  await hello({ role: 'nobody' }, client);
  await hello({ role: 'player', nickname: 'Bob' }, client);
  expect(codes(client)).toEqual([['err 215', 'err 216', 'err 102', 'err 102', 'welcome', 'snapshot'], null]);
  await hello({ role: 'player', nickname: 'Bob' }, client);
  expect(codes(client)).toEqual([['err 215', 'err 216', 'err 102', 'err 102', 'welcome', 'snapshot', 'err 102'], null]);
});

test('frames before the welcome', async () => {
  const sync = world.router.client();
  sync.say('sync', { t0: 1 });
  const unknown = world.router.client();
  unknown.say('dance', {});
  const wrong = world.router.client();
  wrong.say('answer.submit', {});
  const garbage = world.router.client();
  garbage.raw('{');
  const binary = world.router.client();
  binary.binary();
  await world.time.settle();
  expect([sync, unknown, wrong, garbage, binary].map(codes)).toEqual([
    [['err 103'], 4500], [['err 103'], 4500], [['err 103'], 4500], [['err 100'], 4500], [['err 100'], 4500],
  ]);
  expect(garbage.got[0]).not.toHaveProperty('re');
});

test('an answer sent right behind the hello is judged as that of the player', async () => {
  const client = world.router.client();
  client.say('hello', { role: 'player', nickname: 'Ada', joinId: 'j1' });
  client.say('answer.submit', { answerId: 'a1', qid: 'q1', value: 'b' });
  await world.time.settle();
  expect(client.types()).toEqual(['welcome', 'snapshot', 'err 300']);
});

test('a session that does not exist', async () => {
  const other = await World.open();
  const client = other.router.client();
  client.say('hello', { role: 'player', nickname: 'Ada' });
  await other.time.settle();
  expect(codes(client)).toEqual([['err 210'], 4508]);
});

test('a token that is unknown or has ended', async () => {
  const ada = await join('Ada');
  const token = String(ada.got[0]!.d['resumeToken']);
  const position = { e: 'e1', s: 0, p: 0 };
  expect(codes(await hello({ role: 'player', resume: { token: `${token}x`, ...position } }))).toEqual([['err 201'], 4006]);
  ada.say('leave');
  await world.time.settle();
  expect(codes(ada)).toEqual([['welcome', 'snapshot', 'ok'], 1000]);
  expect(codes(await hello({ role: 'player', resume: { token, ...position } }))).toEqual([['err 201'], 4006]);
  expect(codes(await join('Ada'))).toEqual([['err 201'], 4006]);
});

test('kick and ban', async () => {
  const host = await hello({ role: 'host', token: HOST_TOKEN });
  const [ada, bob] = [await join('Ada'), await join('Bob')];
  host.say('host.cmd', { cmdId: '1', cmd: 'kick', args: { playerId: ada.got[0]!.d['playerId'] } });
  host.say('host.cmd', { cmdId: '2', cmd: 'ban', args: { playerId: bob.got[0]!.d['playerId'] } });
  await world.time.settle();
  expect(codes(ada)).toEqual([['welcome', 'snapshot', 'me.kicked'], 4505]);
  expect(codes(bob)).toEqual([['welcome', 'snapshot', 'me.banned'], 4506]);
  const again = await join('Ada');
  expect(again.types()).toEqual(['welcome', 'snapshot']);
  expect(again.got[0]!.d['playerId']).not.toBe(ada.got[0]!.d['playerId']);
  expect(codes(await join('Bob'))).toEqual([['err 218'], 4506]);
  const resume = { token: bob.got[0]!.d['resumeToken'], e: 'e1', s: 0, p: 0 };
  expect(codes(await hello({ role: 'player', resume }))).toEqual([['err 218'], 4506]);
});

test('a locked session takes nobody new, but lets its players back', async () => {
  const host = await hello({ role: 'host', token: HOST_TOKEN });
  const ada = await join('Ada');
  host.say('host.cmd', { cmdId: '1', cmd: 'lock' });
  await world.time.settle();
  expect(codes(await join('Bob'))).toEqual([['err 211'], 4503]);
  const resume = { token: ada.got[0]!.d['resumeToken'], e: 'e1', s: ada.s, p: ada.p };
  expect((await hello({ role: 'player', resume })).got[0]!.d).toMatchObject({ resume: 'delta' });
});
