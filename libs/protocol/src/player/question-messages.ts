/** `d` of the messages about a question. Nothing before `question.revealed` has a field that depends on the key, except `commit`. */
import { z } from 'zod';
import { countSchema, hex256Schema, idSchema, keySchema, questionTypeSchema, timeSchema } from './values.js';

const asked = {
  qid: idSchema,
  n: countSchema.min(1),
  of: countSchema.min(1),
  type: questionTypeSchema,
  text: z.string(),
  media: z.string().optional(),
  points: countSchema,
};

export const previewSchema = z.object({ ...asked, readMs: countSchema, commit: hex256Schema });
export const openedSchema = z.object({
  ...asked,
  options: z.array(z.object({ id: idSchema, text: z.string() })).optional(),
  limitMs: countSchema,
  opensAt: timeSchema,
  closesAt: timeSchema,
});
/** `opensAt` is there when it has moved too: the outage began before it. */
export const extendedSchema = z.object({ qid: idSchema, closesAt: timeSchema, byMs: countSchema, reason: z.enum(['host', 'outage']), opensAt: timeSchema.optional() });
export const progressSchema = z.object({ qid: idSchema, answered: countSchema, eligible: countSchema });
export const closedSchema = z.object({ qid: idSchema, reason: z.enum(['deadline', 'all', 'host']), answered: countSchema, eligible: countSchema });
export const revealedSchema = z.object({
  qid: idSchema,
  key: keySchema,
  salt: hex256Schema,
  explanation: z.string().optional(),
  stats: z.object({
    byOption: z.record(z.string(), countSchema).optional(),
    correct: countSchema,
    unanswered: countSchema,
    medianMs: countSchema.nullable(),
  }),
});
export const voidedSchema = z.object({ qid: idSchema, reason: z.string() });
