/** Beginning, end, pauses and locks. */
import type { TurnMeta } from '../decider.js';
import type { SessionSettings } from '../definition.js';
import type { SessionCreated, SessionPaused, SessionResumed } from '../events.js';
import { packSecrets } from '../state/secrets.js';
import { publishEnd } from '../state/standing.js';
import { currentRun, NONE } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { enterPhase } from './phase.js';

/** Most sessions have the settings of some other: one object serves them all. Bounded; beyond that each has its own. */
const INTERNED_MAX = 1_000;
const interned = new Map<string, SessionSettings>();

function internSettings(settings: SessionSettings): SessionSettings {
  const text = JSON.stringify(settings);
  const known = interned.get(text);
  if (known !== undefined) return known;
  const copy = JSON.parse(text) as SessionSettings;
  if (interned.size < INTERNED_MAX) interned.set(text, copy);
  return copy;
}

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

function end(state: SessionState, phase: 'finished' | 'cancelled', at: number): void {
  state.pausedFrom = NONE;
  state.live = null;
  enterPhase(state, phase, at);
}
