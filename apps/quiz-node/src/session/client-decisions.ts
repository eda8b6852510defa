/** What the frames of a welcomed client mean to the domain, inside the turn. Who may send what is checked here: before its turn, a connection has no identity. */
import type { Decision } from '@ringmaster/actors';
import { clientMessages } from '@ringmaster/protocol';
import type { Command } from '../quiz/commands.js';
import type { Event, QuizState } from './domain.js';
import { isAsking, playerStatus, quizDecider } from './domain.js';
import { missedSince, snapshotFor } from './resume.js';
import { refusal } from './refusal.js';
import type { Filled, SessionCommand, SessionReply } from './session-command.js';
import type { SessionEntity } from './session-entity.js';

type SessionDecision = Decision<Event, SessionEntity, SessionReply>;
type ClientFrame = Extract<SessionCommand, { type: 'client' }>;

/** The domain's verdict on `command`, as one on the whole session. */
export function ofDomain(quiz: QuizState, command: Command, at: number): SessionDecision {
  const decision = quizDecider.decide(quiz, command, at);
  if (decision.kind === 'stash') return decision;
  return { kind: 'answer', events: decision.events, reply: (entity, meta) => decision.reply(entity.quiz, meta) };
}

const answered = (reply: (entity: SessionEntity, at: number) => SessionReply): SessionDecision => ({
  kind: 'answer',
  events: [],
  reply: (entity, meta) => reply(entity, meta.at),
});

export function decideClientFrame({ quiz }: SessionEntity, { seat, message, recvAt, creditMs }: ClientFrame, at: number): SessionDecision {
  const { identity } = seat;
  if (identity === null) return refusal(103);
  if (!(clientMessages[message.t].from as readonly string[]).includes(identity.role)) return refusal(202);
  const { playerId } = identity;
  switch (message.t) {
    case 'sync':
      return answered(() => ({ ok: true, type: 'synced', t0: message.d.t0, t1: recvAt }));
    case 'resync':
      return answered((entity, now) => ({ ok: true, type: 'resynced', snapshot: snapshotFor(entity, playerId, now) }));
    case 'leave':
      return playerId === undefined ? answered(() => ({ ok: true, type: 'left' })) : ofDomain(quiz, { type: 'leave', playerId, recvAt }, at);
    case 'host.cmd': {
      const { cmdId, cmd, ifSeq, args } = message.d;
      return ofDomain(quiz, { type: 'host', cmdId, order: cmd, ...(ifSeq === undefined ? {} : { ifSeq }), args: args ?? {}, recvAt } as Command, at);
    }
    case 'answer.submit':
      return playerId === undefined ? refusal(202) : ofDomain(quiz, { type: 'answer', playerId, ...message.d, recvAt, creditMs }, at);
    case 'nickname.set':
      return playerId === undefined ? refusal(202) : ofDomain(quiz, { type: 'setNickname', playerId, nickname: message.d.nickname, recvAt }, at);
  }
}

const closeCodeOfGone = { kicked: 4505, banned: 4506, left: 1000, in: null } as const;

/** K4: fills what lies above the position that the router wrote, or gives the state in place of it. */
export function decideRebind({ seat, e, s, p }: Extract<SessionCommand, { type: 'rebind' }>): SessionDecision {
  return answered((entity, now): Filled => {
    const playerId = seat.identity?.playerId;
    const status = playerId === undefined ? 'in' : (playerStatus(entity.quiz, playerId) ?? 'left');
    const missed = missedSince(entity, { e, s, p }, playerId);
    return {
      ok: true,
      type: 'filled',
      missed: missed ?? [],
      snapshot: missed === null && status === 'in' ? snapshotFor(entity, playerId, now) : null,
      closeCode: closeCodeOfGone[status],
      asking: isAsking(entity.quiz),
    };
  });
}

/** 103 before the welcome, whatever the frame was, unless it was a hello that could not be read (102). */
export function decideRefusal({ seat, code, hello, detail }: Extract<SessionCommand, { type: 'refuse' }>): SessionDecision {
  const before = seat.identity === null;
  if (before && code !== 100 && !hello) return refusal(103);
  return refusal(code, detail);
}
