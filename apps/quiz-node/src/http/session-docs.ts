/** Shapes of sessions and of what is in them: for the document, and for the tests, which hold every answer against them. */
import { phases, questionTypes } from '@ringmaster/protocol';
import { z } from 'zod';
import { keyDoc, quizDoc } from './quiz-docs.js';

const time = z.number().describe('ms');
const count = z.int().min(0);
const hash = z.string().regex(/^[0-9a-f]{64}$/).describe('SHA-256, hex');
const nextCursor = z.string().nullable().describe('null: this was the last page');

const waitMs = z.int().min(0);
export const settingsDoc = z
  .strictObject({
    scoring: z.enum(['halfDecay@1', 'fullDecay@1', 'flat@1', 'accuracyFirst@1']).optional().describe('default halfDecay@1'),
    streak: z.boolean().optional(),
    graceMs: waitMs.optional(),
    leadMs: waitMs.optional(),
    liveScores: z.enum(['reveal', 'immediate']).optional(),
    reveal: z.enum(['auto', 'host']).optional(),
    timing: z.strictObject({ startMs: waitMs.optional(), readMs: waitMs.optional() }).optional(),
    autoAdvance: z.strictObject({ revealMs: waitMs.optional(), boardMs: waitMs.optional(), podiumMs: waitMs.optional() }).optional(),
    lateJoin: z.boolean().optional(),
    locked: z.boolean().optional(),
    maxPlayers: z.int().min(1).optional(),
    nicknames: z.enum(['free', 'generated']).optional(),
    shuffleOptions: z.boolean().optional(),
  })
  .meta({ id: 'SessionSettings', description: 'All optional: what is absent has its default', examples: [{ timing: { startMs: 0, readMs: 0 } }] });

export const createSessionDoc = z
  .strictObject({ quizId: z.string().optional().describe('a stored quiz'), quiz: quizDoc.optional().describe('or the quiz itself'), settings: settingsDoc.optional() })
  .meta({ id: 'CreateSession', description: 'Either quizId or quiz', examples: [{ quizId: '3m9k2v7x0q4t8w1z', settings: { timing: { startMs: 0, readMs: 0 } } }] });

export const createdSessionDoc = z
  .strictObject({
    sessionId: z.string(),
    joinUrl: z.string().describe('for players'),
    wsUrl: z.string().describe('the WebSocket of this session'),
    hostToken: z.string().describe('may do with this session what a host may; shown here once'),
    presenterToken: z.string().describe('opens a presenter socket, nothing else; shown here once'),
  })
  .meta({ id: 'CreatedSession' });

const listedPhases = ['lobby', 'running', 'finished', 'cancelled'] as const;
export const listedPhase = z.enum(listedPhases);
export const sessionListDoc = z
  .strictObject({
    items: z.array(
      z.strictObject({
        sessionId: z.string(), quizId: z.string().optional(), title: z.string(), phase: listedPhase, createdAt: time, startedAt: time.optional(), endedAt: time.optional(),
      }),
    ),
    nextCursor,
  })
  .meta({ id: 'SessionList' });

export const sessionDoc = z
  .strictObject({
    sessionId: z.string(),
    quizId: z.string().optional(),
    title: z.string(),
    createdAt: time,
    phase: z.enum(phases),
    paused: z.boolean(),
    locked: z.boolean(),
    position: z.strictObject({ e: z.string(), s: count }),
    revision: count,
    questions: count.describe('in the quiz'),
    question: z.strictObject({ qid: z.string(), n: count, answered: count, eligible: count, opensAt: time.optional(), closesAt: time.optional() }).optional(),
    players: z.strictObject({ in: count, left: count, kicked: count, banned: count }),
    settings: settingsDoc.describe('with all defaults filled in'),
  })
  .meta({ id: 'Session' });

export const commandOkDoc = z
  .strictObject({ phase: z.enum([...phases, 'paused']), e: z.string(), s: count, dup: z.literal(true).optional() })
  .meta({ id: 'CommandOk', description: 'As it is after everything that the command caused at once' });

