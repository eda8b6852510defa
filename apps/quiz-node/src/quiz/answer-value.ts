/** What a player may answer, by type of question, and how much of it is right. */
import type { AnswerValue, KeyValue, NumericKey, PublicQuestion, TextKey } from './definition.js';
import { within } from './decimal.js';
import { matchesText, normaliseText } from './text-match.js';

export const TEXT_ANSWER_CODE_POINTS_MAX = 500;

/** num of den parts are right; fully correct where num = den. Not reduced. */
export interface Fraction {
  readonly num: number;
  readonly den: number;
}

const OPTIONS_MAX = 8;
/** Every fraction that can occur, made once: [den][num]. */
const FRACTIONS: readonly (readonly Fraction[])[] = Array.from({ length: OPTIONS_MAX + 1 }, (_unused, den) =>
  Array.from({ length: den + 1 }, (_none, num) => Object.freeze({ num, den })),
);

function fraction(num: number, den: number): Fraction {
  return FRACTIONS[den]?.[num] ?? { num, den };
}

export const WRONG: Fraction = fraction(0, 1);
export const RIGHT: Fraction = fraction(1, 1);

function hasOption(question: PublicQuestion, id: unknown): id is string {
  const options = question.options;
  if (options === undefined) return false;
  for (const option of options) if (option.id === id) return true;
  return false;
}

/** Option ids of the question, none twice. */
function distinctOptions(question: PublicQuestion, value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || value.length > (question.options?.length ?? 0)) return null;
  for (let i = 0; i < value.length; i += 1) {
    if (!hasOption(question, value[i]) || value.indexOf(value[i]) !== i) return null;
  }
  return Object.freeze((value as string[]).slice());
}

/** More UTF-16 units than twice the limit cannot be few enough code points: a cheap bound before counting. */
function codePointsAtMost(text: string, max: number): boolean {
  if (text.length <= max) return true;
  return text.length <= 2 * max && [...text].length <= max;
}

/**
 * The value in the form in which it is journaled, or null where the question cannot take it (303).
 * Lists keep the player's order; −0 is 0; lone surrogates become U+FFFD, as they would on their way through UTF-8, so that a replay judges the same text.
 */
export function checkValue(question: PublicQuestion, value: unknown): AnswerValue | null {
  switch (question.type) {
    case 'single':
    case 'poll':
      return hasOption(question, value) ? value : null;
    case 'trueFalse':
      return typeof value === 'boolean' ? value : null;
    case 'multiple': {
      const ids = distinctOptions(question, value);
      return ids !== null && ids.length > 0 ? ids : null;
    }
    case 'ordering': {
      const ids = distinctOptions(question, value);
      return ids !== null && ids.length === question.options?.length ? ids : null;
    }
    case 'text': {
      if (typeof value !== 'string' || !codePointsAtMost(value, TEXT_ANSWER_CODE_POINTS_MAX)) return null;
      return normaliseText(value, true) === '' ? null : value.toWellFormed();
    }
    case 'numeric':
      return typeof value === 'number' && Number.isFinite(value) ? value + 0 : null;
  }
}

/** Hamming: a wrong pick and a missed one each cost two parts of n, so that picking all or nothing earns nothing. */
function correctnessOfSet(question: PublicQuestion, key: readonly string[], value: readonly string[]): Fraction {
  let common = 0;
  for (const id of value) if (key.includes(id)) common += 1;
  const h = key.length + value.length - 2 * common;
  if (question.partial !== 'hamming') return h === 0 ? RIGHT : WRONG;
  const n = question.options?.length ?? 0;
  return fraction(Math.max(0, n - 2 * h), n);
}

function correctnessOfOrder(question: PublicQuestion, key: readonly string[], value: readonly string[]): Fraction {
  let inPlace = 0;
  for (let i = 0; i < key.length; i += 1) if (key[i] === value[i]) inPlace += 1;
  if (question.partial === 'inPlace') return fraction(inPlace, key.length);
  return inPlace === key.length ? RIGHT : WRONG;
}

/** How much of a checked `value` is right by a normalised `key` of the same question. A poll is unscored: 0 of 1, whatever the answer. */
export function correctness(question: PublicQuestion, key: KeyValue, value: AnswerValue): Fraction {
  switch (question.type) {
    case 'single':
    case 'trueFalse':
      return value === key ? RIGHT : WRONG;
    case 'multiple':
      return correctnessOfSet(question, key as readonly string[], value as readonly string[]);
    case 'ordering':
      return correctnessOfOrder(question, key as readonly string[], value as readonly string[]);
    case 'text':
      return matchesText(key as TextKey, value as string) ? RIGHT : WRONG;
    case 'numeric': {
      const { value: target, tolerance } = key as NumericKey;
      return within(value as number, target, tolerance) ? RIGHT : WRONG;
    }
    case 'poll':
      return WRONG;
  }
}
