/** A quiz as hosts write it, checked and made complete: a deck to play, and a definition to store, show and export. */
import { createHash } from 'node:crypto';
import { canonical } from '../commitment.js';
import type { Deck } from '../definition.js';
import { at, deepFreeze, fail, isObject, readObject, readText } from './check.js';
import type { FieldError } from './check.js';
import { readDefaults, readQuestion } from './question.js';
import type { NormalisedQuestion, QuestionDefaults, ReadQuestion } from './question.js';

export const QUESTIONS_MAX = 200;

/** Reads again as itself: `normaliseQuiz` of it gives the same deck. */
export interface NormalisedQuiz {
  readonly title: string;
  readonly questions: readonly NormalisedQuestion[];
}

export type QuizResult =
  | { readonly ok: true; readonly deck: Deck; readonly definition: NormalisedQuiz }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

function readQuestions(errors: FieldError[], pointer: string, value: unknown, defaults: QuestionDefaults): readonly ReadQuestion[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > QUESTIONS_MAX) {
    fail(errors, pointer, value === undefined ? 'is missing' : `must be a list of 1 to ${QUESTIONS_MAX} questions`);
    return [];
  }
  const seen = new Set<string>();
  return value.flatMap((each: unknown, i) => {
    const read = readQuestion(errors, at(pointer, i), each, i, defaults);
    if (read === null) return [];
    const { qid } = read.question;
    if (seen.has(qid)) fail(errors, at(at(pointer, i), 'id'), `is the id of another question too: ${qid}`);
    seen.add(qid);
    return [read];
  });
}

/** Hex SHA-256 of the RFC 8785 form of what is played; names a deck wherever it is stored. */
export function deckSha256(deck: Pick<Deck, 'title' | 'questions' | 'keys'>): string {
  const { title, questions, keys } = deck;
  return createHash('sha256').update(canonical({ title, questions, keys })).digest('hex');
}

/** Every rule about a quiz in one place. The results are frozen all through and share nothing that the caller can change. */
export function normaliseQuiz(input: unknown): QuizResult {
  const errors: FieldError[] = [];
  const fields = readObject(errors, '', input, ['title', 'questions', 'defaults']);
  if (!isObject(input)) return { ok: false, errors };
  const title = readText(errors, '/title', fields['title']);
  const defaults = readDefaults(errors, '/defaults', fields['defaults']);
  const read = readQuestions(errors, '/questions', fields['questions'], defaults);
  if (errors.length > 0) return { ok: false, errors };
  const played = { title, questions: read.map((each) => each.question), keys: read.map((each) => each.key) };
  const deck: Deck = { sha256: deckSha256(played), ...played };
  return { ok: true, deck: deepFreeze(deck), definition: deepFreeze({ title, questions: read.map((each) => each.definition) }) };
}
