/** Passing from one phase to the next. */
import type { Phase } from '../replies.js';
import { NONE, settingsOf } from '../state/state.js';
import type { SessionState } from '../state/state.js';

/** `lastsMs`: how long until it ends by itself; absent: not by time alone. */
export function enterPhase(state: SessionState, phase: Phase, at: number, lastsMs?: number): void {
  state.phase = phase;
  state.phaseAt = at;
  state.dueAt = lastsMs === undefined ? NONE : at + lastsMs;
}

/** How long the phases after a reveal last with autoAdvance, ms; undefined: a host moves them. */
export function autoMs(state: SessionState, phase: 'revealed' | 'leaderboard' | 'podium'): number | undefined {
  const auto = settingsOf(state).autoAdvance;
  if (auto === undefined) return undefined;
  return phase === 'revealed' ? auto.revealMs : phase === 'leaderboard' ? auto.boardMs : auto.podiumMs;
}
