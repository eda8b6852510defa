/**
 * Which messages an event yields, to whom and in which order: the one place that says so. Evolve advances the numbers `s` and `p` by this table,
 * and outputs writes the messages by it, so the two cannot differ.
 */
import type { Event, EventType } from '../events.js';
import { settingsOf } from '../state/state.js';
import type { SessionState } from '../state/state.js';

export type Message =
  | { readonly to: 'all'; readonly t: SharedType }
  /** Every player who is ranked in the revision that the event has made. */
  | { readonly to: 'ranked'; readonly t: 'me.result' }
  /** The player whom the event names. */
  | { readonly to: 'player'; readonly t: 'me.result' | 'me.kicked' | 'me.banned' };

export type SharedType =
  | 'session.started' | 'session.paused' | 'session.resumed' | 'session.locked' | 'session.unlocked'
  | 'question.preview' | 'question.opened' | 'question.extended' | 'question.closed' | 'question.revealed' | 'question.voided'
  | 'leaderboard' | 'scores.revised' | 'session.finished' | 'session.cancelled';

function shared(t: SharedType): Message {
  return { to: 'all', t };
}
const EACH_RESULT: Message = { to: 'ranked', t: 'me.result' };
const LEADERBOARD = shared('leaderboard');
const NOTHING: readonly Message[] = [];

const MESSAGES: Readonly<Record<EventType, readonly Message[]>> = {
  'session.created': NOTHING,
  'player.joined': NOTHING,
  'player.renamed': NOTHING,
  'player.left': NOTHING,
  'player.kicked': [{ to: 'player', t: 'me.kicked' }],
  'player.banned': [{ to: 'player', t: 'me.banned' }],
  'player.unbanned': NOTHING,
  'session.started': [shared('session.started')],
  'session.paused': [shared('session.paused')],
  'session.resumed': [shared('session.resumed')],
  'session.locked': [shared('session.locked')],
  'session.unlocked': [shared('session.unlocked')],
  'question.previewed': [shared('question.preview')],
  'question.opened': [shared('question.opened')],
  'answer.accepted': NOTHING,
  'question.extended': [shared('question.extended')],
  'question.closed': [shared('question.closed')],
  'question.revealed': [shared('question.revealed'), EACH_RESULT, LEADERBOARD],
  'question.voided': [shared('question.voided')],
  'key.corrected': NOTHING,
  'scores.revised': [shared('scores.revised'), EACH_RESULT, LEADERBOARD],
  'leaderboard.shown': NOTHING,
  'podium.reached': NOTHING,
  'session.finished': [shared('session.finished')],
  'session.cancelled': [shared('session.cancelled')],
  'presence.noted': NOTHING,
  'session.retired': NOTHING,
  'session.purged': NOTHING,
};

const IMMEDIATE_RESULT: readonly Message[] = [{ to: 'player', t: 'me.result' }];

/** Depends on nothing that an event changes, the settings apart, which the first one fixes. */
export function messagesOf(state: SessionState, event: Event): readonly Message[] {
  if (event.type === 'answer.accepted' && settingsOf(state).liveScores === 'immediate') return IMMEDIATE_RESULT;
  return MESSAGES[event.type];
}

export function sharedCount(messages: readonly Message[]): number {
  let count = 0;
  for (const message of messages) if (message.to === 'all') count += 1;
  return count;
}
