/** Quizzes and settings for tests, through the same door as a host's. */
import { normaliseQuiz } from '../../../src/quiz/deck/normalise.js';
import { normaliseSettings } from '../../../src/quiz/deck/settings.js';
import type { Deck, SessionSettings } from '../../../src/quiz/definition.js';

export function deckFrom(quiz: object): Deck {
  const result = normaliseQuiz(quiz);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.deck;
}

export function settingsFrom(settings: object, deck: Deck): SessionSettings {
  const result = normaliseSettings(settings, deck);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.settings;
}

const FOUR = [{ text: 'red' }, { text: 'green' }, { text: 'blue' }, { text: 'grey' }];

/** Two questions of ten seconds each. */
export function deckOfTwo(): Deck {
  return deckFrom({
    title: 'Two',
    questions: [
      { type: 'single', text: '2+2?', options: [{ text: '3' }, { text: '4' }, { text: '5' }], key: 'b', limitMs: 10_000, explanation: 'Count.' },
      { type: 'numeric', text: '7·6?', key: { value: 42, tolerance: 0 }, limitMs: 10_000 },
    ],
  });
}

const ALL = [
  { type: 'single', text: 'Sky?', options: FOUR, key: 'c' },
  { type: 'multiple', text: 'Warm?', options: FOUR, key: ['a', 'b'], partial: 'hamming' },
  { type: 'trueFalse', text: 'True?', key: true, points: 2000 },
  { type: 'text', text: 'Capital of France?', key: { accept: ['Paris'], editDistance: 1 } },
  { type: 'numeric', text: 'Half of 25?', key: { value: 12.5, tolerance: 0.5 } },
  { type: 'ordering', text: 'Alphabet?', options: FOUR, key: ['c', 'b', 'd', 'a'], partial: 'inPlace' },
  { type: 'poll', text: 'Best?', options: FOUR },
  { type: 'single', text: 'For nothing?', options: FOUR, key: 'a', points: 0 },
];

/** One of each type, or `count` of them from the `first` on. */
export function deckOfAll(first = 0, count = ALL.length): Deck {
  const questions = Array.from({ length: count }, (_unused, i) => ALL[(first + i) % ALL.length]);
  return deckFrom({ title: 'All', defaults: { limitMs: 10_000 }, questions });
}
