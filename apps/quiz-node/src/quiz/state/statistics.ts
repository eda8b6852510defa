/** What a question's answers look like together. Counts eligible players who were still in at the reveal: answered + unanswered = eligible. */
import { correctness } from '../answer-value.js';
import type { KeyValue, PublicQuestion } from '../definition.js';
import { hasAnswer } from './answers.js';
import { SMALL_MAX } from './ints.js';
import { chosenPlaces, unpackValue } from './packed-value.js';
import type { PackedValue } from './packed-value.js';
import type { Players } from './players.js';
import { elapsedOf, isEligible } from './question-run.js';
import type { QuestionRun } from './question-run.js';
import { committedKey, questionAt } from './state.js';
import type { SessionState } from './state.js';

export interface QuestionStats {
  /** By option id, or "true" and "false"; for single, multiple, trueFalse and poll. */
  readonly byOption?: Readonly<Record<string, number>>;
  /** Fully correct answers. */
  readonly correct: number;
  readonly unanswered: number;
  /** Lower median of e, ms; null without answers. */
  readonly medianMs: number | null;
}

/** Names of the counters in byOption, in the deck's order; null for types without. */
function optionNames(question: PublicQuestion): string[] | null {
  if (question.type === 'trueFalse') return ['false', 'true'];
  if (question.type === 'single' || question.type === 'multiple' || question.type === 'poll') return (question.options ?? []).map((option) => option.id);
  return null;
}

/** Lower median; sorts `times` in place. */
export function lowerMedian(times: Int32Array): number | null {
  return times.length === 0 ? null : (times.sort()[(times.length - 1) >> 1] as number);
}

/** By `key`, which may be another than the one that was revealed. */
export function statistics(run: QuestionRun, players: Players, question: PublicQuestion, key: KeyValue): QuestionStats {
  const names = optionNames(question);
  const counts = new Array<number>(names?.length ?? 0).fill(0);
  const times = new Int32Array(run.answered);
  let answered = 0;
  let correct = 0;
  for (let row = 0; row < run.rowsAtOpen; row += 1) {
    if (!isEligible(run, players, row) || !hasAnswer(run.answers, row)) continue;
    times[answered] = elapsedOf(run, question.limitMs, row);
    answered += 1;
    const packed = run.answers?.values[row] as PackedValue;
    if (names !== null) for (const place of chosenPlaces(question, packed)) counts[place] = (counts[place] as number) + 1;
    const part = correctness(question, key, unpackValue(question, packed));
    if (part.num === part.den) correct += 1;
  }
  return {
    ...(names !== null && { byOption: Object.fromEntries(names.map((name, i) => [name, counts[i] as number])) }),
    correct,
    unanswered: run.eligible - answered,
    medianMs: lowerMedian(times),
  };
}

/** By the key that was committed to, as the reveal told them. */
export function committedStats(state: SessionState, run: QuestionRun): QuestionStats {
  return run.stats ?? statistics(run, state.players, questionAt(state, run.index), committedKey(state, run.index));
}

/** At the reveal: a large session is asked for them by everybody at once, and keeps them. */
export function keepStats(state: SessionState, run: QuestionRun): void {
  run.stats = run.rowsAtOpen > SMALL_MAX ? committedStats(state, run) : null;
}
