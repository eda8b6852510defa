/** Every host command in every phase, paused and not: what the protocol's table says, cell by cell. */
import { describe, expect, it } from '@jest/globals';
import type { HostArgs, HostOrder } from '../../../src/quiz/commands.js';
import type { Phase } from '../../../src/quiz/replies.js';
import { hostView } from '../../../src/quiz/views/host-view.js';
import { World } from './world.js';
import { stateDump } from './dump.js';

const PHASES = ['lobby', 'starting', 'preview', 'open', 'closed', 'revealed', 'leaderboard', 'podium', 'finished', 'cancelled'] as const;
const ORDERS: readonly HostOrder[] = ['start', 'next', 'close', 'reveal', 'leaderboard', 'pause', 'resume', 'extend', 'skip', 'void', 'lock', 'unlock', 'kick', 'ban', 'end'];
const ARGS: Partial<Record<HostOrder, HostArgs>> = { extend: { ms: 1_000 }, void: { qid: 'q1' }, kick: { playerId: 'ann' }, ban: { playerId: 'ann' } };

/** A session in `phase`, with ann and bob in it; from the preview on question 1 has been shown. */
function worldIn(phase: Phase, paused: boolean): World {
  const world = new World(undefined, { reveal: 'host', timing: { startMs: 1_000, readMs: 1_000 } });
  world.join('ann');
  world.join('bob');
  const steps: readonly (() => unknown)[] = [
    () => world.host('start'),
    () => world.until(1_000),
    () => world.host('next'),
    () => world.host('close'),
    () => world.host('reveal'),
    () => world.host('leaderboard'),
    () => {
      for (const order of ['next', 'next', 'close', 'reveal', 'next'] as const) world.host(order);
    },
    () => world.host('end'),
  ];
  if (phase === 'cancelled') world.turn({ type: 'cancel', reason: 'rain', recvAt: 0 });
  else for (const step of steps.slice(0, PHASES.indexOf(phase))) step();
  if (paused) world.host('pause');
  expect(hostView(world.state)).toMatchObject({ phase, paused });
  return world;
}

/** Where a legal order leads: the phase that its reply names. */
type Cell = Phase | 'paused' | 401;

/** The table of protocol.md; orders that are not named are 401. `same`: the phase stays. */
function expected(phase: Phase, paused: boolean, order: HostOrder): Cell {
  if (phase === 'finished' || phase === 'cancelled') return 401;
  const shown = paused ? 'paused' : phase;
  if (order === 'lock' || order === 'unlock' || order === 'kick' || order === 'ban') return shown;
  if (order === 'end') return 'finished';
  if (paused) return order === 'resume' ? phase : 401;
  if (order === 'pause') return phase === 'lobby' ? 401 : 'paused';
  if (order === 'void') return phase === 'lobby' || phase === 'starting' ? 401 : phase === 'leaderboard' || phase === 'podium' ? phase : 'revealed';
  const rows: Partial<Record<Phase, Partial<Record<HostOrder, Cell>>>> = {
    lobby: { start: 'starting' },
    preview: { next: 'open', skip: 'revealed' },
    open: { close: 'closed', extend: 'open', skip: 'revealed' },
    closed: { reveal: 'revealed' },
    revealed: { leaderboard: 'leaderboard', next: 'preview' },
    leaderboard: { next: 'preview' },
  };
  return rows[phase]?.[order] ?? 401;
}

const canPause = (phase: Phase): boolean => phase !== 'lobby' && phase !== 'finished' && phase !== 'cancelled';

describe('phase × order', () => {
  for (const phase of PHASES) {
    for (const paused of canPause(phase) ? [false, true] : [false]) {
      for (const order of ORDERS) {
        const cell = expected(phase, paused, order);
        it(`${phase}${paused ? ' (paused)' : ''}: ${order} → ${cell}`, () => {
          const world = worldIn(phase, paused);
          const before = stateDump(world.state);
          const s = world.state.s;
          const turn = world.host(order, ARGS[order] ?? {}, { cmdId: 'the one' });
          if (cell === 401) {
            expect(turn).toEqual({ events: [], outputs: [], reply: { ok: false, code: 401 } });
            expect(stateDump(world.state)).toEqual(before);
            return;
          }
          expect(turn.reply).toEqual({ ok: true, type: 'host', phase: cell, e: 'history', s: world.state.s });
          expect(turn.events.length).toBeGreaterThan(0);
          expect(world.state.s - s).toBe(turn.outputs.filter(({ kind }) => kind === 'shared').length);
          // Known from now on, whatever the rest of the command says.
          const again = world.host('start', {}, { cmdId: 'the one', ifSeq: 99_999 });
          expect(again).toEqual({ events: [], outputs: [], reply: { ...(turn.reply as object), dup: true } });
        });
      }
    }
  }
});

