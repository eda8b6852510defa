/** The whole result of a session, of the present: who was kicked or banned is not in it. */
import type { AnswerValue, QuestionType } from '../definition.js';
import { verdictOf } from '../outputs/results.js';
import type { Outcome } from '../outputs/results.js';
import type { Phase } from '../replies.js';
import { standingsHash } from '../standings-hash.js';
import { getAnswer, hasAnswer } from '../state/answers.js';
import type { Answers } from '../state/answers.js';
import { unpackValue } from '../state/packed-value.js';
import { isRanked } from '../state/players.js';
import type { QuestionRun } from '../state/question-run.js';
import { presentSums, rankNow } from '../state/standing.js';
import { deckOf, presentKey, questionAt } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { statistics } from '../state/statistics.js';

export interface ReportPlayer {
  readonly playerId: string;
  readonly nickname: string;
  readonly score: number;
  readonly rank: number;
  /** Fully correct answers, and Σ e over them, ms. */
  readonly correct: number;
  readonly sumE: number;
  /** Accepted answers. */
  readonly answered: number;
}
export interface ReportQuestion {
  readonly qid: string;
  readonly n: number;
  readonly type: QuestionType;
  readonly text: string;
  readonly answered: number;
  /** Both null before the reveal; medianMs also without answers. */
  readonly correct: number | null;
  readonly medianMs: number | null;
  readonly voided: boolean;
}
export interface ReportAnswer {
  readonly playerId: string;
  readonly qid: string;
  readonly answerId: string;
  readonly value: AnswerValue;
  readonly receivedAt: number;
  /** Both null before the reveal. */
  readonly outcome: Outcome | null;
  readonly points: number | null;
}
export interface ReportHead {
  readonly sessionId: string;
  readonly title: string;
  readonly phase: Phase;
  readonly revision: number;
  readonly players: readonly ReportPlayer[];
  readonly questions: readonly ReportQuestion[];
  readonly standingsHash: string;
}
export interface Report extends ReportHead {
  readonly answers: readonly ReportAnswer[];
}

function playerRows(state: SessionState): ReportPlayer[] {
  const sums = presentSums(state);
  const { count, order, rank } = rankNow(state, sums);
  return Array.from(order.subarray(0, count), (row) => ({
    playerId: state.players.ids[row] as string,
    nickname: state.players.names[row] as string,
    score: sums.score[row] as number,
    rank: rank[row] as number,
    correct: sums.correct[row] as number,
    sumE: sums.sumE[row] as number,
    answered: state.runs.reduce((answers, run) => (hasAnswer(run.answers, row) ? answers + 1 : answers), 0),
  }));
}

function questionRow(state: SessionState, index: number): ReportQuestion {
  const question = questionAt(state, index);
  const run = state.runs[index];
  const stats = run?.revealed === true ? statistics(run, state.players, question, presentKey(state, run)) : null;
  const { qid, type, text } = question;
  return { qid, n: index + 1, type, text, answered: run?.answered ?? 0, correct: stats?.correct ?? null, medianMs: stats?.medianMs ?? null, voided: run?.voided ?? false };
}

function answerRows(state: SessionState, run: QuestionRun): ReportAnswer[] {
  const question = questionAt(state, run.index);
  const rows: ReportAnswer[] = [];
  for (let row = 0; row < run.rowsAtOpen; row += 1) {
    if (!isRanked(state.players, row) || !hasAnswer(run.answers, row)) continue;
    const { answerId, value, recvAt } = getAnswer(run.answers as Answers, row);
    const verdict = run.revealed ? verdictOf(state, run, row) : null;
    rows.push({
      playerId: state.players.ids[row] as string,
      qid: question.qid,
      answerId,
      value: unpackValue(question, value),
      receivedAt: recvAt,
      outcome: verdict?.outcome ?? null,
      points: verdict === null ? null : verdict.speed + verdict.streak,
    });
  }
  return rows;
}

/** The hash of the report, without the rest of it. */
export function presentHash(state: SessionState): string {
  return standingsHash(playerRows(state));
}

/** All but the answers: players in display order, questions in the quiz's. `standingsHash` is made of the players' rows alone. */
export function reportHead(state: SessionState): ReportHead {
  const deck = deckOf(state);
  const players = playerRows(state);
  return {
    sessionId: state.sessionId,
    title: deck.title,
    phase: state.phase,
    revision: state.revisions.length,
    players,
    questions: deck.questions.map((_question, index) => questionRow(state, index)),
    standingsHash: standingsHash(players),
  };
}

/** The answers to the question at `index`, in order of joining; none where it was not shown. */
export function reportAnswers(state: SessionState, index: number): ReportAnswer[] {
  const run = state.runs[index];
  return run === undefined ? [] : answerRows(state, run);
}

/** Answers by question. */
export function report(state: SessionState): Report {
  return { ...reportHead(state), answers: state.runs.flatMap((run) => answerRows(state, run)) };
}