const playerStatus = z.enum(['in', 'left', 'kicked', 'banned']);
export const playerStatusDoc = playerStatus;
export const playerDoc = z
  .strictObject({ playerId: z.string(), nickname: z.string(), status: playerStatus, score: z.int(), rank: z.int().nullable().describe('null: not in the last revision') })
  .meta({ id: 'Player' });
export const playerListDoc = z.strictObject({ items: z.array(playerDoc), total: count.describe('all that match'), nextCursor }).meta({ id: 'PlayerList' });
export const banListDoc = z.strictObject({ items: z.array(playerDoc) }).meta({ id: 'BanList' });

export const leaderboardDoc = z
  .strictObject({
    revision: count,
    of: count.describe('players ranked'),
    items: z.array(z.strictObject({ rank: z.int(), playerId: z.string(), nickname: z.string(), score: z.int() })),
    nextCursor,
  })
  .meta({ id: 'Leaderboard' });

const questionType = z.enum(questionTypes);
export const questionStatsDoc = z
  .strictObject({
    qid: z.string(), n: count, type: questionType, text: z.string(), asked: z.boolean(), revealed: z.boolean(), voided: z.boolean(), corrected: z.boolean(),
    answered: count, eligible: count, key: keyDoc.nullable(), byOption: z.record(z.string(), count).optional(), correct: count, unanswered: count, medianMs: z.int().nullable(),
  })
  .meta({ id: 'QuestionStatistics' });

export const revisedDoc = z.strictObject({ revision: count, dup: z.literal(true).optional() }).meta({ id: 'Revised' });

const outcome = z.enum(['correct', 'partial', 'wrong', 'unanswered', 'missed', 'unscored']);
const value = z.union([z.string(), z.array(z.string()), z.boolean(), z.number()]);
export const explanationDoc = z
  .strictObject({
    playerId: z.string(), qid: z.string(), policy: z.string(), formula: z.string(), elapsed: z.string(), rounding: z.string(),
    inputs: z.strictObject({ P: z.int(), L: z.int(), B: z.int().optional(), N: z.int().optional() }),
    answer: z
      .strictObject({
        answerId: z.string(), value, receivedAt: time, opensAt: time, closesAt: time.describe('as it stood when the answer arrived'), frozenMs: z.int(), creditMs: z.int(),
        elapsedMs: z.int(), inGrace: z.boolean(), journal: z.strictObject({ epoch: z.int(), n: z.int() }),
      })
      .optional()
      .describe('absent without an answer'),
    points: z
      .strictObject({ outcome, fraction: z.tuple([z.int(), z.int()]), speed: z.int(), scored: z.int(), streak: z.int(), total: z.int() })
      .optional()
      .describe('absent before the reveal'),
  })
  .meta({ id: 'Explanation' });

export const reportDoc = z
  .strictObject({
    sessionId: z.string(), title: z.string(), phase: z.enum(phases), revision: count,
    players: z.array(
      z.strictObject({ playerId: z.string(), nickname: z.string(), score: z.int(), rank: z.int(), correct: count, sumE: count, answered: count }),
    ),
    questions: z.array(
      z.strictObject({ qid: z.string(), n: count, type: questionType, text: z.string(), answered: count, correct: count.nullable(), medianMs: z.int().nullable(), voided: z.boolean() }),
    ),
    answers: z.array(
      z.strictObject({ playerId: z.string(), qid: z.string(), answerId: z.string(), value, receivedAt: time, outcome: outcome.nullable(), points: z.int().nullable() }),
    ),
    standingsHash: hash,
  })
  .meta({ id: 'Report' });

export const verificationDoc = z
  .strictObject({
    equal: z.boolean().describe('replayed and present standings have the same hash'),
    source: z.enum(['journal', 'archive']),
    events: count,
    revision: count,
    standingsHash: hash.describe('of the session as it stands'),
    replayedHash: hash.describe('of the standings that the events give'),
    archiveSha256: hash.optional(),
  })
  .meta({ id: 'Verification' });
