/** Who gets in, under which name, and what stays of who has gone. */
import { describe, expect, it } from '@jest/globals';
import type { Reply } from '../../../src/quiz/replies.js';
import { banned, playerStatus } from '../../../src/quiz/views/player-pages.js';
import { deckOfAll, deckOfTwo, settingsFrom } from './decks.js';
import { createCommand, World } from './world.js';

const AT_ONCE = { timing: { startMs: 0, readMs: 0 } };
const refusal = (code: number): unknown => expect.objectContaining({ ok: false, code });
const join = (world: World, joinId: string, nickname: unknown): Reply | 'stash' =>
  world.turn({ type: 'join', playerId: `id-${joinId}`, joinId, nickname: nickname as string, recvAt: world.now }).reply;

describe('joining', () => {
  it('is idempotent, and the name sent again is ignored', () => {
    const world = new World();
    expect(join(world, 'j1', 'Ann')).toEqual({ ok: true, type: 'joined', playerId: 'id-j1', nickname: 'Ann', fresh: true });
    const again = world.turn({ type: 'join', playerId: 'another', joinId: 'j1', nickname: undefined, recvAt: 0 });
    expect(again).toEqual({ events: [], outputs: [], reply: { ok: true, type: 'joined', playerId: 'id-j1', nickname: 'Ann', fresh: false } });
  });

  it('a known joinId is judged before lock, late join, full, name and end', () => {
    const world = new World(undefined, { ...AT_ONCE, lateJoin: false, maxPlayers: 1 });
    join(world, 'j1', 'Ann');
    world.host('lock');
    world.host('start');
    expect(join(world, 'j1', 5)).toMatchObject({ ok: true, fresh: false });
    world.host('end');
    expect(join(world, 'j1', 'x')).toMatchObject({ ok: true, fresh: false });
  });

  it('refuses in the documented order', () => {
    const world = new World(undefined, { ...AT_ONCE, lateJoin: false, maxPlayers: 2, locked: true });
    expect(join(world, 'j1', '')).toEqual(refusal(211));
    world.host('unlock');
    expect(join(world, 'j1', undefined)).toEqual(refusal(102));
    expect(join(world, 'j1', 7)).toEqual(refusal(102));
    expect(join(world, 'j1', '  ')).toEqual(refusal(216));
    expect(join(world, '', 'Ann')).toEqual(refusal(102));
    expect(join(world, 'x'.repeat(65), 'Ann')).toEqual(refusal(102));
    expect(join(world, 'j1', 'Ann')).toMatchObject({ ok: true });
    expect(join(world, 'j2', 'ANN')).toEqual(refusal(215));
    expect(join(world, 'j2', 'Bob')).toMatchObject({ ok: true });
    expect(join(world, 'j3', 'ANN')).toEqual(refusal(212));
    world.host('start');
    expect(join(world, 'j3', 'ANN')).toEqual(refusal(214));
    world.host('lock');
    expect(join(world, 'j3', 'ANN')).toEqual(refusal(211));
    world.host('end');
    expect(join(world, 'j3', 'ANN')).toEqual(refusal(213));
  });

  it('of a session that does not exist is 210', () => {
    const world = new World(undefined, {}, false);
    expect(join(world, 'j1', 'Ann')).toEqual(refusal(210));
    expect(world.turn({ type: 'deadline', present: true, hostPresent: true })).toEqual({ events: [], outputs: [], reply: { ok: true, type: 'done' } });
  });

  it('gives names away where the server picks them', () => {
    const world = new World(undefined, { nicknames: 'generated' });
    const names = [1, 2, 3].map((i) => (join(world, `j${i}`, undefined) as { nickname: string }).nickname);
    expect(new Set(names).size).toBe(3);
    expect(world.turn({ type: 'setNickname', playerId: 'id-j1', nickname: 'Mine', recvAt: 0 }).reply).toEqual(refusal(217));
  });

  it('coming and going does not grow a session without end', () => {
    const world = new World(undefined, { maxPlayers: 2 });
    for (let i = 0; i < 8; i += 1) {
      expect(join(world, `j${i}`, `name${i}`)).toMatchObject({ ok: true });
      world.turn({ type: 'leave', playerId: `id-j${i}`, recvAt: 0 });
    }
    expect(join(world, 'j9', 'name9')).toEqual(refusal(212));
  });
});

