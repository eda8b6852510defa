/**
 * An accepted answer in one word where it can be: the place of an option in the deck, 0 or 1, the number itself, a text itself;
 * a list of options as digits to the base 9, the first one lowest, each its place + 1 (eight of them stay below 2^26).
 */
import type { AnswerValue, PublicQuestion } from '../definition.js';

export type PackedValue = number | string;

const BASE = 9;

function placeOf(question: PublicQuestion, id: string): number {
  const options = question.options ?? [];
  for (let i = 0; i < options.length; i += 1) if (options[i]?.id === id) return i;
  throw new RangeError(`no option ${id} in ${question.qid}`);
}

/** `value` has been checked against the question. */
export function packValue(question: PublicQuestion, value: AnswerValue): PackedValue {
  switch (question.type) {
    case 'single':
    case 'poll':
      return placeOf(question, value as string);
    case 'trueFalse':
      return value === true ? 1 : 0;
    case 'multiple':
    case 'ordering':
      return (value as readonly string[]).reduceRight((code, id) => code * BASE + placeOf(question, id) + 1, 0);
    case 'text':
    case 'numeric':
      return value as string | number;
  }
}

/** The places of the chosen options, in the player's order. */
export function chosenPlaces(question: PublicQuestion, packed: PackedValue): number[] {
  if (question.type === 'single' || question.type === 'poll' || question.type === 'trueFalse') return [packed as number];
  const places: number[] = [];
  for (let code = packed as number; code > 0; code = Math.floor(code / BASE)) places.push((code % BASE) - 1);
  return places;
}

export function unpackValue(question: PublicQuestion, packed: PackedValue): AnswerValue {
  switch (question.type) {
    case 'single':
    case 'poll':
      return question.options?.[packed as number]?.id as string;
    case 'trueFalse':
      return packed === 1;
    case 'multiple':
    case 'ordering':
      return chosenPlaces(question, packed).map((place) => question.options?.[place]?.id as string);
    case 'text':
    case 'numeric':
      return packed;
  }
}
