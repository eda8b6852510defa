/** `d` of `snapshot`: all that a client needs to draw the present state, after the position in its envelope. */
import { z } from 'zod';
import { openedSchema, previewSchema, revealedSchema } from './question-messages.js';
import { sessionSettingsSchema } from './session-messages.js';
import { meResultSchema, topSchema } from './standing-messages.js';
import { answeredSchema, countSchema, phaseSchema, rankSchema } from './values.js';

export const snapshotSchema = z.object({
  phase: phaseSchema,
  paused: z.boolean(),
  locked: z.boolean(),
  quiz: z.object({ title: z.string(), total: countSchema }),
  question: z.union([openedSchema, previewSchema]).optional(),
  revealed: revealedSchema.optional(),
  result: meResultSchema.optional(),
  me: z
    .object({
      nickname: z.string(),
      score: countSchema,
      rank: rankSchema.nullable(),
      of: countSchema,
      streak: countSchema,
      answered: answeredSchema.optional(),
    })
    .optional(),
  top: topSchema.optional(),
  players: z.object({ count: countSchema }),
  settings: sessionSettingsSchema,
});
