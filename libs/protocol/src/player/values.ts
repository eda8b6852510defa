/** The values that many messages share. Times are integer ms of session time, except where clocks are compared. */
import { z } from 'zod';
import { defaultLimits } from '../limits.js';

const loneSurrogate = /\p{Surrogate}/u;

/** Whether the text can be written as UTF-8 without loss: ids that differ must not become the same bytes. */
export function isWellFormed(text: string): boolean {
  return !loneSurrogate.test(text);
}

/** A client-made or server-made id: 1–64 UTF-16 units. */
export const idSchema = z.string().min(1).max(defaultLimits.idCharsMax).refine(isWellFormed, 'lone surrogate');
export const countSchema = z.int().min(0);
export const timeSchema = z.int();
export const rankSchema = z.int().min(1);
export const hex256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * The shape of an answer, of whatever type of question: which shape fits the question is the domain's to say (303). A number may be infinite here, as
 * `1e999` is in JSON: that too is answered 303.
 */
export const answerValueSchema = z.union([
  z.string(),
  z.array(z.string()),
  z.boolean(),
  z.custom<number>((value) => typeof value === 'number').meta({ type: 'number' }),
]);
export type AnswerValue = z.infer<typeof answerValueSchema>;

/** An accepted answer, as `me.answered` and error 302 show it. */
export const answeredSchema = z.object({ qid: idSchema, answerId: idSchema, value: answerValueSchema, receivedAt: timeSchema });

/** The place of an answer in the journal. */
export const receiptSchema = z.object({ shard: countSchema, epoch: countSchema, n: countSchema });

export const questionTypes = ['single', 'multiple', 'trueFalse', 'text', 'numeric', 'ordering', 'poll'] as const;
export const phases = ['lobby', 'starting', 'preview', 'open', 'closed', 'revealed', 'leaderboard', 'podium', 'finished', 'cancelled'] as const;
export const questionTypeSchema = z.enum(questionTypes);
export const phaseSchema = z.enum(phases);

/** The right answer, in the shape of the question's type; null for a poll. */
export const keySchema = z.union([
  z.string(),
  z.array(z.string()),
  z.boolean(),
  z.object({ accept: z.array(z.string()), editDistance: z.union([z.literal(0), z.literal(1)]), accents: z.boolean() }),
  z.object({ value: z.number(), tolerance: z.number() }),
  z.null(),
]);
