/** `d` of the messages about points and ranks. */
import { z } from 'zod';
import { defaultLimits } from '../limits.js';
import { countSchema, hex256Schema, idSchema, keySchema, rankSchema } from './values.js';

export const outcomes = ['correct', 'partial', 'wrong', 'unanswered', 'missed', 'unscored'] as const;

export const meResultSchema = z.object({
  qid: idSchema,
  revision: countSchema,
  outcome: z.enum(outcomes),
  fraction: z.tuple([countSchema, countSchema]),
  elapsedMs: countSchema.nullable(),
  creditMs: countSchema,
  points: z.object({ speed: countSchema, streak: countSchema, total: countSchema }),
  score: countSchema,
  rank: rankSchema,
  prevRank: rankSchema.nullable(),
  of: countSchema,
  behind: z.object({ points: countSchema, nickname: z.string() }).optional(),
});

export const standingSchema = z.object({ rank: rankSchema, playerId: idSchema, nickname: z.string(), score: countSchema, delta: z.int() });
export const topSchema = z.array(standingSchema).max(defaultLimits.topItemsMax);
export const leaderboardSchema = z.object({ revision: countSchema, of: countSchema, top: topSchema });
export const scoresRevisedSchema = z.object({ revision: countSchema, reason: z.string(), qid: idSchema, key: keySchema.optional() });
export const finishedSchema = z.object({
  podium: z.array(standingSchema).max(defaultLimits.podiumItemsMax),
  of: countSchema,
  revision: countSchema,
  standingsHash: hex256Schema,
});
