/** Beginning, end, pauses and locks. */
import type { TurnMeta } from '../decision.js';
import type { SessionCreated, SessionPaused, SessionResumed } from '../events.js';
import { packSecrets } from '../state/secrets.js';
import { publishEnd } from '../state/standing.js';
import { currentRun, initialState, internSettings, NONE } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { enterPhase } from './phase.js';
import { recountLive } from './questions.js';

export function onCreated(state: SessionState, event: SessionCreated, meta: TurnMeta): void {
  state.created = {
    deck: state.decks(event.deckSha256),
    settings: internSettings(event.settings),
    e: event.e,
    secrets: packSecrets(event),
    seed: event.seed,
    owner: event.owner,
    quizId: event.quizId ?? null,
    optionOrder: event.optionOrder ?? null,
    at: meta.at,
  };
  state.locked = event.settings.locked;
  enterPhase(state, 'lobby', meta.at);
}

export function onPaused(state: SessionState, event: SessionPaused): void {
  state.pausedFrom = event.from;
}

export function onResumed(state: SessionState, event: SessionResumed, meta: TurnMeta): void {
  const from = state.pausedFrom;
  if (state.dueAt !== NONE) state.dueAt += meta.at - from;
  const run = state.phase === 'open' ? currentRun(state) : null;
  if (run !== null) {
    // A pause that began before opensAt has moved it, a later one is frozen time.
    if (from >= run.opensAt && meta.at > from) run.intervals = [...(run.intervals ?? []), { from, to: meta.at }];
    run.opensAt = event.opensAt ?? run.opensAt;
    run.closesAt = event.closesAt ?? run.closesAt;
    recountLive(state, run);
  }
  state.pausedFrom = NONE;
  state.stillUntil = meta.at;
}

export function onFinished(state: SessionState, meta: TurnMeta): void {
  end(state, 'finished', meta.at);
  publishEnd(state);
}

export function onCancelled(state: SessionState, meta: TurnMeta): void {
  end(state, 'cancelled', meta.at);
}

/** As if it had never been: the runtime drops what does not exist. */
export function onPurged(state: SessionState): void {
  Object.assign(state, initialState(state.sessionId, state.decks));
}

function end(state: SessionState, phase: 'finished' | 'cancelled', at: number): void {
  state.pausedFrom = NONE;
  state.live = null;
  enterPhase(state, phase, at);
}
