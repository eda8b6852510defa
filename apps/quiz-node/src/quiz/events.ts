/**
 * What has happened in a session: plain JSON, past tense, version 1. Small: what the fold can work out again (results, ranks, counts) is not in them.
 * `cmdId` stands in the first event of an accepted host command, so that a replay remembers the command too.
 * The time of an event is the `at` of its turn; all other times are session ms as well.
 */
import type { AnswerValue, KeyValue, SessionSettings } from './definition.js';

/** Version under which all of these are journaled. A change of meaning takes a new one, and an upcaster from this one. */
export const EVENT_VERSION = 1;

export type CloseReason = 'deadline' | 'all' | 'host';
export type ExtendReason = 'host' | 'outage';

export interface SessionCreated {
  readonly type: 'session.created';
  /** The deck is an immutable row, written before. */
  readonly deckSha256: string;
  readonly settings: SessionSettings;
  readonly e: string;
  readonly sessionSecret: string;
  readonly hostTokenSha256: string;
  readonly presenterTokenSha256: string;
  readonly salts: readonly string[];
  readonly seed: number;
  readonly owner: string;
  readonly quizId?: string;
  /** With shuffleOptions: per question the places in the deck of its options, in the order shown, one digit each; "" where there are none. */
  readonly optionOrder?: readonly string[];
}

export interface PlayerJoined {
  readonly type: 'player.joined';
  readonly playerId: string;
  readonly joinId: string;
  readonly nickname: string;
}
export interface PlayerRenamed {
  readonly type: 'player.renamed';
  readonly playerId: string;
  readonly nickname: string;
}
export interface PlayerLeft {
  readonly type: 'player.left';
  readonly playerId: string;
}
export interface PlayerKicked {
  readonly type: 'player.kicked';
  readonly playerId: string;
  readonly cmdId: string;
}
export interface PlayerBanned {
  readonly type: 'player.banned';
  readonly playerId: string;
  readonly cmdId: string;
}
export interface PlayerUnbanned {
  readonly type: 'player.unbanned';
  readonly playerId: string;
  readonly cmdId?: string;
}

export interface SessionStarted {
  readonly type: 'session.started';
  readonly cmdId: string;
}
export interface SessionPaused {
  readonly type: 'session.paused';
  readonly cmdId: string;
  readonly reason: string;
  /** Since when time stands still: the arrival of the command, or later. */
  readonly from: number;
}
export interface SessionResumed {
  readonly type: 'session.resumed';
  readonly cmdId: string;
  /** Both present while a question is open: its times from now on. */
  readonly opensAt?: number;
  readonly closesAt?: number;
}
export interface SessionLocked {
  readonly type: 'session.locked';
  readonly cmdId: string;
}
export interface SessionUnlocked {
  readonly type: 'session.unlocked';
  readonly cmdId: string;
}

export interface QuestionPreviewed {
  readonly type: 'question.previewed';
  readonly qid: string;
  readonly readMs: number;
  readonly cmdId?: string;
}
export interface QuestionOpened {
  readonly type: 'question.opened';
  readonly qid: string;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly cmdId?: string;
}
export interface AnswerAccepted {
  readonly type: 'answer.accepted';
  readonly playerId: string;
  readonly qid: string;
  readonly answerId: string;
  readonly value: AnswerValue;
  readonly recvAt: number;
  readonly creditMs: number;
}
export interface QuestionExtended {
  readonly type: 'question.extended';
  readonly qid: string;
  readonly reason: ExtendReason;
  readonly byMs: number;
  readonly opensAt: number;
  readonly closesAt: number;
  /** Outages only: when nobody could be heard. One that began before `opensAt` has moved it and is not frozen. */
  readonly from?: number;
  readonly to?: number;
  readonly cmdId?: string;
}
export interface QuestionClosed {
  readonly type: 'question.closed';
  readonly qid: string;
  readonly reason: CloseReason;
  readonly cmdId?: string;
}
export interface QuestionRevealed {
  readonly type: 'question.revealed';
  readonly qid: string;
  /** A skipped question, or one voided before its reveal: nobody scores. */
  readonly unscored?: true;
  readonly cmdId?: string;
}
export interface QuestionVoided {
  readonly type: 'question.voided';
  readonly qid: string;
  readonly reason: string;
  readonly cmdId: string;
}
export interface KeyCorrected {
  readonly type: 'key.corrected';
  readonly qid: string;
  readonly key: KeyValue;
  readonly reason: string;
  readonly cmdId?: string;
}
/** Everything from `qid` on is counted again. Follows the void or correction of a revealed question, in the same turn. */
export interface ScoresRevised {
  readonly type: 'scores.revised';
  readonly qid: string;
  readonly reason: string;
  readonly key?: KeyValue;
}
export interface LeaderboardShown {
  readonly type: 'leaderboard.shown';
  readonly cmdId?: string;
}
export interface PodiumReached {
  readonly type: 'podium.reached';
  readonly cmdId?: string;
}

export interface SessionFinished {
  readonly type: 'session.finished';
  readonly cmdId?: string;
}
export interface SessionCancelled {
  readonly type: 'session.cancelled';
  readonly reason: string;
}
/** Somebody was connected when a long silence was looked at: it was none. */
export interface PresenceNoted {
  readonly type: 'presence.noted';
  readonly host: boolean;
}
/** The time for which sockets stay after the end is over. */
export interface SessionRetired {
  readonly type: 'session.retired';
}

/** Nothing of it is known any more. */
export interface SessionPurged {
  readonly type: 'session.purged';
}

export type Event =
  | SessionCreated | PlayerJoined | PlayerRenamed | PlayerLeft | PlayerKicked | PlayerBanned | PlayerUnbanned
  | SessionStarted | SessionPaused | SessionResumed | SessionLocked | SessionUnlocked
  | QuestionPreviewed | QuestionOpened | AnswerAccepted | QuestionExtended | QuestionClosed | QuestionRevealed | QuestionVoided
  | KeyCorrected | ScoresRevised | LeaderboardShown | PodiumReached
  | SessionFinished | SessionCancelled | PresenceNoted | SessionRetired | SessionPurged;

export type EventType = Event['type'];

/** After these an answer that was held as late (T4) can be judged: the question has closed, or closes later. */
const UNSTASHING: ReadonlySet<EventType> = new Set<EventType>([
  'question.closed', 'question.extended', 'session.paused', 'session.resumed', 'session.finished', 'session.cancelled',
  'player.left', 'player.kicked', 'player.banned',
]);

/** True if a held answer is to be judged again after `event` (T4). */
export function unstashes(event: Event): boolean {
  return UNSTASHING.has(event.type);
}
