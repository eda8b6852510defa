/**
 * How much of an answer is right, in the words of the scoring document and for the values that are played: texts are looked up in a table written by hand,
 * numbers are compared as hundredths. No rule is taken from the engine.
 */
import type { AnswerValue, KeyValue, NumericKey, PublicQuestion, TextKey } from '../../apps/quiz-node/src/quiz/definition.js';

/** num of den parts. */
export interface Part {
  readonly num: number;
  readonly den: number;
}

/** By the key that forgives accents and a slip, and by the one that forgives neither. */
const LENIENT = new Set(['Zürich', ' zurich ', 'ZÜRICH', 'Zürih', 'strasse', 'Straße']);
const STRICT = new Set(['Zürich', 'ZÜRICH', 'Bern']);

const whole = (right: boolean): Part => ({ num: right ? 1 : 0, den: 1 });

export function partOf({ type, options = [], partial }: PublicQuestion, key: KeyValue, value: AnswerValue): Part {
  switch (type) {
    case 'single':
    case 'trueFalse':
      return whole(value === key);
    case 'multiple': {
      const right = new Set(key as readonly string[]);
      const given = new Set(value as readonly string[]);
      const wrong = [...right].filter((id) => !given.has(id)).length + [...given].filter((id) => !right.has(id)).length;
      return partial === 'hamming' ? { num: Math.max(0, options.length - 2 * wrong), den: options.length } : whole(wrong === 0);
    }
    case 'ordering': {
      const order = key as readonly string[];
      const inPlace = order.filter((id, place) => (value as readonly string[])[place] === id).length;
      return partial === 'inPlace' ? { num: inPlace, den: order.length } : whole(inPlace === order.length);
    }
    case 'text':
      return whole(((key as TextKey).accents ? STRICT : LENIENT).has(value as string));
    case 'numeric': {
      const hundredths = (each: number): number => Math.round(each * 100);
      const target = key as NumericKey;
      return whole(Math.abs(hundredths(value as number) - hundredths(target.value)) <= hundredths(target.tolerance));
    }
    case 'poll':
      return whole(false);
  }
}
