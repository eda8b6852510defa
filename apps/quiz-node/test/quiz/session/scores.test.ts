/** Points, sums and ranks as everybody hears them are those of a naive model with big integers. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quizDecider } from '../../../src/quiz/decider.js';
import type { SessionState } from '../../../src/quiz/decider.js';
import { rowOf } from '../../../src/quiz/state/players.js';
import { standingsHash } from '../../../src/quiz/standings-hash.js';
import { explain } from '../../../src/quiz/views/explain.js';
import { report } from '../../../src/quiz/views/report.js';
import type { ResultView } from '../../../src/quiz/outputs/results.js';
import { deckOfAll } from './decks.js';
import { Model } from './model.js';
import type { Row } from './model.js';
import { played, scripts } from './scripts.js';
import { World } from './world.js';

interface Heard {
  readonly score: number;
  readonly rank: number;
}

function plain(rows: readonly Row[]): Map<string, Heard> {
  return new Map(rows.map(({ playerId, score, rank }) => [playerId, { score: Number(score), rank }]));
}

/** The last in display order of those strictly ahead who are nearest. */
function behind(rows: readonly Row[], playerId: string): { points: number; nickname: string } | undefined {
  const me = rows.find((row) => row.playerId === playerId) as Row;
  const ahead = rows.filter((row) => row.rank < me.rank);
  const next = ahead.findLast((row) => row.rank === Math.max(...ahead.map(({ rank }) => rank)));
  return next === undefined ? undefined : { points: Number(next.score - me.score), nickname: next.playerId };
}

function named(state: SessionState, next: { points: number; nickname: string } | undefined): object | undefined {
  return next === undefined ? undefined : { points: next.points, nickname: state.players.names[rowOf(state.players, next.nickname)] };
}

describe('scores', () => {
  it('of every revision are those of the model', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const world = played(script);
        const model = new Model(world.deck);
        const state = world.replayed([]);
        for (const fact of world.facts) {
          model.apply(fact);
          quizDecider.evolve(state, fact.event, fact.meta);
          for (const output of quizDecider.outputs(state, fact.event, fact.meta)) {
            if (output.kind !== 'each') continue;
            const results = output.items as readonly { playerId: string; d: ResultView }[];
            expect(new Map(results.map(({ playerId, d: { score, rank } }) => [playerId, { score, rank }]))).toEqual(plain(model.rows()));
            for (const { playerId, d } of results) {
              const e = model.elapsed(d.qid, playerId);
              expect(d.elapsedMs).toBe(e === null ? null : Number(e));
              expect(d.of).toBe(results.length);
              expect(d.behind).toEqual(named(state, behind(model.rows(), playerId)));
              expect(d.points.total).toBe(d.points.speed + d.points.streak);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of every answer in immediate mode are as if the question ended now', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const world = played({ ...script, settings: { ...script.settings, liveScores: 'immediate' } });
        const model = new Model(world.deck);
        const state = world.replayed([]);
        for (const fact of world.facts) {
          model.apply(fact);
          quizDecider.evolve(state, fact.event, fact.meta);
          for (const output of quizDecider.outputs(state, fact.event, fact.meta)) {
            if (output.kind !== 'private' || output.t !== 'me.result') continue;
            const d = output.d as ResultView;
            const rows = model.asIfEnded(d.qid);
            expect({ score: d.score, rank: d.rank }).toEqual(plain(rows).get(output.playerId));
            expect([d.of, d.behind]).toEqual([rows.length, named(state, behind(rows, output.playerId))]);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('in immediate mode follow a correction of an earlier question at once', () => {
    const world = new World(undefined, { timing: { startMs: 0, readMs: 0 }, liveScores: 'immediate' });
    for (const name of ['ann', 'bob']) world.join(name);
    world.host('start');
    world.until(1_400);
    world.answer('ann', 'q1', 'a');
    world.host('close');
    world.host('next');
    world.turn({ type: 'correctKey', qid: 'q1', key: 'a', reason: 'typo', recvAt: world.now });
    world.until(2_800);
    const { outputs } = world.answer('ann', 'q2', 42);
    expect(outputs.find(({ kind }) => kind === 'private')).toMatchObject({ d: { score: 1_900, revision: 2 } });
  });

  it('a question without an answer ends a streak, a poll and a void do not', () => {
    const world = new World(deckOfAll(0, 8), { timing: { startMs: 0, readMs: 0 }, streak: true });
    for (const name of ['ann', 'bob']) world.join(name);
    world.host('start');
    const right = { q1: 'c', q2: ['a', 'b'], q3: true, q4: 'Paris', q5: 12.5, q6: ['c', 'b', 'd', 'a'], q7: 'a', q8: 'a' } as const;
    const bonuses: number[] = [];
    for (const [qid, value] of Object.entries(right)) {
      world.until(world.now + 1_000);
      if (qid !== 'q3') world.answer('ann', qid, value);
      const { outputs } = qid === 'q6' ? world.host('void', { qid }) : world.host('close');
      const results = outputs.find(({ kind }) => kind === 'each') as unknown as { items: { d: ResultView }[] };
      bonuses.push((results.items[0] as { d: ResultView }).d.points.streak);
      world.host('next');
    }
    //  q1 right, q2 right, q3 silent, q4 right, q5 right, q6 void, q7 poll, q8 right but worth nothing
    expect(bonuses).toEqual([0, 100, 0, 0, 100, 0, 0, 0]);
  });

  it('in the report too, with the hash of the standings', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        const world = played(script);
        const model = new Model(world.deck);
        for (const fact of world.facts) model.apply(fact);
        const { players, answers, standingsHash: hash } = report(world.state);
        const rows = model.rows().map(({ playerId, score, correct, sumE, rank }) => ({ playerId, score: Number(score), correct: Number(correct), sumE: Number(sumE), rank }));
        expect(players.map(({ playerId, score, correct, sumE, rank }) => ({ playerId, score, correct, sumE, rank }))).toEqual(rows.toSorted((a, b) => a.rank - b.rank));
        expect(hash).toBe(standingsHash(rows));
        const finished = world.outputs.filter((output) => output.kind === 'shared' && output.t === 'session.finished').at(-1);
        if (finished?.kind === 'shared' && !world.facts.some(({ event }) => event.type === 'scores.revised')) expect(finished.d).toMatchObject({ standingsHash: hash });
        for (const { playerId, qid, outcome, points } of answers) {
          const told = explain(world.state, playerId, qid);
          expect(told?.points?.total ?? null).toBe(points);
          expect(told?.points?.outcome ?? null).toBe(outcome);
        }
      }),
      { numRuns: 150 },
    );
  });
});
