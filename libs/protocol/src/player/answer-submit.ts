/** The hottest command, checked by hand: same verdict as `answerSubmitSchema` (a property test holds them equal), without a schema's cost per answer. */
import type { z } from 'zod';
import { defaultLimits } from '../limits.js';
import type { answerSubmitSchema } from './client-messages.js';
import { isWellFormed, type AnswerValue } from './values.js';

export type AnswerSubmit = z.infer<typeof answerSubmitSchema>;

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= defaultLimits.idCharsMax && isWellFormed(value);

const isAnswerValue = (value: unknown): value is AnswerValue => {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return true;
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
};

/** The `d` of an answer.submit, from parsed JSON, without unknown fields; null where it is none (102). */
export function readAnswerSubmit(d: unknown): AnswerSubmit | null {
  if (typeof d !== 'object' || d === null || Array.isArray(d)) return null;
  const { answerId, qid, value } = d as Readonly<Record<string, unknown>>;
  return isId(answerId) && isId(qid) && isAnswerValue(value) ? { answerId, qid, value } : null;
}
