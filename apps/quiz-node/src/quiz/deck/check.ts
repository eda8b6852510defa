/** Reads fields of an unknown JSON value. Every reader answers with something of the right type and notes what was wrong with the input: whoever finds a note drops the result. */

export interface FieldError {
  /** RFC 6901, from the root of the input. */
  readonly pointer: string;
  readonly detail: string;
}

/** A caller gets at most so many notes: the next ones teach nothing. */
export const ERRORS_MAX = 100;
/** Code points in any text of a quiz. */
export const TEXT_MAX = 500;

export type Fields = Readonly<Record<string, unknown>>;

export function fail(errors: FieldError[], pointer: string, detail: string): void {
  if (errors.length < ERRORS_MAX) errors.push({ pointer, detail });
}

/** One step down from `pointer`. */
export function at(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NOTHING: Fields = Object.freeze({});

/** An object that has no other fields than `known`. */
export function readObject(errors: FieldError[], pointer: string, value: unknown, known: readonly string[]): Fields {
  if (!isObject(value)) {
    fail(errors, pointer, 'must be an object');
    return NOTHING;
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) fail(errors, at(pointer, name), `is unknown; known are ${known.join(', ')}`);
  }
  return value;
}

export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** A text of at most `max` code points that can be written as UTF-8. Blank ones only where `blank` says so. */
export function readText(errors: FieldError[], pointer: string, value: unknown, max = TEXT_MAX, blank = false): string {
  if (value === undefined) fail(errors, pointer, 'is missing');
  else if (typeof value !== 'string') fail(errors, pointer, 'must be a text');
  else if (value.length > 2 * max || codePoints(value) > max) fail(errors, pointer, `must have at most ${max} characters`);
  else if (!value.isWellFormed()) fail(errors, pointer, 'must not contain half of a surrogate pair');
  else if (!blank && !/\P{White_Space}/u.test(value)) fail(errors, pointer, 'must not be blank');
  else return value;
  return '';
}

/** A whole number of the range, ends included; `absent` stands in for a missing one. */
export function readWhole(errors: FieldError[], pointer: string, value: unknown, min: number, max: number, absent: number): number {
  if (value === undefined) return absent;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value + 0;
  fail(errors, pointer, `must be a whole number from ${min} to ${max}`);
  return absent;
}

export function readFlag(errors: FieldError[], pointer: string, value: unknown, absent: boolean): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? absent;
  fail(errors, pointer, 'must be true or false');
  return absent;
}

/** One of `allowed`; `absent` stands in for a missing one. */
export function readOneOf<T extends string | number>(errors: FieldError[], pointer: string, value: unknown, allowed: readonly T[], absent: T): T {
  if (value === undefined) return absent;
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  fail(errors, pointer, allowed.length === 1 ? `must be ${allowed[0]}` : `must be one of ${allowed.join(', ')}`);
  return absent;
}

/** Freezes a JSON value with all that it contains. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
