/** The `d` of every shared message. */
import type { Event, QuestionExtended } from '../events.js';
import type { QuestionRun } from '../state/question-run.js';
import { currentRun, indexOfQid, questionAt } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { presentBoard } from '../state/standing.js';
import { finalView } from './final.js';
import type { SharedType } from './messages.js';
import { openedView, previewView, revealedView } from './question-views.js';

function runNamed(state: SessionState, qid: string): QuestionRun {
  return state.runs[indexOfQid(state, qid)] as QuestionRun;
}

function resumedBody(state: SessionState): object {
  const run = state.phase === 'open' ? currentRun(state) : null;
  return run === null ? {} : { qid: questionAt(state, run.index).qid, opensAt: run.opensAt, closesAt: run.closesAt };
}

/** `opensAt` where it has moved: by an outage that began before it. Who has unlocked already locks again. */
function extendedBody({ qid, closesAt, byMs, reason, opensAt, from }: QuestionExtended): object {
  return { qid, closesAt, byMs, reason, ...(from !== undefined && from < opensAt - byMs && { opensAt }) };
}

function leaderboardBody(state: SessionState): object {
  return presentBoard(state) ?? { revision: 0, of: 0, top: [] };
}

/** `t` is one of the event's own messages. */
export function bodyOf(state: SessionState, event: Event, t: SharedType): object {
  if (t === 'leaderboard') return leaderboardBody(state);
  switch (event.type) {
    case 'session.paused': return { reason: event.reason };
    case 'session.resumed': return resumedBody(state);
    case 'question.previewed': return previewView(state, runNamed(state, event.qid));
    case 'question.opened': return openedView(state, runNamed(state, event.qid));
    case 'question.extended': return extendedBody(event);
    case 'question.closed': {
      const { answered, eligible } = runNamed(state, event.qid);
      return { qid: event.qid, reason: event.reason, answered, eligible };
    }
    case 'question.revealed': return revealedView(state, runNamed(state, event.qid));
    case 'question.voided': return { qid: event.qid, reason: event.reason };
    case 'scores.revised':
      return { revision: state.revisions.length, reason: event.reason, qid: event.qid, ...(event.key !== undefined && { key: event.key }) };
    case 'session.finished': return finalView(state);
    case 'session.cancelled': return { reason: event.reason };
    default: return {};
  }
}
