/** The three verdicts on a command. */
import type { Decision } from '../decision.js';
import type { Event } from '../events.js';
import type { Rejection, Reply } from '../replies.js';
import type { SessionState } from '../state/state.js';

export type Verdict = Decision<Event, SessionState, Reply>;

const NO_EVENTS: readonly Event[] = [];
export const STASH: Verdict = { kind: 'stash' };

/** `code`: of the catalogue of error codes. */
export function refuse(code: number, extra?: Rejection['extra']): Verdict {
  const rejection: Rejection = extra === undefined ? { ok: false, code } : { ok: false, code, extra };
  return { kind: 'answer', events: NO_EVENTS, reply: () => rejection };
}

export function accept(events: readonly Event[], reply: Reply): Verdict {
  return { kind: 'answer', events, reply: () => reply };
}

/** Nothing has changed. */
export function agree(reply: Reply): Verdict {
  return accept(NO_EVENTS, reply);
}

export const DONE: Reply = { ok: true, type: 'done' };
