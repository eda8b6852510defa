import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { deckOfAll, deckOfTwo } from './decks.js';
import { retell } from './transcript.js';

const FOLDER = new URL('./transcripts/', import.meta.url);

describe('whole quizzes, told again from their steps', () => {
  for (const name of readdirSync(FOLDER)) {
    it(name, () => {
      const deck = name.startsWith('all-') ? deckOfAll() : deckOfTwo();
      const { written, now } = retell(new URL(name, FOLDER).pathname, deck);
      expect(now).toBe(written);
    });
  }
});
