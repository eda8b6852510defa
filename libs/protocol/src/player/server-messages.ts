/** The catalogue of what a server sends: the schema of `d`, the stream that numbers it, and what it means. A client ignores a `t` that is not here. */
import { z } from 'zod';
import { clientMessages, type ClientType } from './client-messages.js';
import { closedSchema, extendedSchema, openedSchema, previewSchema, progressSchema, revealedSchema, voidedSchema } from './question-messages.js';
import {
  errSchema, heartbeatSchema, lobbyUpdatedSchema, noneSchema, reasonSchema, reconnectSchema, resumedSchema, stalledSchema, welcomeSchema,
} from './session-messages.js';
import { snapshotSchema } from './snapshot-message.js';
import { finishedSchema, leaderboardSchema, meResultSchema, scoresRevisedSchema } from './standing-messages.js';
import { countSchema, idSchema, timeSchema } from './values.js';

/** The fields beside `t` and `d`, by stream. */
export const streamEnvelopes = {
  reply: z.object({ re: countSchema }),
  /** A refused frame without a readable id has no `re`. */
  refusal: z.object({ re: countSchema.optional() }),
  shared: z.object({ e: idSchema, s: countSchema, at: timeSchema }),
  private: z.object({ e: idSchema, p: countSchema, at: timeSchema }),
  hint: z.object({ at: timeSchema }),
  snapshot: z.object({ e: idSchema, s: countSchema, p: countSchema, at: timeSchema }),
  control: z.object({}),
} as const;
export type Stream = keyof typeof streamEnvelopes;

export interface ServerMessage {
  readonly streams: readonly Stream[];
  readonly d: z.ZodType;
  readonly about: string;
}

const message = <const S extends readonly Stream[], D extends z.ZodType>(streams: S, d: D, about: string) => ({ streams, d, about });

export const serverMessages = {
  ok: message(['reply'], z.looseObject({}), 'The command was accepted, and is durable. `d` as the table of commands says.'),
  err: message(['refusal'], errSchema, 'The command was refused. `code` says what to do.'),
  welcome: message(['reply'], welcomeSchema, 'The reply to `hello`. `s` and `p` are the position after which this connection\'s messages begin.'),
  snapshot: message(['snapshot'], snapshotSchema, 'The present state, which replaces what the client knew. What follows continues at its `s` and `p`.'),

  'lobby.updated': message(['hint'], lobbyUpdatedSchema, 'Who is in: number of players, and some that joined since the last one.'),
  'session.started': message(['shared'], noneSchema, 'The host started the session.'),
  'session.paused': message(['shared'], reasonSchema, 'No answers are taken until `session.resumed`.'),
  'session.resumed': message(['shared'], resumedSchema, 'The session goes on, with the current question\'s new times.'),
  'session.locked': message(['shared'], noneSchema, 'No new players.'),
  'session.unlocked': message(['shared'], noneSchema, 'New players again.'),
  'session.stalled': message(['hint'], stalledSchema, 'Time stands still for the quiz: journal or owner cannot be reached, or the session moves. Nothing is lost.'),
  'session.unstalled': message(['hint'], noneSchema, 'Time goes on.'),

  'question.preview': message(['shared'], previewSchema, 'A question to read, without options. `commit` binds the server to its key.'),
  'question.opened': message(['shared'], openedSchema, 'Answers are taken from `opensAt` to `closesAt`. Unlock the buttons at `opensAt`.'),
  'question.extended': message(['shared'], extendedSchema, 'More time. With `opensAt` when an outage began before it: then the question opens later, too.'),
  'question.progress': message(['hint'], progressSchema, 'How many have answered.'),
  'question.closed': message(['shared'], closedSchema, 'No more answers.'),
  'question.revealed': message(['shared'], revealedSchema, 'The right answer, the salt of the commitment, and statistics.'),
  'question.voided': message(['shared'], voidedSchema, 'The question does not count.'),

  'me.result': message(['private'], meResultSchema, 'Your points, score and rank after a reveal or a correction.'),
  leaderboard: message(['shared', 'hint'], leaderboardSchema, 'The top 10. A hint (without `e` and `s`) while a question is open with `liveScores: "immediate"`.'),
  'scores.revised': message(['shared'], scoresRevisedSchema, 'A key was corrected or a question voided: `me.result` and `leaderboard` of this revision follow.'),
  'session.finished': message(['shared'], finishedSchema, 'The end, with the final podium.'),
  'session.cancelled': message(['shared'], reasonSchema, 'The session ends without a result.'),
  'me.kicked': message(['private'], noneSchema, 'The host removed you; the socket closes with 4505.'),
  'me.banned': message(['private'], noneSchema, 'The host banned you; the socket closes with 4506.'),

  reconnect: message(['control'], reconnectSchema, 'The socket closes soon: connect again after a random time between `minMs` and `maxMs`, and resume.'),
  hb: message(['control'], heartbeatSchema, 'Nothing else was sent for `heartbeat.everyMs`.'),
} as const satisfies Readonly<Record<string, ServerMessage>>;

export type ServerType = keyof typeof serverMessages;
export type ServerPayload<T extends ServerType> = z.infer<(typeof serverMessages)[T]['d']>;
/** The types of one stream, for example all shared messages. */
export type TypeOfStream<S extends Stream> = { [T in ServerType]: S extends (typeof serverMessages)[T]['streams'][number] ? T : never }[ServerType];
export type StreamEnvelope<S extends Stream> = z.infer<(typeof streamEnvelopes)[S]>;
/** A frame as a client receives it. */
export type ServerFrame = {
  [T in ServerType]: { [S in (typeof serverMessages)[T]['streams'][number]]: { t: T; d: ServerPayload<T> } & StreamEnvelope<S> }[(typeof serverMessages)[T]['streams'][number]];
}[ServerType];

export const serverTypes = Object.keys(serverMessages) as readonly ServerType[];

/** The schema of a whole frame of this type on this stream. */
export function serverFrameSchema(t: ServerType, stream: Stream): z.ZodType {
  return z.object({ t: z.literal(t), ...streamEnvelopes[stream].shape, d: serverMessages[t].d });
}

/** The schema of the `ok` to this command. */
export function okFrameSchema(t: Exclude<ClientType, 'hello'>): z.ZodType {
  return z.object({ t: z.literal('ok'), ...streamEnvelopes.reply.shape, d: clientMessages[t].ok });
}