describe('names', () => {
  it('can be changed in the lobby, also to another case of the same', () => {
    const world = new World();
    join(world, 'j1', 'Ann');
    join(world, 'j2', 'Bob');
    const rename = (nickname: string): Reply | 'stash' => world.turn({ type: 'setNickname', playerId: 'id-j1', nickname, recvAt: 0 }).reply;
    expect(rename('bob')).toEqual(refusal(215));
    expect(rename('aNN')).toEqual({ ok: true, type: 'nickname', nickname: 'aNN' });
    expect(rename(' Zoe ')).toEqual({ ok: true, type: 'nickname', nickname: 'Zoe' });
    expect(join(world, 'j3', 'Ann')).toMatchObject({ ok: true });
    world.host('start');
    // K7: sent again it means the same.
    expect(world.turn({ type: 'setNickname', playerId: 'id-j1', nickname: 'Zoe', recvAt: 0 })).toEqual({ events: [], outputs: [], reply: { ok: true, type: 'nickname', nickname: 'Zoe' } });
    expect(rename('Ann2')).toEqual(refusal(401));
  });

  it('stay with who left or was banned, and are free after a kick', () => {
    const world = new World();
    for (const name of ['Ann', 'Bob', 'Cat']) join(world, name, name);
    world.turn({ type: 'leave', playerId: 'id-Ann', recvAt: 0 });
    world.host('ban', { playerId: 'id-Bob' });
    world.host('kick', { playerId: 'id-Cat' });
    expect([join(world, 'x', 'ann'), join(world, 'x', 'bob')]).toEqual([refusal(215), refusal(218)]);
    expect(join(world, 'x', 'cat')).toMatchObject({ ok: true, fresh: true });
  });

  it('keep apart in large sessions too', () => {
    const world = new World();
    for (let i = 0; i < 100; i += 1) expect(join(world, `j${i}`, `Player ${i}`)).toMatchObject({ ok: true });
    for (const i of [0, 31, 32, 33, 99]) {
      expect(join(world, 'new', `PLAYER ${i}`)).toEqual(refusal(215));
      expect(join(world, `j${i}`, 'x')).toMatchObject({ playerId: `id-j${i}`, fresh: false });
    }
    for (let i = 0; i < 300; i += 1) world.turn({ type: 'setNickname', playerId: 'id-j50', nickname: `Turn ${i}`, recvAt: 0 });
    expect(join(world, 'new', 'turn 299')).toEqual(refusal(215));
    expect(join(world, 'new', 'turn 298')).toMatchObject({ ok: true });
  });
});