describe('arguments and positions, before the phase', () => {
  const bad: readonly [HostOrder, HostArgs][] = [
    ['extend', {}], ['extend', { ms: 0 }], ['extend', { ms: 240_001 }], ['extend', { ms: 1.5 }], ['void', {}], ['void', { qid: 'q9' }], ['kick', {}], ['ban', {}],
    ['end', { reason: 'x'.repeat(501) }],
  ];
  for (const [order, args] of bad) {
    it(`${order} ${JSON.stringify(args).slice(0, 30)} is 102 in any phase`, () => {
      for (const phase of PHASES) expect(worldIn(phase, false).host(order, args).reply).toEqual({ ok: false, code: 102 });
    });
  }

  it('an order nobody knows is 102', () => {
    expect(worldIn('open', false).host('toString' as HostOrder).reply).toEqual({ ok: false, code: 102 });
  });

  it('a position that has passed is 400, the present one is not', () => {
    const world = worldIn('revealed', false);
    const { s } = world.state;
    expect(world.host('next', {}, { ifSeq: s - 1 }).reply).toEqual({ ok: false, code: 400 });
    expect(world.host('next', {}, { ifSeq: s }).reply).toMatchObject({ ok: true, phase: 'preview' });
    expect(world.host('next', {}, { ifSeq: s }).reply).toEqual({ ok: false, code: 400 });
  });

  it('who is not there is 402', () => {
    const world = worldIn('open', false);
    expect(world.host('kick', { playerId: 'zoe' }).reply).toEqual({ ok: false, code: 402 });
    world.host('kick', { playerId: 'ann' });
    expect(world.host('kick', { playerId: 'ann' }).reply).toEqual({ ok: false, code: 402 });
    expect(world.host('ban', { playerId: 'ann' }).reply).toMatchObject({ ok: true });
    expect(world.host('ban', { playerId: 'ann' }).reply).toEqual({ ok: false, code: 402 });
  });
});

describe('void goes by the question, not only by the phase', () => {
  it('one not yet previewed, or voided already, is 401', () => {
    const world = worldIn('revealed', false);
    expect(world.host('void', { qid: 'q2' }).reply).toEqual({ ok: false, code: 401 });
    expect(world.host('void', { qid: 'q1' }).reply).toMatchObject({ ok: true });
    expect(world.host('void', { qid: 'q1' }).reply).toEqual({ ok: false, code: 401 });
  });

  it('in closed there is no second question.closed', () => {
    const { events, outputs } = worldIn('closed', false).host('void', { qid: 'q1' });
    expect(events.map(({ type }) => type)).toEqual(['question.voided', 'question.revealed']);
    expect(outputs.flatMap((output) => ('t' in output ? [output.t] : []))).toEqual(['question.voided', 'question.revealed', 'me.result', 'leaderboard']);
  });
});

describe('the memory of commands', () => {
  it('keeps the last 256 accepted ones, and a replay keeps the same', () => {
    const world = worldIn('lobby', false);
    for (let i = 0; i < 257; i += 1) world.host(i % 2 === 0 ? 'lock' : 'unlock', {}, { cmdId: `c${i}` });
    expect(world.host('lock', {}, { cmdId: 'c1' }).reply).toMatchObject({ ok: true, dup: true, s: 2 });
    expect(stateDump(world.replayed())).toEqual(stateDump(world.state));
    const forgotten = world.host('lock', {}, { cmdId: 'c0' });
    expect(forgotten.reply).not.toHaveProperty('dup');
    expect(forgotten.events).toHaveLength(1);
  });

  it('does not remember what was refused', () => {
    const world = worldIn('lobby', false);
    expect(world.host('next', {}, { cmdId: 'x' }).reply).toEqual({ ok: false, code: 401 });
    expect(world.host('start', {}, { cmdId: 'x' }).reply).toMatchObject({ ok: true, phase: 'starting' });
  });

  it('tells what a whole turn came to: a close shows the reveal that followed at once', () => {
    const world = new World(undefined, { timing: { startMs: 0, readMs: 0 } });
    world.join('ann');
    world.host('start');
    const first = world.host('close', {}, { cmdId: 'x' }).reply;
    expect(first).toMatchObject({ phase: 'revealed' });
    expect(world.host('close', {}, { cmdId: 'x' }).reply).toEqual({ ...(first as object), dup: true });
  });
});
