/** What became of a question, for those who run the session: by the key that counts now. */
import type { KeyValue, QuestionType } from '../definition.js';
import { indexOfQid, presentKey, questionAt } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { statistics } from '../state/statistics.js';
import type { QuestionStats } from '../state/statistics.js';

export interface QuestionStatsView extends QuestionStats {
  readonly qid: string;
  readonly n: number;
  readonly type: QuestionType;
  readonly text: string;
  readonly asked: boolean;
  readonly revealed: boolean;
  readonly voided: boolean;
  readonly corrected: boolean;
  readonly answered: number;
  readonly eligible: number;
  readonly key: KeyValue;
}

/** Null: the quiz has no such question. */
export function questionStats(state: SessionState, qid: string): QuestionStatsView | null {
  const index = indexOfQid(state, qid);
  if (index < 0) return null;
  const { type, text } = questionAt(state, index);
  const run = state.runs[index];
  const face = { qid, n: index + 1, type, text };
  if (run === undefined) {
    const key = state.created?.deck.keys[index]?.key ?? null;
    return { ...face, asked: false, revealed: false, voided: false, corrected: false, answered: 0, eligible: 0, key, correct: 0, unanswered: 0, medianMs: null };
  }
  const key = presentKey(state, run);
  const stats = statistics(run, state.players, questionAt(state, index), key);
  const { revealed, voided, answered, eligible } = run;
  return { ...face, asked: true, revealed, voided, corrected: run.corrected !== null, answered, eligible, key, ...stats };
}
