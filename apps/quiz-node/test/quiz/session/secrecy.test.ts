/** I6: before the reveal, nothing that anybody is sent depends on which answer is right, the commitment apart. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Deck, KeyValue, QuestionType } from '../../../src/quiz/definition.js';
import { clientSnapshot } from '../../../src/quiz/views/client-snapshot.js';
import { deckOfAll } from './decks.js';
import { crowded, perform, scripts } from './scripts.js';
import type { Script } from './scripts.js';
import { World } from './world.js';

const OTHER_KEY: Readonly<Record<QuestionType, KeyValue>> = {
  single: 'b', multiple: ['c', 'd'], trueFalse: false, text: { accept: ['Rome'], editDistance: 0, accents: false }, numeric: { value: 1, tolerance: 0 }, ordering: ['d', 'c', 'b', 'a'], poll: null,
};

/** The same quiz with another right answer to one question, and another explanation. */
function withOtherKey(deck: Deck, index: number): Deck {
  const { type } = deck.questions[index] as Deck['questions'][number];
  return { ...deck, keys: deck.keys.map((key, i) => (i === index ? { ...key, key: OTHER_KEY[type], explanation: 'Because.' } : key)) };
}

/** All that leaves the session until the question at `index` is revealed: outputs, replies, and everybody's snapshots. */
function heardUntilReveal(script: Script, deck: Deck, index: number): string[] {
  const world = crowded(script, deck, { ...script.settings, liveScores: 'reveal' });
  const heard: string[] = [];
  for (const step of script.steps) {
    const turn = perform(world, step);
    if (world.state.runs[index]?.revealed === true) break;
    heard.push(JSON.stringify([turn.outputs, turn.reply]));
    for (const playerId of world.state.players.ids.slice(-6)) heard.push(JSON.stringify(clientSnapshot(world.state, 'player', playerId)));
    for (const role of ['host', 'presenter', 'spectator'] as const) heard.push(JSON.stringify(clientSnapshot(world.state, role)));
  }
  return heard.map((text) => text.replace(/"commit":"[0-9a-f]{64}"/g, '"commit":"masked"'));
}

describe('secrecy', () => {
  it('the same script under another key is told alike until the reveal', () => {
    let told = 0;
    fc.assert(
      fc.property(scripts, fc.nat(7), (script, chosen) => {
        const deck = deckOfAll(...script.deck);
        const index = chosen % deck.questions.length;
        const one = heardUntilReveal(script, deck, index);
        expect(heardUntilReveal(script, withOtherKey(deck, index), index)).toEqual(one);
        told += one.length;
      }),
      { numRuns: 200 },
    );
    expect(told).toBeGreaterThan(1_000);
  });

  it('the commitment does depend on the key', () => {
    const commits = [deckOfAll(), withOtherKey(deckOfAll(), 0)].map((deck) => {
      const world = new World(deck, { timing: { startMs: 0, readMs: 5_000 } });
      world.join('ann');
      return JSON.stringify(world.host('start').outputs.filter((output) => output.kind === 'shared' && output.t === 'question.preview'));
    });
    expect(commits[0]).not.toBe(commits[1]);
  });
});
