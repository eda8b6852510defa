/**
 * Judges a `hello` and composes its welcome, inside the turn.
 * K5: the welcome, what follows it and `bind` leave as one; `gen` is drawn when the reply is made, so it passes the gate with it.
 * K7: a hello that is sent again finds its player by joinId, or by the connection's id, and gets its welcome again.
 */
import type { Decision, TurnMeta } from '@ringmaster/actors';
import { encodeWelcome, type ClientPayload, type Limits, type Role } from '@ringmaster/protocol';
import type { Event } from './domain.js';
import { isAsking, isRetired, nicknameOf, playerStatus, positionOf, quizDecider, secretsOf } from './domain.js';
import { encodeBind, type Generation } from './bind-blob.js';
import { allowanceOf } from './limits-by-role.js';
import { missedOnResume, snapshotFor, type ClientPosition } from './resume.js';
import type { Identity } from './seat.js';
import type { SessionCommand, SessionReply, Welcome } from './session-command.js';
import type { SessionEntity } from './session-entity.js';
import { isTokenOf, playerOfToken, resumeToken } from './tokens.js';
import { refusal } from './refusal.js';

export type HelloCommand = Extract<SessionCommand, { type: 'hello' }>;

export interface HelloSetting {
  readonly limits: Limits;
  /** Never gives the same number twice in this process. */
  readonly nextGeneration: () => number;
}

export function decideHello(setting: HelloSetting, entity: SessionEntity, command: HelloCommand, at: number): Decision<Event, SessionEntity, SessionReply> {
  const { d, seat } = command;
  const { quiz } = entity;
  if (seat.identity !== null) return refusal(102, 'hello was said before');
  if (isRetired(quiz)) return refusal(213);
  switch (d.role) {
    case 'host':
    case 'presenter': {
      const { hostTokenSha256, presenterTokenSha256 } = secretsOf(quiz);
      const expected = d.role === 'host' ? hostTokenSha256 : presenterTokenSha256;
      return isTokenOf(expected, d.token) ? welcomed(setting, command, { role: d.role }, null) : refusal(200);
    }
    case 'spectator':
      return welcomed(setting, command, { role: d.role }, null);
    case 'player':
      return d.resume === undefined ? join(setting, entity, command, at) : comeBack(setting, entity, command, d.resume);
  }
}

function comeBack(setting: HelloSetting, { quiz }: SessionEntity, command: HelloCommand, resume: NonNullable<ClientPayload<'hello'>['resume']>): Decision<Event, SessionEntity, SessionReply> {
  const playerId = playerOfToken(secretsOf(quiz).sessionSecret, resume.token);
  const status = playerId === undefined ? undefined : playerStatus(quiz, playerId);
  if (status === 'banned') return refusal(218);
  if (playerId === undefined || status !== 'in') return refusal(201);
  return welcomed(setting, command, { role: 'player', playerId }, resume);
}

function join(setting: HelloSetting, { quiz }: SessionEntity, command: HelloCommand, at: number): Decision<Event, SessionEntity, SessionReply> {
  const { d, seat, freshPlayerId, recvAt } = command;
  const decision = quizDecider.decide(quiz, { type: 'join', playerId: freshPlayerId, joinId: d.joinId ?? seat.connId, nickname: d.nickname, recvAt }, at);
  if (decision.kind === 'stash') return decision;
  return {
    kind: 'answer',
    events: decision.events,
    reply: (entity, meta) => {
      const reply = decision.reply(entity.quiz, meta);
      if (!reply.ok || reply.type !== 'joined') return reply;
      return composed(setting, entity, command, { role: 'player', playerId: reply.playerId }, null, meta);
    },
  };
}

function welcomed(setting: HelloSetting, command: HelloCommand, identity: Identity, position: ClientPosition | null): Decision<Event, SessionEntity, SessionReply> {
  return { kind: 'answer', events: [], reply: (entity, meta) => composed(setting, entity, command, identity, position, meta) };
}

function composed(
  setting: HelloSetting,
  entity: SessionEntity,
  { seat, re, recvAt }: HelloCommand,
  identity: Identity,
  position: ClientPosition | null,
  meta: TurnMeta,
): Welcome {
  const { role, playerId } = identity;
  seat.identity = identity;
  const gen: Generation = { epoch: meta.epoch, count: setting.nextGeneration(), at: recvAt };
  const now = positionOf(entity.quiz, playerId);
  const missed = position === null ? null : missedOnResume(entity, position, playerId);
  const resume = missed !== null ? 'delta' : position === null ? 'new' : 'snapshot';
  const starts = missed !== null && position !== null ? position : now;
  const welcome = welcomeFrame(setting, entity, { re, role, playerId, resume, at: { e: now.e, s: starts.s, p: starts.p } }, meta);
  return {
    ok: true,
    type: 'welcome',
    ...identity,
    gen,
    s: now.s,
    p: now.p,
    bind: encodeBind({ ...identity, e: now.e, gen }),
    frames: [welcome, ...(missed?.map(({ bytes }) => bytes) ?? [snapshotFor(entity, playerId, meta.at).bytes])],
    asking: isAsking(entity.quiz),
  };
}

interface WelcomeFacts {
  readonly re: number;
  readonly role: Role;
  readonly playerId: string | undefined;
  readonly resume: 'new' | 'delta' | 'snapshot';
  readonly at: ClientPosition;
}

function welcomeFrame({ limits }: HelloSetting, { quiz, sessionId }: SessionEntity, { re, role, playerId, resume, at }: WelcomeFacts, meta: TurnMeta): Uint8Array {
  const nickname = playerId === undefined ? undefined : nicknameOf(quiz, playerId);
  return encodeWelcome(re, {
    sessionId,
    ...(playerId === undefined ? {} : { playerId, resumeToken: resumeToken(secretsOf(quiz).sessionSecret, playerId) }),
    ...(nickname === undefined ? {} : { nickname }),
    role,
    ...at,
    serverTime: meta.at,
    resume,
    heartbeat: { everyMs: limits.pingEveryMs, deadMs: limits.deadMs },
    limits: { frameBytes: limits.frameBytesMax, perSecond: allowanceOf(role, limits).perSecond },
    reconnect: { minMs: limits.reconnectMinMs, maxMs: limits.reconnectMaxMs },
  });
}
