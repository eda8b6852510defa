import { beforeEach, expect, test } from '@jest/globals';
import { SimTime } from '../../../../libs/actors/test/fakes/sim-time.js';
import { OpenConnection } from '../../src/session/open-connection.js';
import { Presence } from '../../src/session/presence.js';
import type { RouterLink } from '../../src/session/router-link.js';

const ID = '7K3M9QRT';
const link = { name: 'one' } as unknown as RouterLink;
let time: SimTime;
let presence: Presence;
let emptied: string[];
let conns = 0;

beforeEach(() => {
  time = new SimTime();
  emptied = [];
  presence = new Presence({ clock: time, timers: time, goneMs: 10_000, emptied: (sessionId) => emptied.push(sessionId) });
  presence.owned(3, 1, 0);
});

function player(playerId: string, count: number, epoch = 1, at = 0) {
  const open = new OpenConnection(link, ++conns, ID, 3, `boot.${conns}`);
  const superseded = presence.opened(open).bound(open, { role: 'player', playerId }, { epoch, count, at });
  return { open, superseded };
}

test('a newer connection of a player supersedes the older, also when it is heard of first', () => {
  const first = player('a', 1);
  const second = player('a', 2);
  expect(second.superseded).toBe(first.open);
  const late = player('a', 1);
  expect(late.superseded).toBe(late.open);
  expect(player('a', 1, 2).superseded).toBe(second.open);
});

test('a hello that a router stamped before the clock of the owner before was known counts from when it was said (simulation, seed 20196)', () => {
  presence.owned(3, 2, 100);
  const back = player('a', 1, 2, 3_450);
  // Another router brings the clock, and the connection that the player had by it.
  presence.owned(3, 2, 1_350);
  const stale = player('a', 7, 1, 3_600);
  expect(stale.superseded).toBe(stale.open);
  // What was said by the right clock stays as it is.
  const next = player('a', 2, 2, 4_800);
  expect(next.superseded).toBe(back.open);
});

test('a player is gone 10 s after the disconnect', async () => {
  const a = player('a', 1);
  player('b', 2);
  await time.advance(60_000);
  presence.removed(a.open);
  await time.advance(10_000);
  expect(presence.isGone(ID, 'a')).toBe(false);
  await time.advance(1);
  expect([presence.isGone(ID, 'a'), presence.isGone(ID, 'b')]).toEqual([true, false]);
});

test('who was never seen here is gone 10 s after the claim', async () => {
  player('a', 1);
  expect(presence.isGone(ID, 'x')).toBe(false);
  await time.advance(10_001);
  expect(presence.isGone(ID, 'x')).toBe(true);
});

test('a new claim of the shard starts the 10 s anew, a raised clock does not', async () => {
  player('a', 1);
  await time.advance(10_001);
  presence.owned(3, 1, 500);
  expect(presence.isGone(ID, 'x')).toBe(true);
  presence.owned(3, 2, 0);
  expect(presence.isGone(ID, 'x')).toBe(false);
});

test('the last socket empties a session, and when somebody went is remembered for 10 s', async () => {
  await time.advance(60_000);
  const a = player('a', 1);
  presence.removed(a.open);
  expect(emptied).toEqual([ID]);
  expect(presence.mayLeaveMemory(ID)).toBe(true);
  player('b', 2);
  await time.advance(5_000);
  expect(presence.isGone(ID, 'a')).toBe(false);
  await time.advance(5_001);
  expect(presence.isGone(ID, 'a')).toBe(true);
});

test('an empty session is forgotten afterwards', async () => {
  presence.removed(player('a', 1).open);
  await time.advance(20_002);
  expect(presence.sessions).toBe(0);
  expect([...presence.inShard(3)]).toEqual([]);
});

test('who was welcomed by another owner counts as present before the turn that binds them again', () => {
  const open = new OpenConnection(link, 98, ID, 3, 'boot.98');
  presence.opened(open);
  expect([presence.present(ID), presence.hostPresent(ID)]).toEqual([false, false]);
  open.seat.identity = { role: 'host' };
  expect([presence.present(ID), presence.hostPresent(ID)]).toEqual([true, true]);
  open.seat.identity = { role: 'player', playerId: 'a' };
  expect([presence.present(ID), presence.hostPresent(ID)]).toEqual([true, false]);
  open.closing = true;
  expect(presence.present(ID)).toBe(false);
});

test('hosts count as present, spectators do not', () => {
  const open = new OpenConnection(link, 99, ID, 3, 'boot.99');
  const audience = presence.opened(open);
  audience.bound(open, { role: 'spectator' }, { epoch: 1, count: 1, at: 0 });
  expect([presence.present(ID), presence.hostPresent(ID)]).toEqual([false, false]);
  const host = new OpenConnection(link, 100, ID, 3, 'boot.100');
  presence.opened(host).bound(host, { role: 'host' }, { epoch: 1, count: 2, at: 0 });
  expect([presence.present(ID), presence.hostPresent(ID)]).toEqual([true, true]);
  presence.removed(host);
  expect([presence.present(ID), presence.hostPresent(ID)]).toEqual([false, false]);
});
