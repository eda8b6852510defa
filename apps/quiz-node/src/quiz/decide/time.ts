/** What a session does when its time has come, and what it makes of time in which nobody could be heard. */
import type { Command } from '../commands.js';
import { nextDue } from '../deadline.js';
import type { DueAct } from '../deadline.js';
import type { Event } from '../events.js';
import { currentRun, isPaused, questionAt } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { closeQuestion, nextQuestion, openQuestion, revealQuestion } from './steps.js';
import { accept, agree, DONE } from './verdict.js';
import type { Verdict } from './verdict.js';

type DeadlineCommand = Extract<Command, { type: 'deadline' }>;

function act(state: SessionState, what: DueAct, { present, hostPresent }: DeadlineCommand, at: number): Event[] {
  switch (what) {
    case 'preview': return nextQuestion(state, {});
    case 'open': return openQuestion(state, at, {});
    case 'closeAll': return closeQuestion(state, 'all', {});
    case 'closeDeadline': return closeQuestion(state, 'deadline', {});
    case 'reveal': return revealQuestion(state, {});
    case 'board': return [{ type: 'leaderboard.shown' }];
    case 'next': return nextQuestion(state, {});
    case 'finish': return [{ type: 'session.finished' }];
    case 'cancelLobby': return [{ type: 'session.cancelled', reason: 'never started' }];
    case 'judgeAbandoned': return present || hostPresent ? [{ type: 'presence.noted', host: hostPresent }] : [{ type: 'session.cancelled', reason: 'abandoned' }];
    case 'judgeHostless': return hostPresent ? [{ type: 'presence.noted', host: true }] : [{ type: 'session.finished' }];
    case 'retire': return [{ type: 'session.retired' }];
  }
}

/** One step; the runtime asks again while another is due. Asked too early, nothing happens. */
export function decideDeadline(state: SessionState, command: DeadlineCommand, at: number): Verdict {
  const due = nextDue(state);
  return due === null || due.at > at ? agree(DONE) : accept(act(state, due.act, command, at), DONE);
}

/**
 * T2: an open question gets back the whole time for which the session was away. An outage that began before `opensAt` moves it,
 * a later one is frozen. A paused question loses nothing. Time that has been given back once is not given back again.
 */
export function decideOutage(state: SessionState, command: Extract<Command, { type: 'outage' }>): Verdict {
  const run = state.phase === 'open' && !isPaused(state) ? currentRun(state) : null;
  if (run === null || !Number.isFinite(command.from) || !Number.isFinite(command.to)) return agree(DONE);
  const from = Math.max(Math.ceil(command.from), state.phaseAt, state.stillUntil);
  const to = Math.floor(command.to);
  if (to <= from) return agree(DONE);
  const byMs = to - from;
  const opensAt = from < run.opensAt ? run.opensAt + byMs : run.opensAt;
  const { qid } = questionAt(state, run.index);
  return accept([{ type: 'question.extended', qid, reason: 'outage', byMs, opensAt, closesAt: run.closesAt + byMs, from, to }], DONE);
}
