/** One question from its preview on: its times, its answers, and what has been decided about it since. */
import type { KeyValue } from '../definition.js';
import { elapsedMs, frozenUpTo } from '../scoring.js';
import type { FrozenInterval } from '../scoring.js';
import { creditOf, hasAnswer, recvAtOf } from './answers.js';
import type { Answers } from './answers.js';
import { goneFrom } from './players.js';
import type { Players } from './players.js';
import type { QuestionStats } from './statistics.js';

export interface Extension {
  readonly at: number;
  readonly ms: number;
}

export interface QuestionRun {
  /** Place in the quiz, from 0; runs are made in this order. */
  readonly index: number;
  /** Time to read before the options are shown, ms. */
  readonly readMs: number;
  /** Session ms; 0 for a question that never opened. */
  opensAt: number;
  closesAt: number;
  /** Rows that existed when it opened; later ones have missed it. */
  rowsAtOpen: number;
  /** Eligible players who are still in, and those of them who have answered. Fixed by the reveal. */
  eligible: number;
  answered: number;
  /** Those that began at or after opensAt, one after the other. */
  intervals: FrozenInterval[] | null;
  extensions: Extension[] | null;
  answers: Answers | null;
  revealed: boolean;
  voided: boolean;
  /** Holds the key that a correction has put in the deck's place. */
  corrected: { readonly key: KeyValue } | null;
  /** As they were sent with the reveal; null before, and in small sessions, where they are counted when asked for. */
  stats: QuestionStats | null;
}

export function newRun(index: number, readMs: number): QuestionRun {
  return {
    index, readMs, opensAt: 0, closesAt: 0, rowsAtOpen: 0, eligible: 0, answered: 0, intervals: null, extensions: null,
    answers: null, revealed: false, voided: false, corrected: null, stats: null,
  };
}

export function wasOpened(run: QuestionRun): boolean {
  return run.answers !== null;
}

/** In the session when the question opened, and not gone before its reveal. */
export function isEligible(run: QuestionRun, players: Players, row: number): boolean {
  return row < run.rowsAtOpen && goneFrom(players, row) > run.index;
}

const NO_INTERVALS: readonly FrozenInterval[] = Object.freeze([]);
export function intervalsOf(run: QuestionRun): readonly FrozenInterval[] {
  return run.intervals ?? NO_INTERVALS;
}

/** `closesAt` as it stood at `t`, whatever has moved it since. An interval counts whole from its beginning. */
export function closesAtAsOf(run: QuestionRun, limitMs: number, t: number): number {
  if (run.intervals === null && run.extensions === null) return run.closesAt;
  let closesAt = run.opensAt + limitMs + frozenUpTo(intervalsOf(run).filter(({ from }) => from <= t), Infinity);
  for (const extension of run.extensions ?? []) if (extension.at <= t) closesAt += extension.ms;
  return closesAt;
}

/** `e` of the answer of `row`, ms, by what is known now. */
export function elapsedOf(run: QuestionRun, limitMs: number, row: number): number {
  const answers = run.answers as Answers;
  const recvAt = recvAtOf(answers, row);
  return elapsedMs({
    recvAt,
    opensAt: run.opensAt,
    limitMs,
    closesAt: closesAtAsOf(run, limitMs, recvAt),
    creditMs: creditOf(answers, row),
    intervals: intervalsOf(run),
  });
}

/** One player less is waited for: he has left, or was sent away, before the reveal. Call while he is still in. */
export function withdraw(run: QuestionRun, players: Players, row: number): void {
  if (run.revealed || !isEligible(run, players, row)) return;
  run.eligible -= 1;
  if (hasAnswer(run.answers, row)) run.answered -= 1;
}
