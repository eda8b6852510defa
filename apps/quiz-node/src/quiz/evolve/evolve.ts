/** The fold: one event changes the state in place. It never refuses, an event is a fact; and it alone advances `s`, `p` and the memory of commands. */
import type { TurnMeta } from '../decision.js';
import type { Event } from '../events.js';
import { messagesOf } from '../outputs/messages.js';
import type { Message } from '../outputs/messages.js';
import { advanceP, rowOf } from '../state/players.js';
import { shownPhase } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { onBanned, onJoined, onKicked, onLeft, onRenamed, onUnbanned } from './members.js';
import { autoMs, enterPhase } from './phase.js';
import { onAnswer, onClosed, onCorrected, onExtended, onOpened, onPreviewed, onRevealed, onRevised, onVoided } from './questions.js';
import { onCancelled, onCreated, onFinished, onPaused, onPurged, onResumed } from './sessions.js';
import { settingsOf } from '../state/state.js';

export const REMEMBERED_MAX = 256;

function fold(state: SessionState, event: Event, meta: TurnMeta): void {
  switch (event.type) {
    case 'answer.accepted': return onAnswer(state, event, meta);
    case 'session.created': return onCreated(state, event, meta);
    case 'player.joined': return onJoined(state, event);
    case 'player.renamed': return onRenamed(state, event);
    case 'player.left': return onLeft(state, event.playerId);
    case 'player.kicked': return onKicked(state, event.playerId);
    case 'player.banned': return onBanned(state, event.playerId);
    case 'player.unbanned': return onUnbanned(state, event.playerId);
    case 'session.started': return enterPhase(state, 'starting', meta.at, settingsOf(state).timing.startMs);
    case 'session.paused': return onPaused(state, event);
    case 'session.resumed': return onResumed(state, event, meta);
    case 'session.locked': state.locked = true; return;
    case 'session.unlocked': state.locked = false; return;
    case 'question.previewed': return onPreviewed(state, event, meta);
    case 'question.opened': return onOpened(state, event, meta);
    case 'question.extended': return onExtended(state, event, meta);
    case 'question.closed': return onClosed(state, meta);
    case 'question.revealed': return onRevealed(state, event, meta);
    case 'question.voided': return onVoided(state, event);
    case 'key.corrected': return onCorrected(state, event);
    case 'scores.revised': return onRevised(state, event);
    case 'leaderboard.shown': return enterPhase(state, 'leaderboard', meta.at, autoMs(state, 'leaderboard'));
    case 'podium.reached': return enterPhase(state, 'podium', meta.at, autoMs(state, 'podium'));
    case 'session.finished': return onFinished(state, meta);
    case 'session.cancelled': return onCancelled(state, meta);
    case 'presence.noted': return;
    case 'session.retired': state.retired = true; return;
    case 'session.purged': return onPurged(state);
  }
}

function advance(state: SessionState, event: Event, messages: readonly Message[]): void {
  for (const message of messages) {
    if (message.to === 'all') state.s += 1;
    else if (message.to === 'player') advanceP(state.players, rowOf(state.players, (event as { playerId: string }).playerId));
    else {
      const rank = state.revisions.at(-1)?.rank ?? [];
      for (let row = 0; row < rank.length; row += 1) if ((rank[row] as number) > 0) advanceP(state.players, row);
    }
  }
}

/** Who was there when this happened: what keeps a session from being given up. */
function noteActivity(state: SessionState, event: Event, at: number): void {
  const byHost = 'cmdId' in event || event.type === 'session.created' || (event.type === 'presence.noted' && event.host);
  if (byHost) state.hostSeenAt = at;
  if (byHost || 'playerId' in event || event.type === 'presence.noted') state.activityAt = at;
}

/** The reply to a command is that of its whole turn: what follows in the same record still counts. */
function remember(state: SessionState, event: Event, meta: TurnMeta): void {
  if ('cmdId' in event && event.cmdId !== undefined) {
    const { cmdId } = event;
    const known = state.remembered ?? [];
    state.remembered = [...known.slice(Math.max(0, known.length - REMEMBERED_MAX + 1)), { cmdId, n: meta.n, phase: 'lobby', s: 0 }];
  }
  const last = state.remembered?.at(-1);
  if (last === undefined || last.n !== meta.n) return;
  last.phase = shownPhase(state);
  last.s = state.s;
  if (event.type === 'scores.revised' && event.key !== undefined) last.revision = state.revisions.length;
}

export function evolve(state: SessionState, event: Event, meta: TurnMeta): void {
  fold(state, event, meta);
  state.lastEpoch = meta.epoch;
  state.lastAt = meta.at;
  advance(state, event, messagesOf(state, event));
  noteActivity(state, event, meta.at);
  remember(state, event, meta);
}
