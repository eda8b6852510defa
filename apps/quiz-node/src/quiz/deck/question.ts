/** One question of a quiz, from what a host wrote to what is played. */
import type { AnswerKey, KeyValue, PartialCredit, PublicQuestion, QuestionOption, QuestionType } from '../definition.js';
import { at, fail, isObject, readObject, readOneOf, readText, readWhole, TEXT_MAX } from './check.js';
import type { FieldError, Fields } from './check.js';
import { readKey } from './key.js';
import { ID_MAX, readOptions } from './options.js';

export const POINTS = [0, 1000, 2000] as const;
export const POINTS_DEFAULT = 1000;
export const LIMIT_MS_MIN = 5_000;
export const LIMIT_MS_MAX = 240_000;
export const LIMIT_MS_DEFAULT = 20_000;
export const READ_MS_LIMIT = 240_000;

const TYPES: readonly QuestionType[] = ['single', 'multiple', 'trueFalse', 'text', 'numeric', 'ordering', 'poll'];
const FIELDS = ['id', 'type', 'text', 'media', 'options', 'key', 'points', 'limitMs', 'readMs', 'partial', 'explanation'] as const;

/** What a question may say about partial credit; the first is the default. */
const PARTIAL: Readonly<Record<QuestionType, readonly PartialCredit[]>> = {
  single: ['allOrNothing'],
  multiple: ['allOrNothing', 'hamming'],
  trueFalse: ['allOrNothing'],
  text: ['allOrNothing'],
  numeric: ['allOrNothing'],
  ordering: ['allOrNothing', 'inPlace'],
  poll: ['allOrNothing'],
};

/** A question as it is stored and exported: what the host wrote, with all defaults filled in. */
export interface NormalisedQuestion {
  readonly id: string;
  readonly type: QuestionType;
  readonly text: string;
  readonly media?: string;
  readonly options?: readonly QuestionOption[];
  /** Absent for a poll. */
  readonly key?: KeyValue;
  readonly points: number;
  readonly limitMs: number;
  readonly readMs?: number;
  readonly partial: PartialCredit;
  readonly explanation?: string;
}

/** What a quiz says for all of its questions. */
export interface QuestionDefaults {
  readonly points: number;
  readonly limitMs: number;
  readonly readMs: number | undefined;
  /** For the questions of a type that knows it. */
  readonly partial: PartialCredit;
}

export function readDefaults(errors: FieldError[], pointer: string, value: unknown): QuestionDefaults {
  const fields = value === undefined ? {} : readObject(errors, pointer, value, ['points', 'limitMs', 'readMs', 'partial']);
  return {
    points: readOneOf<number>(errors, at(pointer, 'points'), fields['points'], POINTS, POINTS_DEFAULT),
    limitMs: readWhole(errors, at(pointer, 'limitMs'), fields['limitMs'], LIMIT_MS_MIN, LIMIT_MS_MAX, LIMIT_MS_DEFAULT),
    readMs: readOptional(errors, at(pointer, 'readMs'), fields['readMs']),
    partial: readOneOf<PartialCredit>(errors, at(pointer, 'partial'), fields['partial'], ['allOrNothing', 'hamming', 'inPlace'], 'allOrNothing'),
  };
}

function readOptional(errors: FieldError[], pointer: string, value: unknown): number | undefined {
  return value === undefined ? undefined : readWhole(errors, pointer, value, 0, READ_MS_LIMIT, 0);
}

/** Stands in paths of REST: letters, digits and `. _ ~ -` alone, and a letter or digit first. */
function readQid(errors: FieldError[], pointer: string, value: unknown, byDefault: string): string {
  if (value === undefined) return byDefault;
  if (typeof value === 'string' && value.length <= ID_MAX && /^[A-Za-z0-9][A-Za-z0-9._~-]*$/.test(value)) return value;
  fail(errors, pointer, `must be 1 to ${ID_MAX} letters, digits or . _ ~ -, a letter or digit first`);
  return byDefault;
}

function readMedia(errors: FieldError[], pointer: string, value: unknown): string {
  const media = readText(errors, pointer, value);
  const url = URL.canParse(media) ? new URL(media) : null;
  if (media !== '' && (url === null || !/^https?:\/\//i.test(media))) fail(errors, pointer, 'must be an http or https URL');
  return media;
}

function readPoints(errors: FieldError[], pointer: string, value: unknown, type: QuestionType, byDefault: number): number {
  const points = readOneOf<number>(errors, pointer, value, POINTS, byDefault);
  return type === 'poll' ? 0 : points;
}

export interface ReadQuestion {
  readonly question: PublicQuestion;
  readonly key: AnswerKey;
  readonly definition: NormalisedQuestion;
}

/** Fields that only some questions have. */
function optionalFields(errors: FieldError[], pointer: string, fields: Fields, type: QuestionType, defaults: QuestionDefaults): Pick<NormalisedQuestion, 'media' | 'options' | 'readMs'> {
  const { media, options } = fields;
  const chosen = type === 'single' || type === 'multiple' || type === 'ordering' || type === 'poll';
  if (!chosen && options !== undefined) fail(errors, at(pointer, 'options'), `a ${type} question has no options`);
  const readMs = readOptional(errors, at(pointer, 'readMs'), fields['readMs']) ?? defaults.readMs;
  return {
    ...(media === undefined ? {} : { media: readMedia(errors, at(pointer, 'media'), media) }),
    ...(chosen ? { options: readOptions(errors, at(pointer, 'options'), options) } : {}),
    ...(readMs === undefined ? {} : { readMs }),
  };
}

/** The question at `index`, 0 for the first; null if nothing can be said about it. */
export function readQuestion(errors: FieldError[], pointer: string, value: unknown, index: number, defaults: QuestionDefaults): ReadQuestion | null {
  const before = errors.length;
  const fields = readObject(errors, pointer, value, FIELDS);
  if (!isObject(value)) return null;
  const id = readQid(errors, at(pointer, 'id'), fields['id'], `q${index + 1}`);
  const text = readText(errors, at(pointer, 'text'), fields['text']);
  if (!TYPES.includes(fields['type'] as QuestionType)) {
    fail(errors, at(pointer, 'type'), fields['type'] === undefined ? 'is missing' : `must be one of ${TYPES.join(', ')}`);
    return null;
  }
  const type = fields['type'] as QuestionType;
  const credits = PARTIAL[type];
  const shared = {
    type,
    text,
    ...optionalFields(errors, pointer, fields, type, defaults),
    points: readPoints(errors, at(pointer, 'points'), fields['points'], type, defaults.points),
    limitMs: readWhole(errors, at(pointer, 'limitMs'), fields['limitMs'], LIMIT_MS_MIN, LIMIT_MS_MAX, defaults.limitMs),
    partial: readOneOf(errors, at(pointer, 'partial'), fields['partial'], credits, credits.includes(defaults.partial) ? defaults.partial : 'allOrNothing'),
  };
  const explained = fields['explanation'] === undefined ? '' : readText(errors, at(pointer, 'explanation'), fields['explanation'], TEXT_MAX, true);
  const explanation = explained === '' ? {} : { explanation: explained };
  // Ids that are wrong or named twice would make every key wrong too: one note is enough.
  const optionsGood = !errors.slice(before).some((error) => error.pointer.startsWith(at(pointer, 'options')));
  const key = optionsGood ? readKey(errors, at(pointer, 'key'), shared, fields['key']) : null;
  return {
    question: { qid: id, ...shared },
    key: { qid: id, key, ...explanation },
    definition: { id, ...shared, ...(type === 'poll' ? {} : { key }), ...explanation },
  };
}
