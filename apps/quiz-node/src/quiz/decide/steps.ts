/** The steps of a quiz as events, whoever takes them: a host or the clock. */
import { readMs } from '../duration.js';
import type { Event, QuestionClosed } from '../events.js';
import { questionAt, settingsOf, deckOf } from '../state/state.js';
import type { SessionState } from '../state/state.js';

interface ByCommand {
  readonly cmdId?: string;
}

function qidAt(state: SessionState, index: number): string {
  return questionAt(state, index).qid;
}

/** The preview of the question after the last one shown, or the podium. */
export function nextQuestion(state: SessionState, by: ByCommand): Event[] {
  const index = state.runs.length;
  if (index >= deckOf(state).questions.length) return [{ type: 'podium.reached', ...by }];
  const question = questionAt(state, index);
  const reading = settingsOf(state).timing.readMs ?? question.readMs ?? readMs(question.text);
  return [{ type: 'question.previewed', qid: question.qid, readMs: reading, ...by }];
}

export function openQuestion(state: SessionState, at: number, by: ByCommand): Event[] {
  const { qid, limitMs } = questionAt(state, state.runs.length - 1);
  const opensAt = at + settingsOf(state).leadMs;
  return [{ type: 'question.opened', qid, opensAt, closesAt: opensAt + limitMs, ...by }];
}

export function closeQuestion(state: SessionState, reason: QuestionClosed['reason'], by: ByCommand): Event[] {
  return [{ type: 'question.closed', qid: qidAt(state, state.runs.length - 1), reason, ...by }];
}

export function revealQuestion(state: SessionState, by: ByCommand): Event[] {
  return [{ type: 'question.revealed', qid: qidAt(state, state.runs.length - 1), ...by }];
}

/** The current question ends without points, from wherever it stands. `by` goes into the first event. */
export function dropQuestion(state: SessionState, by: ByCommand): Event[] {
  const qid = qidAt(state, state.runs.length - 1);
  if (state.phase === 'closed') return [{ type: 'question.revealed', qid, unscored: true, ...by }];
  return [{ type: 'question.closed', qid, reason: 'host', ...by }, { type: 'question.revealed', qid, unscored: true }];
}
