/** What holds in every session, however it goes. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from '../../../src/quiz/commands.js';
import { quizDecider } from '../../../src/quiz/decider.js';
import type { Event } from '../../../src/quiz/events.js';
import type { Output } from '../../../src/quiz/outputs.js';
import { rowOf } from '../../../src/quiz/state/players.js';
import { stateDump } from './dump.js';
import { played, scripts } from './scripts.js';

const ALL_TYPES: readonly Event['type'][] = [
  'session.created', 'player.joined', 'player.renamed', 'player.left', 'player.kicked', 'player.banned', 'player.unbanned', 'session.started', 'session.paused',
  'session.resumed', 'session.locked', 'session.unlocked', 'question.previewed', 'question.opened', 'answer.accepted', 'question.extended', 'question.closed',
  'question.revealed', 'question.voided', 'key.corrected', 'scores.revised', 'leaderboard.shown', 'podium.reached', 'session.finished', 'session.cancelled',
];

/** Garbage and near misses of every command. */
const anything = fc.anything({ maxDepth: 2 });
const text = fc.oneof(fc.constantFrom('ann', 'bob', 'q1', 'q2', 'ann-q1', ''), anything as fc.Arbitrary<string>);
/** Times and counts come from the runtime and the codecs, which know no other type. */
const number = fc.oneof(fc.nat(100_000), fc.double());
const commands = fc.oneof(
  fc.record({ type: fc.constant('join'), playerId: fc.constantFrom('new', 'ann'), joinId: text, nickname: text, recvAt: number }),
  fc.record({ type: fc.constant('answer'), playerId: text, answerId: text, qid: text, value: anything, recvAt: number, creditMs: number }),
  fc.record({ type: fc.constant('setNickname'), playerId: text, nickname: text, recvAt: number }),
  fc.record({ type: fc.constantFrom('leave', 'unban'), playerId: text, recvAt: number }),
  fc.record({
    type: fc.constant('host'), cmdId: text, order: fc.oneof(fc.constantFrom('start', 'next', 'pause', 'resume', 'extend', 'void', 'kick', 'end', 'skip'), text),
    ifSeq: fc.option(number, { nil: undefined }), args: fc.record({ ms: number, qid: text, playerId: text, reason: text }, { requiredKeys: [] }), recvAt: number,
  }),
  fc.record({ type: fc.constant('correctKey'), qid: text, key: anything, reason: text, recvAt: number }),
  fc.record({ type: fc.constant('deadline'), present: fc.boolean(), hostPresent: fc.boolean() }),
  fc.record({ type: fc.constant('closeIfAll'), gone: fc.constant(new Set(['ann'])), present: fc.boolean() }),
  fc.record({ type: fc.constant('outage'), from: number, to: number }),
) as fc.Arbitrary<Command>;

/** Every numbered message, in the order in which it went out: to all, and to each player. */
function numbers(outputs: readonly Output[]): { s: number[]; p: Map<string, number[]> } {
  const s: number[] = [];
  const p = new Map<string, number[]>();
  const note = (playerId: string, each: number): void => {
    p.set(playerId, [...(p.get(playerId) ?? []), each]);
  };
  for (const output of outputs) {
    if (output.kind === 'shared') s.push(output.s);
    else if (output.kind === 'private') note(output.playerId, output.p);
    else if (output.kind === 'each') for (const item of output.items) note(item.playerId, item.p);
  }
  return { s, p };
}

const counted = (length: number): number[] => Array.from({ length }, (_unused, i) => i + 1);

describe('every session', () => {
  it('scripts go everywhere', () => {
    const seen = new Set<string>();
    for (const script of fc.sample(scripts, { numRuns: 500, seed: 42 })) for (const { event } of played(script).facts) seen.add(event.type);
    expect(ALL_TYPES.filter((type) => !seen.has(type))).toEqual([]);
  });

  it('numbers what it says densely, s for all and p for each', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const world = played(script);
        const { s, p } = numbers(world.outputs);
        expect(s).toEqual(counted(s.length));
        expect(world.state.s).toBe(s.length);
        for (const [playerId, list] of p) {
          expect(list).toEqual(counted(list.length));
          expect(rowOf(world.state.players, playerId)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never throws at a command, and deciding changes nothing', () => {
    fc.assert(
      fc.property(scripts, fc.array(commands, { minLength: 1, maxLength: 8 }), fc.nat(20_000), (script, tried, later) => {
        const world = played(script);
        const before = stateDump(world.state);
        for (const command of tried) quizDecider.decide(world.state, command, world.now + later);
        quizDecider.nextDeadline(world.state);
        expect(stateDump(world.state)).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it('takes what was accepted once, and only once', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const world = played(script);
        // What is due by now would else ride along with the first command.
        world.until(world.now);
        const facts = [...world.facts];
        const before = stateDump(world.state);
        for (const { event, meta } of facts) {
          if (event.type === 'answer.accepted') {
            const { playerId, qid, answerId, value, recvAt: receivedAt } = event;
            const again = world.answer(playerId, qid, 'something else', { answerId });
            expect(again).toEqual({ events: [], outputs: [], reply: { ok: true, type: 'answered', answerId, receivedAt, receipt: { shard: 3, epoch: meta.epoch, n: meta.n }, value, dup: true } });
            expect(world.answer(playerId, qid, value, { answerId: 'another' }).reply).toEqual({ ok: false, code: 302, extra: { answered: { qid, answerId, value, receivedAt } } });
          }
          if ('cmdId' in event && event.cmdId !== undefined) expect(world.host('start', {}, { cmdId: event.cmdId })).toMatchObject({ events: [], reply: { ok: true, dup: true } });
          // Who was kicked comes anew, and then whatever is due happens; all others are where they were.
          if (event.type === 'player.joined') {
            const { events } = world.turn({ type: 'join', playerId: `${event.playerId}-again`, joinId: event.joinId, nickname: 'whoever', recvAt: world.now });
            expect(events.slice(0, 1).every(({ type }) => type === 'player.joined')).toBe(true);
          }
        }
        if (world.facts.length === facts.length) expect(stateDump(world.state)).toEqual(before);
      }),
      { numRuns: 150 },
    );
  });

  it('acts by itself only when it is time, and then it does something', () => {
    fc.assert(
      fc.property(scripts, fc.boolean(), (script, present) => {
        const world = played(script);
        world.present = present;
        world.hostPresent = present;
        const due = quizDecider.nextDeadline(world.state);
        if (due === null) return;
        if (due.at > world.now) expect(world.turn({ type: 'deadline', present, hostPresent: present }).events).toEqual([]);
        const expectedAt = Math.max(due.at, world.now);
        expect(world.until(due.at).events.length).toBeGreaterThan(0);
        expect(world.facts.at(-1)?.meta.at).toBe(expectedAt);
      }),
      { numRuns: 150 },
    );
  });

  it('comes to an end when everybody goes home', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const world = played(script);
        world.present = false;
        world.hostPresent = false;
        world.until(world.now + 60 * 3_600_000);
        expect(['finished', 'cancelled']).toContain(world.state.phase);
        expect(world.state.retired).toBe(true);
        expect(quizDecider.nextDeadline(world.state)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});
