/** `d` of the messages about the session as a whole and about the connection. */
import { z } from 'zod';
import { defaultLimits } from '../limits.js';
import { roles } from '../roles.js';
import { answeredSchema, countSchema, idSchema, timeSchema } from './values.js';

export const noneSchema = z.object({});
export const reasonSchema = z.object({ reason: z.string() });

export const errSchema = z.object({
  code: z.int(),
  name: z.string(),
  retry: z.boolean(),
  msg: z.string(),
  retryAfterMs: countSchema.optional(),
  answered: answeredSchema.optional(),
  detail: z.string().optional(),
});

export const welcomeSchema = z.object({
  sessionId: z.string(),
  playerId: idSchema.optional(),
  nickname: z.string().optional(),
  role: z.enum(roles),
  e: idSchema,
  s: countSchema,
  p: countSchema,
  serverTime: z.number(),
  resume: z.enum(['new', 'delta', 'snapshot']),
  resumeToken: z.string().optional(),
  heartbeat: z.object({ everyMs: countSchema, deadMs: countSchema }),
  limits: z.object({ frameBytes: countSchema, perSecond: countSchema }),
  reconnect: z.object({ minMs: countSchema, maxMs: countSchema }),
});

export const lobbyUpdatedSchema = z.object({ count: countSchema, joined: z.array(z.string()).max(defaultLimits.lobbyNamesMax), locked: z.boolean() });
export const resumedSchema = z.object({ qid: idSchema.optional(), opensAt: timeSchema.optional(), closesAt: timeSchema.optional() });
export const stalledSchema = z.object({ reason: z.enum(['journal', 'owner', 'moving']) });
export const reconnectSchema = z.object({ reason: z.enum(['drain', 'overload']), minMs: countSchema, maxMs: countSchema });
export const heartbeatSchema = z.object({ at: timeSchema });

/** How the session is played, complete, with defaults filled in. */
export const sessionSettingsSchema = z.object({
  scoring: z.string(),
  streak: z.boolean(),
  graceMs: countSchema,
  leadMs: countSchema,
  liveScores: z.enum(['reveal', 'immediate']),
  reveal: z.enum(['auto', 'host']),
  timing: z.object({ startMs: countSchema, readMs: countSchema.optional() }),
  autoAdvance: z.object({ revealMs: countSchema, boardMs: countSchema, podiumMs: countSchema }).optional(),
  lateJoin: z.boolean(),
  locked: z.boolean(),
  maxPlayers: countSchema,
  nicknames: z.enum(['free', 'generated']),
  shuffleOptions: z.boolean(),
});
