/** A question's life: preview, opening, answers, close, reveal, and what is said about it afterwards. */
import type { TurnMeta } from '../decision.js';
import type { AnswerAccepted, KeyCorrected, QuestionExtended, QuestionOpened, QuestionPreviewed, QuestionRevealed, QuestionVoided, ScoresRevised } from '../events.js';
import { noAnswers, putAnswer } from '../state/answers.js';
import type { Answers } from '../state/answers.js';
import { countLive, liveScores } from '../state/live-scores.js';
import { packValue } from '../state/packed-value.js';
import { rowOf } from '../state/players.js';
import { newRun } from '../state/question-run.js';
import type { QuestionRun } from '../state/question-run.js';
import { publishQuestion, publishRecount } from '../state/standing.js';
import { currentRun, indexOfQid, questionAt, settingsOf } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { keepStats } from '../state/statistics.js';
import { autoMs, enterPhase } from './phase.js';

/** The run that an event names; there is one, or the event would not be a fact. */
export function runOf(state: SessionState, qid: string): QuestionRun {
  const run = state.runs[indexOfQid(state, qid)];
  if (run === undefined) throw new Error(`question ${qid} of session ${state.sessionId} was never shown`);
  return run;
}

export function onPreviewed(state: SessionState, event: QuestionPreviewed, meta: TurnMeta): void {
  state.runs = state.runs.concat(newRun(state.runs.length, event.readMs));
  enterPhase(state, 'preview', meta.at, event.readMs);
}

export function onOpened(state: SessionState, event: QuestionOpened, meta: TurnMeta): void {
  const run = runOf(state, event.qid);
  run.opensAt = event.opensAt;
  run.closesAt = event.closesAt;
  run.rowsAtOpen = state.players.count;
  run.eligible = state.players.inCount;
  run.answers = noAnswers(run.rowsAtOpen, event.opensAt, meta.n);
  if (settingsOf(state).liveScores === 'immediate') state.live = liveScores(state, run);
  enterPhase(state, 'open', meta.at);
}

export function onAnswer(state: SessionState, event: AnswerAccepted, meta: TurnMeta): void {
  const run = runOf(state, event.qid);
  const row = rowOf(state.players, event.playerId);
  const value = packValue(questionAt(state, run.index), event.value);
  putAnswer(run.answers as Answers, row, { answerId: event.answerId, value, recvAt: event.recvAt, creditMs: event.creditMs, epoch: meta.epoch, n: meta.n });
  run.answered += 1;
  if (state.live !== null) countLive(state, run, state.live, row);
}

export function onExtended(state: SessionState, event: QuestionExtended, meta: TurnMeta): void {
  const run = runOf(state, event.qid);
  if (event.reason === 'host') run.extensions = [...(run.extensions ?? []), { at: meta.at, ms: event.byMs }];
  if (event.from !== undefined && event.to !== undefined) {
    if (event.from >= run.opensAt) run.intervals = [...(run.intervals ?? []), { from: event.from, to: event.to }];
    state.stillUntil = event.to;
  }
  run.opensAt = event.opensAt;
  run.closesAt = event.closesAt;
  recountLive(state, run);
}

/** Times of answers already given, or the sums before them, have changed. */
export function recountLive(state: SessionState, run: QuestionRun): void {
  if (state.live !== null) state.live = liveScores(state, run);
}

export function onClosed(state: SessionState, meta: TurnMeta): void {
  enterPhase(state, 'closed', meta.at);
}

export function onRevealed(state: SessionState, event: QuestionRevealed, meta: TurnMeta): void {
  const run = runOf(state, event.qid);
  if (event.unscored === true) run.voided = true;
  keepStats(state, run);
  run.revealed = true;
  state.live = null;
  publishQuestion(state, run);
  state.resultOf = run.index;
  enterPhase(state, 'revealed', meta.at, autoMs(state, 'revealed'));
}

export function onVoided(state: SessionState, event: QuestionVoided): void {
  runOf(state, event.qid).voided = true;
}

export function onCorrected(state: SessionState, event: KeyCorrected): void {
  runOf(state, event.qid).corrected = { key: event.key };
}

export function onRevised(state: SessionState, event: ScoresRevised): void {
  publishRecount(state);
  state.resultOf = indexOfQid(state, event.qid);
  const open = currentRun(state);
  if (open !== null) recountLive(state, open);
}
