/** When a session acts by itself, and what it does then. All of it follows from the state, so a recovered owner arms the same deadlines. */
import type { Deadline } from './decision.js';
import { currentRun, isPaused, NONE, settingsOf } from './state/state.js';
import type { SessionState } from './state/state.js';

export const LOBBY_MS_MAX = 24 * 3_600_000;
/** Without any host or player; in the podium: without a host. */
export const ABANDONED_MS = 2 * 3_600_000;
/** How long sockets stay after the end. */
export const LINGER_MS = 600_000;

export type DueAct =
  | 'preview' | 'open' | 'closeAll' | 'closeDeadline' | 'reveal' | 'board' | 'next' | 'finish'
  | 'cancelLobby' | 'judgeAbandoned' | 'judgeHostless' | 'retire';

export interface Due extends Deadline {
  readonly act: DueAct;
}

/** True once nobody is left to wait for. A question without eligible players waits for its time. */
export function allAnswered(run: { readonly answered: number; readonly eligible: number }): boolean {
  return run.eligible > 0 && run.answered >= run.eligible;
}

function timed(state: SessionState, act: DueAct): Due | null {
  return state.dueAt === NONE ? null : { act, at: state.dueAt, behindReceived: false };
}

/** What the phase itself waits for. A pause holds all of it. */
function phaseDue(state: SessionState): Due | null {
  if (isPaused(state)) return null;
  switch (state.phase) {
    case 'starting': return timed(state, 'preview');
    case 'preview': return timed(state, 'open');
    case 'open': {
      const run = currentRun(state);
      if (run === null) return null;
      if (allAnswered(run)) return { act: 'closeAll', at: state.lastAt, behindReceived: false };
      return { act: 'closeDeadline', at: run.closesAt + settingsOf(state).graceMs, behindReceived: true };
    }
    case 'closed': return settingsOf(state).reveal === 'auto' ? { act: 'reveal', at: state.phaseAt, behindReceived: false } : null;
    case 'revealed': return timed(state, 'board');
    case 'leaderboard': return timed(state, 'next');
    case 'podium': return timed(state, 'finish');
    case 'lobby': case 'finished': case 'cancelled': return null;
  }
}

/** What a session waits for that nobody cares for. Who is there is known only once the routers have said so: a node that comes back late must not judge before. */
function lonelyDue(state: SessionState): Due | null {
  switch (state.phase) {
    case 'lobby': return { act: 'cancelLobby', at: state.phaseAt + LOBBY_MS_MAX, behindReceived: false };
    case 'podium': return { act: 'judgeHostless', at: Math.max(state.hostSeenAt, state.phaseAt) + ABANDONED_MS, behindReceived: true };
    case 'finished': case 'cancelled': return state.retired ? null : { act: 'retire', at: state.phaseAt + LINGER_MS, behindReceived: false };
    case 'starting': case 'preview': case 'open': case 'closed': case 'revealed': case 'leaderboard':
      return { act: 'judgeAbandoned', at: state.activityAt + ABANDONED_MS, behindReceived: true };
  }
}

/** The next thing that the session does by itself, or null. */
export function nextDue(state: SessionState): Due | null {
  if (state.created === null) return null;
  const first = phaseDue(state);
  const second = lonelyDue(state);
  if (first === null) return second;
  return second === null || first.at <= second.at ? first : second;
}

export function nextDeadline(state: SessionState): Deadline | null {
  return nextDue(state);
}
