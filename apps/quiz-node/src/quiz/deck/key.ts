/** What the right answer to a question may look like. Corrections of a running session come through here too. */
import type { KeyValue, NumericKey, PublicQuestion, QuestionOption, TextKey } from '../definition.js';
import { normaliseText } from '../text-match.js';
import { at, deepFreeze, fail, isObject, readFlag, readObject, readOneOf, readText } from './check.js';
import type { FieldError } from './check.js';

/** Accepted texts of one key. */
export const ACCEPT_MAX = 100;

export type NormalisedKey = { readonly ok: true; readonly key: KeyValue } | { readonly ok: false; readonly errors: readonly FieldError[] };

function readOption(errors: FieldError[], pointer: string, options: readonly QuestionOption[], value: unknown): string {
  if (typeof value === 'string' && options.some((option) => option.id === value)) return value;
  fail(errors, pointer, `must be the id of an option: ${options.map((option) => option.id).join(', ')}`);
  return '';
}

/** At least one, none twice. */
function readOptions(errors: FieldError[], pointer: string, options: readonly QuestionOption[], value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > options.length) {
    fail(errors, pointer, `must be a list of 1 to ${options.length} option ids`);
    return [];
  }
  return value.map((each: unknown, i) => {
    if (value.indexOf(each) !== i) fail(errors, at(pointer, i), 'must not be named twice');
    return readOption(errors, at(pointer, i), options, each);
  });
}

function readOrder(errors: FieldError[], pointer: string, options: readonly QuestionOption[], value: unknown): readonly string[] {
  const ids = readOptions(errors, pointer, options, value);
  if (ids.length > 0 && ids.length !== options.length) fail(errors, pointer, 'must name every option once, in order');
  return ids;
}

function readAccepted(errors: FieldError[], pointer: string, value: unknown, accents: boolean): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > ACCEPT_MAX) {
    fail(errors, pointer, `must be a list of 1 to ${ACCEPT_MAX} accepted texts`);
    return [];
  }
  return value.map((each: unknown, i) => {
    const text = readText(errors, at(pointer, i), each);
    if (text !== '' && normaliseText(text, accents) === '') fail(errors, at(pointer, i), 'must not be blank');
    return text;
  });
}

function readTextKey(errors: FieldError[], pointer: string, value: unknown): TextKey {
  if (!isObject(value)) return { accept: readAccepted(errors, pointer, value, true), editDistance: 0, accents: true };
  const fields = readObject(errors, pointer, value, ['accept', 'editDistance', 'accents']);
  const accents = readFlag(errors, at(pointer, 'accents'), fields['accents'], true);
  const editDistance = readOneOf<0 | 1>(errors, at(pointer, 'editDistance'), fields['editDistance'], [0, 1], 0);
  return { accept: readAccepted(errors, at(pointer, 'accept'), fields['accept'], accents), editDistance, accents };
}

function readNumber(errors: FieldError[], pointer: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
  fail(errors, pointer, value === undefined ? 'is missing' : 'must be a finite number');
  return 0;
}

function readNumericKey(errors: FieldError[], pointer: string, value: unknown): NumericKey {
  if (!isObject(value)) return { value: readNumber(errors, pointer, value), tolerance: 0 };
  const fields = readObject(errors, pointer, value, ['value', 'tolerance']);
  const tolerance = fields['tolerance'] === undefined ? 0 : readNumber(errors, at(pointer, 'tolerance'), fields['tolerance']);
  if (tolerance < 0) fail(errors, at(pointer, 'tolerance'), 'must be 0 or more');
  return { value: readNumber(errors, at(pointer, 'value'), fields['value']), tolerance };
}

/** The key of a question whose options are known to be good. `undefined` is a missing one. */
export function readKey(errors: FieldError[], pointer: string, question: Pick<PublicQuestion, 'type' | 'options'>, raw: unknown): KeyValue {
  const { type, options = [] } = question;
  if (type === 'poll') {
    if (raw !== undefined && raw !== null) fail(errors, pointer, 'a poll has no key');
    return null;
  }
  if (raw === undefined) {
    fail(errors, pointer, 'is missing');
    return null;
  }
  switch (type) {
    case 'single':
      return readOption(errors, pointer, options, raw);
    case 'multiple':
      return readOptions(errors, pointer, options, raw);
    case 'ordering':
      return readOrder(errors, pointer, options, raw);
    case 'trueFalse':
      if (typeof raw !== 'boolean') fail(errors, pointer, 'must be true or false');
      return raw === true;
    case 'text':
      return readTextKey(errors, pointer, raw);
    case 'numeric':
      return readNumericKey(errors, pointer, raw);
  }
}

/** `raw` as a key of `question`, complete and frozen; the pointers begin at the key. A poll has none: null. */
export function normaliseKey(question: PublicQuestion, raw: unknown): NormalisedKey {
  const errors: FieldError[] = [];
  const key = readKey(errors, '', question, raw);
  return errors.length > 0 ? { ok: false, errors } : { ok: true, key: deepFreeze(key) };
}
