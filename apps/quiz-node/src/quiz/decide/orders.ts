/** The host's orders: in which phases each is legal, and what it makes happen. A number is the code of a refusal. */
import type { HostArgs, HostOrder } from '../commands.js';
import type { Event } from '../events.js';
import type { Phase } from '../replies.js';
import { BANNED, KICKED, membershipOf, rowOf } from '../state/players.js';
import type { QuestionRun } from '../state/question-run.js';
import { currentRun, indexOfQid, isPaused, NONE, questionAt } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { closeQuestion, dropQuestion, nextQuestion, openQuestion, revealQuestion } from './steps.js';

export const EXTEND_MS_MAX = 240_000;
export const REASON_MAX = 500;

const RUNNING: readonly Phase[] = ['starting', 'preview', 'open', 'closed', 'revealed', 'leaderboard', 'podium'];
const BEFORE_END: readonly Phase[] = ['lobby', ...RUNNING];

const PHASES: Readonly<Record<HostOrder, readonly Phase[]>> = {
  start: ['lobby'],
  next: ['preview', 'revealed', 'leaderboard'],
  close: ['open'],
  reveal: ['closed'],
  leaderboard: ['revealed'],
  pause: RUNNING,
  resume: RUNNING,
  extend: ['open'],
  skip: ['preview', 'open'],
  void: RUNNING,
  lock: BEFORE_END,
  unlock: BEFORE_END,
  kick: BEFORE_END,
  ban: BEFORE_END,
  end: BEFORE_END,
};
const WHILE_PAUSED: ReadonlySet<HostOrder> = new Set<HostOrder>(['resume', 'lock', 'unlock', 'kick', 'ban', 'end']);

export function isOrder(order: unknown): order is HostOrder {
  return typeof order === 'string' && Object.hasOwn(PHASES, order);
}

/** Whether the phase table knows this order here. */
export function isLegal(state: SessionState, order: HostOrder): boolean {
  if (!PHASES[order].includes(state.phase)) return false;
  return isPaused(state) ? WHILE_PAUSED.has(order) : order !== 'resume';
}

/** True if the order has the arguments it needs, and names a question of this quiz where it names one. */
export function hasArgs(state: SessionState, order: HostOrder, args: HostArgs): boolean {
  if (args.reason !== undefined && (typeof args.reason !== 'string' || args.reason.length > REASON_MAX)) return false;
  switch (order) {
    case 'extend': return Number.isInteger(args.ms) && (args.ms as number) >= 1 && (args.ms as number) <= EXTEND_MS_MAX;
    case 'void': return typeof args.qid === 'string' && indexOfQid(state, args.qid) >= 0;
    case 'kick':
    case 'ban': return typeof args.playerId === 'string';
    default: return true;
  }
}

function pause(state: SessionState, cmdId: string, reason: string, recvAt: number, at: number): Event[] {
  // It counts from the arrival of the command, but neither before the phase began nor twice where time stood still already.
  const arrival = Number.isFinite(recvAt) ? Math.floor(recvAt) : at;
  const from = Math.min(at, Math.max(arrival, state.phaseAt, state.stillUntil));
  return [{ type: 'session.paused', cmdId, reason, from }];
}

function resume(state: SessionState, cmdId: string, at: number): Event[] {
  const run = state.phase === 'open' ? currentRun(state) : null;
  if (run === null || state.pausedFrom === NONE) return [{ type: 'session.resumed', cmdId }];
  const ms = Math.max(0, at - state.pausedFrom);
  const opensAt = state.pausedFrom < run.opensAt ? run.opensAt + ms : run.opensAt;
  return [{ type: 'session.resumed', cmdId, opensAt, closesAt: run.closesAt + ms }];
}

function extend(state: SessionState, cmdId: string, ms: number): Event[] {
  const run = currentRun(state) as QuestionRun;
  const { qid } = questionAt(state, run.index);
  return [{ type: 'question.extended', qid, reason: 'host', byMs: ms, opensAt: run.opensAt, closesAt: run.closesAt + ms, cmdId }];
}

function voidQuestion(state: SessionState, cmdId: string, args: HostArgs): Event[] | number {
  const qid = args.qid as string;
  const run = state.runs[indexOfQid(state, qid)];
  if (run === undefined || run.voided) return 401;
  const reason = args.reason ?? 'host';
  const voided: Event = { type: 'question.voided', qid, reason, cmdId };
  return run.revealed ? [voided, { type: 'scores.revised', qid, reason }] : [voided, ...dropQuestion(state, {})];
}

function sendAway(state: SessionState, type: 'player.kicked' | 'player.banned', cmdId: string, playerId: string): Event[] | number {
  const row = rowOf(state.players, playerId);
  if (row < 0) return 402;
  const membership = membershipOf(state.players, row);
  // Who was kicked can still be kept from coming back.
  if (membership === BANNED || (membership === KICKED && type === 'player.kicked')) return 402;
  return [{ type, playerId, cmdId }];
}

/** The events of a legal order with good arguments. */
export function obey(state: SessionState, order: HostOrder, cmdId: string, args: HostArgs, recvAt: number, at: number): Event[] | number {
  switch (order) {
    case 'start': return [{ type: 'session.started', cmdId }];
    case 'next': return state.phase === 'preview' ? openQuestion(state, at, { cmdId }) : nextQuestion(state, { cmdId });
    case 'close': return closeQuestion(state, 'host', { cmdId });
    case 'reveal': return revealQuestion(state, { cmdId });
    case 'leaderboard': return [{ type: 'leaderboard.shown', cmdId }];
    case 'pause': return pause(state, cmdId, args.reason ?? 'host', recvAt, at);
    case 'resume': return resume(state, cmdId, at);
    case 'extend': return extend(state, cmdId, args.ms as number);
    case 'skip': return dropQuestion(state, { cmdId });
    case 'void': return voidQuestion(state, cmdId, args);
    case 'lock': return [{ type: 'session.locked', cmdId }];
    case 'unlock': return [{ type: 'session.unlocked', cmdId }];
    case 'kick': return sendAway(state, 'player.kicked', cmdId, args.playerId as string);
    case 'ban': return sendAway(state, 'player.banned', cmdId, args.playerId as string);
    case 'end': return [{ type: 'session.finished', cmdId }];
  }
}