describe('bans and departures', () => {
  it('a ban holds for player, joinId and the look of the name, until it is lifted', () => {
    const world = new World();
    join(world, 'j1', 'Ann');
    const ban = world.host('ban', { playerId: 'id-j1' });
    expect(ban.outputs).toEqual([
      { kind: 'private', playerId: 'id-j1', t: 'me.banned', p: 1, at: 0, d: {} }, { kind: 'disconnect', playerId: 'id-j1', closeCode: 4506 }, { kind: 'lobbyChanged' },
    ]);
    expect([join(world, 'j1', 'Zoe'), join(world, 'j2', 'ann')]).toEqual([refusal(218), refusal(218)]);
    expect(banned(world.state).map(({ playerId }) => playerId)).toEqual(['id-j1']);
    expect(world.turn({ type: 'unban', playerId: 'id-j1', recvAt: 0 }).reply).toEqual({ ok: true, type: 'done' });
    expect(banned(world.state)).toEqual([]);
    expect(world.turn({ type: 'unban', playerId: 'id-j1', recvAt: 0 }).reply).toEqual(refusal(402));
    // The place is gone, the person may come anew.
    expect(playerStatus(world.state, 'id-j1')).toBe('kicked');
    expect(world.turn({ type: 'join', playerId: 'fresh', joinId: 'j1', nickname: 'Ann', recvAt: 0 }).reply).toMatchObject({ playerId: 'fresh', fresh: true });
  });

  it('who has left is told so by his joinId, and leaving twice is once', () => {
    const world = new World();
    join(world, 'j1', 'Ann');
    expect(world.turn({ type: 'leave', playerId: 'id-j1', recvAt: 0 }).outputs).toEqual([{ kind: 'disconnect', playerId: 'id-j1', closeCode: 1000 }, { kind: 'lobbyChanged' }]);
    expect(world.turn({ type: 'leave', playerId: 'id-j1', recvAt: 0 })).toEqual({ events: [], outputs: [], reply: { ok: true, type: 'left' } });
    expect(world.turn({ type: 'leave', playerId: 'nobody', recvAt: 0 }).reply).toEqual(refusal(201));
    expect(join(world, 'j1', 'Ann')).toEqual(refusal(201));
    expect(['id-j1', 'nobody'].map((playerId) => playerStatus(world.state, playerId))).toEqual(['left', 'unknown']);
  });

  it('kick and ban show in the next revision; who left keeps rank and score', () => {
    const world = new World(undefined, AT_ONCE);
    for (const name of ['ann', 'bob', 'cat', 'dan']) world.join(name);
    world.host('start');
    world.until(1_000);
    for (const name of ['ann', 'bob', 'cat', 'dan']) world.answer(name, 'q1', 'b');
    const ranked = (): string[] => {
      const board = world.outputs.findLast((output) => output.kind === 'shared' && (output.t === 'leaderboard' || output.t === 'session.finished'));
      const { top, podium } = (board as unknown as { d: { top?: { playerId: string }[]; podium?: { playerId: string }[] } }).d;
      return (top ?? podium ?? []).map(({ playerId }) => playerId);
    };
    world.host('kick', { playerId: 'ann' });
    world.host('ban', { playerId: 'bob' });
    world.turn({ type: 'leave', playerId: 'cat', recvAt: 1_000 });
    expect(ranked()).toEqual(['ann', 'bob', 'cat', 'dan']);
    world.host('end');
    expect(ranked()).toEqual(['cat', 'dan']);
  });
});

describe('creating', () => {
  const created = (deck = deckOfTwo(), change: object = {}): unknown => {
    const world = new World(deck, {}, false);
    return world.turn({ ...(createCommand(deck) as object), ...change } as never).reply;
  };
  const settings = (change: object): object => ({ settings: { ...settingsFrom({}, deckOfTwo()), ...change } });

  it('refuses what could not be played', () => {
    expect(created()).toEqual({ ok: true, type: 'created' });
    expect(created({ ...deckOfTwo(), questions: [], keys: [] })).toEqual(refusal(403));
    expect(created(deckOfTwo(), settings({ scoring: 'accuracyFirst@1' }))).toMatchObject({ ok: true });
    expect(created(deckOfTwo(), settings({ scoring: 'accuracyFirst@1', streak: true }))).toEqual(refusal(403));
    expect(created(deckOfAll(), settings({ scoring: 'accuracyFirst@1' }))).toEqual(refusal(403));
    for (const change of [{ salts: [] }, { sessionSecret: 'abc' }, { hostTokenSha256: 'F'.repeat(64) }]) expect(created(deckOfTwo(), change)).toEqual(refusal(102));
  });

  it('is once', () => {
    const world = new World();
    const { event } = world.facts[0] as { event: { type: string } };
    expect(event.type).toBe('session.created');
    expect(world.turn({ type: 'create' } as never).reply).toEqual(refusal(400));
  });
});
