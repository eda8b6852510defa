/** Points, sums and ranks as everybody hears them are those of a naive model with big integers. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quizDecider } from '../../../src/quiz/decider.js';
import { standingsHash } from '../../../src/quiz/standings-hash.js';
import { explain } from '../../../src/quiz/views/explain.js';
import { report } from '../../../src/quiz/views/report.js';
import type { ResultView } from '../../../src/quiz/outputs/results.js';
import { Model } from './model.js';
import type { Row } from './model.js';
import { played, scripts } from './scripts.js';

interface Heard {
  readonly score: number;
  readonly rank: number;
}

function plain(rows: readonly Row[]): Map<string, Heard> {
  return new Map(rows.map(({ playerId, score, rank }) => [playerId, { score: Number(score), rank }]));
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
              expect(d.points.total).toBe(d.points.speed + d.points.streak);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
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
