/** Judges an answer, in the order that the protocol documents. */
import { checkValue } from '../answer-value.js';
import type { Command } from '../commands.js';
import type { AnswerValue } from '../definition.js';
import { CREDIT_MS_MAX } from '../scoring.js';
import { getAnswer, hasAnswer } from '../state/answers.js';
import type { Answers } from '../state/answers.js';
import { unpackValue } from '../state/packed-value.js';
import { isIn, rowOf } from '../state/players.js';
import { isEligible, wasOpened } from '../state/question-run.js';
import type { QuestionRun } from '../state/question-run.js';
import { currentRun, indexOfQid, isPaused, questionAt, settingsOf } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { accept, agree, refuse, STASH } from './verdict.js';
import type { Verdict } from './verdict.js';

type AnswerCommand = Extract<Command, { type: 'answer' }>;

export const ANSWER_ID_MAX = 64;

function isValueShaped(value: unknown): value is AnswerValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return true;
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isShaped({ answerId, qid, value, recvAt }: AnswerCommand): boolean {
  return typeof answerId === 'string' && answerId.length > 0 && answerId.length <= ANSWER_ID_MAX && typeof qid === 'string' && Number.isFinite(recvAt) && isValueShaped(value);
}

/** The first accepted answer stands: the same again gets the same ok, another one hears what was stored. */
function judgeKnown(state: SessionState, run: QuestionRun, row: number, command: AnswerCommand): Verdict {
  const stored = getAnswer(run.answers as Answers, row);
  const value = unpackValue(questionAt(state, run.index), stored.value);
  const { answerId, recvAt: receivedAt, epoch, n } = stored;
  if (answerId !== command.answerId) return refuse(302, { answered: { qid: command.qid, answerId, value, receivedAt } });
  return {
    kind: 'answer',
    events: [],
    reply: (_state, meta) => ({ ok: true, type: 'answered', answerId, receivedAt, receipt: { shard: meta.shard, epoch, n }, value, dup: true }),
  };
}

function judgeElsewhere(named: QuestionRun | undefined, current: QuestionRun | null): Verdict {
  if (named !== undefined && wasOpened(named)) return refuse(301);
  return refuse(current === null ? 300 : 304);
}

/** By the time at which the router received it: null while the question takes answers. */
function judgeTime(state: SessionState, run: QuestionRun, recvAt: number, at: number): Verdict | null {
  if (isPaused(state) && recvAt >= state.pausedFrom) return refuse(305, { retry: true });
  if (wasOpened(run) && recvAt < run.opensAt) return refuse(300, { retry: true, retryAfterMs: Math.max(0, run.opensAt - at) });
  if (state.phase !== 'open') return refuse(301);
  // T4: late only once the close is a fact; until then closesAt may still move.
  return recvAt > run.closesAt + settingsOf(state).graceMs ? STASH : null;
}

export function decideAnswer(state: SessionState, command: AnswerCommand, at: number): Verdict {
  if (!isShaped(command)) return refuse(102);
  const { playerId, answerId, qid } = command;
  const row = rowOf(state.players, playerId);
  if (row < 0) return refuse(201);
  const named = state.runs[indexOfQid(state, qid)];
  if (named !== undefined && hasAnswer(named.answers, row)) return judgeKnown(state, named, row, command);
  const run = currentRun(state);
  if (run === null || named !== run) return judgeElsewhere(named, run);
  if (state.phase === 'preview') return refuse(300);
  if (!isIn(state.players, row) || !isEligible(run, state.players, row)) return refuse(306);
  const recvAt = Math.floor(command.recvAt);
  const untimely = judgeTime(state, run, recvAt, at);
  if (untimely !== null) return untimely;
  const value = checkValue(questionAt(state, run.index), command.value);
  if (value === null) return refuse(303);
  const creditMs = Number.isFinite(command.creditMs) && command.creditMs > 0 ? Math.min(Math.floor(command.creditMs), CREDIT_MS_MAX) : 0;
  return {
    kind: 'answer',
    events: [{ type: 'answer.accepted', playerId, qid, answerId, value, recvAt, creditMs }],
    reply: (_state, { shard, epoch, n }) => ({ ok: true, type: 'answered', answerId, receivedAt: recvAt, receipt: { shard, epoch, n } }),
  };
}

/** A question that closes before its time because nobody is left to wait for. */
export function decideCloseIfAll(state: SessionState, command: Extract<Command, { type: 'closeIfAll' }>): Verdict {
  const run = state.phase === 'open' && !isPaused(state) ? currentRun(state) : null;
  const nothing = agree({ ok: true, type: 'done' });
  if (run === null || run.eligible === 0 || !command.present) return nothing;
  for (let row = 0; row < run.rowsAtOpen; row += 1) {
    if (!isEligible(run, state.players, row) || hasAnswer(run.answers, row)) continue;
    if (!command.gone.has(state.players.ids[row] as string)) return nothing;
  }
  return accept([{ type: 'question.closed', qid: questionAt(state, run.index).qid, reason: 'all' }], { ok: true, type: 'done' });
}
