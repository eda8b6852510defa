/**
 * The session as an entity: the pure domain, its latest messages, and what a turn may ask about who is connected. No I/O: decks are fetched before the turn.
 * L6, K5: every reply to a client is composed here, inside the turn, and leaves through the gate. S1: how a session becomes a snapshot is the domain's codec.
 */
import type { Behavior, Decision } from '@ringmaster/actors';
import type { Limits } from '@ringmaster/protocol';
import type { Deck } from '../quiz/definition.js';
import { decideClientFrame, decideRebind, decideRefusal, ofDomain } from './client-decisions.js';
import type { Decks } from './decks.js';
import * as domain from './domain.js';
import type { Event } from './domain.js';
import { EVENT_VERSION } from '../quiz/events.js';
import { eventReader } from './event-codec.js';
import { decideHello, type HelloSetting } from './hello.js';
import type { Attendance } from './presence.js';
import { refusal } from './refusal.js';
import type { SessionCommand, SessionReply } from './session-command.js';
import { SessionEntity } from './session-entity.js';
import type { SessionOutput } from './session-output.js';

export interface BehaviorSetting {
  readonly limits: Limits;
  readonly decks: Decks;
  readonly attendance: Attendance;
  /** Never gives the same number twice in this process (K5). */
  readonly nextGeneration: () => number;
}

type SessionDecision = Decision<Event, SessionEntity, SessionReply>;

const NOTHING_TO_DO: SessionDecision = { kind: 'answer', events: [], reply: () => ({ ok: true, type: 'done' }) };

export function sessionBehavior(setting: BehaviorSetting): Behavior<SessionCommand, Event, SessionEntity, SessionOutput, SessionReply> {
  const { limits, decks, attendance } = setting;
  const hello: HelloSetting = { limits, nextGeneration: setting.nextGeneration };
  const lookup = (sha256: string): Deck => decks.get(sha256);
  const readEvent = eventReader<Event>({ types: domain.eventTypes });

  const closeIfAll = ({ quiz, sessionId }: SessionEntity, at: number): SessionDecision => {
    const command = domain.closeIfAll(quiz, {
      isGone: (playerId) => attendance.isGone(sessionId, playerId),
      isConnected: (playerId) => attendance.isConnected(sessionId, playerId),
    });
    return command === null ? NOTHING_TO_DO : ofDomain(quiz, command, at);
  };

  const decide = (entity: SessionEntity, command: SessionCommand, at: number): SessionDecision => {
    const { quiz } = entity;
    const creates = command.type === 'domain' && command.command.type === 'create';
    if (!creates && !domain.exists(quiz)) return refusal(210);
    switch (command.type) {
      case 'domain':
        return ofDomain(quiz, command.command, at);
      case 'hello':
        return decideHello(hello, entity, command, at);
      case 'rebind':
        return decideRebind(command);
      case 'client':
        return decideClientFrame(entity, command, at);
      case 'refuse':
        return decideRefusal(command);
      case 'query':
        return { kind: 'answer', events: [], reply: (now, meta) => ({ ok: true, type: 'view', value: command.read(now.quiz, meta) }) };
      case 'closeIfAll':
        return closeIfAll(entity, at);
    }
  };

  return {
    initial: (sessionId) => new SessionEntity(sessionId, domain.initialState(sessionId, lookup), limits),
    exists: ({ quiz }) => domain.exists(quiz),
    decide,
    evolve: (entity, event, meta) => {
      domain.quizDecider.evolve(entity.quiz, event, meta);
      entity.heard(domain.quizDecider.outputs(entity.quiz, event, meta));
    },
    outputs: (entity) => entity.takeHeard(),
    nextDeadline: ({ quiz }) => domain.quizDecider.nextDeadline(quiz),
    deadlineCommand: ({ sessionId }) => ({
      type: 'domain',
      command: { type: 'deadline', present: attendance.present(sessionId), hostPresent: attendance.hostPresent(sessionId) },
    }),
    outageCommand: ({ quiz }, { from, to }) => (domain.losesTime(quiz) ? { type: 'domain', command: { type: 'outage', from, to } } : null),
    lastEvent: ({ quiz }) => domain.lastEvent(quiz),
    unstashes: (event) => domain.unstashes(event),
    mayPassivate: ({ sessionId }) => attendance.mayLeaveMemory(sessionId),
    snapshotAfter: (event) => domain.snapshotAfter(event),

    eventVersion: EVENT_VERSION,
    encodeEvent: (event) => event,
    decodeEvent: readEvent,
    prepareEvents: (events) => decks.prepare(domain.decksOfEvents(events)),
    prepareHead: (head) => decks.prepare(domain.decksOfHead(head)),
    snapshot: ({ quiz }) => domain.snapshotOf(quiz),
    partKeys: (head) => domain.partKeysOf(head),
    restore: (sessionId, head, parts) => new SessionEntity(sessionId, domain.restoreState(sessionId, lookup, head, parts), limits),
  };
}
