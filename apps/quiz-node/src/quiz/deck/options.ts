/** What a question offers to choose from. */
import type { QuestionOption } from '../definition.js';
import { at, fail, isObject, readObject, readText } from './check.js';
import type { FieldError } from './check.js';

export const OPTIONS_MIN = 2;
export const OPTIONS_MAX = 8;
/** Characters of an id, of questions too. */
export const ID_MAX = 64;

/** Is a field's name in statistics, so the one name that JavaScript keeps to itself is refused. */
function readOptionId(errors: FieldError[], pointer: string, value: unknown, byDefault: string): string {
  if (value === undefined) return byDefault;
  const id = readText(errors, pointer, value, ID_MAX);
  if (/\p{Cc}/u.test(id)) fail(errors, pointer, 'must not contain control characters');
  if (id === '__proto__') fail(errors, pointer, 'must be another name');
  return id;
}

/** With unique ids; the first is "a" unless it has one, the second "b", and so on. */
export function readOptions(errors: FieldError[], pointer: string, value: unknown): readonly QuestionOption[] {
  if (!Array.isArray(value) || value.length < OPTIONS_MIN || value.length > OPTIONS_MAX) {
    fail(errors, pointer, `must be a list of ${OPTIONS_MIN} to ${OPTIONS_MAX} options`);
    return [];
  }
  const seen = new Set<string>();
  return value.map((each: unknown, i) => {
    const here = at(pointer, i);
    const fields = readObject(errors, here, each, ['id', 'text']);
    const id = readOptionId(errors, at(here, 'id'), fields['id'], String.fromCharCode(97 + i));
    if (seen.has(id) && id !== '') fail(errors, at(here, 'id'), `is the id of another option too: ${id}`);
    seen.add(id);
    return { id, text: isObject(each) ? readText(errors, at(here, 'text'), fields['text']) : '' };
  });
}
