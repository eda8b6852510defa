/** A history says everything: replayed in any pieces, through JSON, or from a snapshot taken after any turn, it gives the same session. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quizDecider } from '../../../src/quiz/decider.js';
import type { SessionState } from '../../../src/quiz/decider.js';
import { partKeys, restore, snapshot, UnknownSnapshotError } from '../../../src/quiz/snapshot-codec.js';
import { deckOfAll } from './decks.js';
import { stateDump } from './dump.js';
import { played, scripts } from './scripts.js';
import type { Fact, World } from './world.js';

/** Where turns end: a snapshot is labelled with a record, and never taken within one. */
function turnEnds(facts: readonly Fact[]): number[] {
  return facts.flatMap((fact, i) => (facts[i + 1]?.meta.n === fact.meta.n ? [] : [i + 1]));
}

function putAwayAndBack(state: SessionState, stored: Map<string, string>): SessionState {
  const { head, parts } = snapshot(state);
  expect(partKeys(head)).toEqual([...parts.keys()]);
  const fetched = new Map<string, Uint8Array>();
  for (const [key, bytes] of parts) {
    const made = bytes();
    const text = Buffer.from(made).toString();
    // S1: a part never changes under its key.
    expect(stored.get(key) ?? text).toBe(text);
    stored.set(key, text);
    fetched.set(key, made);
  }
  return restore(state.sessionId, head, fetched, state.decks);
}

/** What the rest of the history makes of `state`: all that anybody hears. */
function goOn(state: SessionState, facts: readonly Fact[]): unknown[] {
  return facts.map(({ event, meta }) => {
    quizDecider.evolve(state, event, meta);
    return quizDecider.outputs(state, event, meta);
  });
}

function heard(world: World): unknown[] {
  return goOn(world.replayed([]), world.facts);
}

describe('replay', () => {
  it('of prefix and suffix is the replay of all, and both are the session', () => {
    fc.assert(
      fc.property(scripts, fc.nat(), (script, cut) => {
        const world = played(script);
        const at = cut % (world.facts.length + 1);
        const state = world.replayed(world.facts.slice(0, at));
        goOn(state, world.facts.slice(at));
        expect(stateDump(state)).toEqual(stateDump(world.state));
        expect(stateDump(world.replayed())).toEqual(stateDump(world.state));
      }),
      { numRuns: 150 },
    );
  });

  it('from a snapshot after any turn goes on alike, and the state is the same', () => {
    fc.assert(
      fc.property(scripts, fc.nat(9), (script, chosen) => {
        const world = played(script);
        const all = heard(world);
        const stored = new Map<string, string>();
        const running = world.replayed([]);
        let from = 0;
        for (const [turn, end] of turnEnds(world.facts).entries()) {
          goOn(running, world.facts.slice(from, end));
          from = end;
          const restored = putAwayAndBack(running, stored);
          expect(stateDump(restored)).toEqual(stateDump(running));
          if (turn % 10 !== chosen) continue;
          expect(goOn(restored, world.facts.slice(end))).toEqual(all.slice(end));
          expect(stateDump(restored)).toEqual(stateDump(world.state));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('a snapshot of another version is refused by name', () => {
    const world = played({ deck: [0, 8], crowd: 0, settings: {}, steps: [] });
    const head = Buffer.from(Buffer.from(snapshot(world.state).head).toString().replace('{"v":1,', '{"v":2,'));
    expect(() => restore('7K3M9QRT', head, new Map(), () => deckOfAll())).toThrow(UnknownSnapshotError);
    expect(() => partKeys(Buffer.from('nothing'))).toThrow(UnknownSnapshotError);
  });

  it('a snapshot without one of its parts is refused', () => {
    const world = played({ deck: [0, 8], crowd: 0, settings: { timing: { startMs: 0, readMs: 0 } }, steps: [{ kind: 'join', who: 0 }, { kind: 'host', order: 'start', who: 0, question: 0, late: 0 }, { kind: 'host', order: 'close', who: 0, question: 0, late: 0 }] });
    expect(() => restore('7K3M9QRT', snapshot(world.state).head, new Map(), world.state.decks)).toThrow('lacks its part');
  });
});
