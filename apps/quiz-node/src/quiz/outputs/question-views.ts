/** The public faces of a question: the `d` of its messages, which are also parts of a snapshot. */
import { commit } from '../commitment.js';
import type { KeyValue, QuestionOption, QuestionType } from '../definition.js';
import type { QuestionRun } from '../state/question-run.js';
import { saltAt } from '../state/secrets.js';
import { committedKey, createdOf, deckOf, questionAt } from '../state/state.js';
import type { SessionState } from '../state/state.js';
import { committedStats } from '../state/statistics.js';
import type { QuestionStats } from '../state/statistics.js';

interface QuestionFace {
  readonly qid: string;
  /** Its number, from 1, of so many. */
  readonly n: number;
  readonly of: number;
  readonly type: QuestionType;
  readonly text: string;
  readonly media?: string;
  readonly points: number;
}
export interface PreviewView extends QuestionFace {
  readonly readMs: number;
  readonly commit: string;
}
export interface OpenedView extends QuestionFace {
  readonly options?: readonly QuestionOption[];
  readonly limitMs: number;
  readonly opensAt: number;
  readonly closesAt: number;
}
export interface RevealedView {
  readonly qid: string;
  readonly key: KeyValue;
  readonly salt: string;
  readonly explanation?: string;
  readonly stats: QuestionStats;
}

function face(state: SessionState, run: QuestionRun): QuestionFace {
  const { qid, type, text, media, points } = questionAt(state, run.index);
  return { qid, n: run.index + 1, of: deckOf(state).questions.length, type, text, ...(media !== undefined && { media }), points };
}

/** In the order in which this session shows them. */
function optionsOf(state: SessionState, index: number): readonly QuestionOption[] | undefined {
  const { options } = questionAt(state, index);
  const order = createdOf(state).optionOrder?.[index];
  if (options === undefined || order === undefined || order === '') return options;
  return Array.from(order, (place) => options[Number(place)] as QuestionOption);
}

export function previewView(state: SessionState, run: QuestionRun): PreviewView {
  const salt = saltAt(createdOf(state).secrets, run.index);
  return { ...face(state, run), readMs: run.readMs, commit: commit(salt, committedKey(state, run.index)) };
}

export function openedView(state: SessionState, run: QuestionRun): OpenedView {
  const options = optionsOf(state, run.index);
  const { limitMs } = questionAt(state, run.index);
  return { ...face(state, run), ...(options !== undefined && { options }), limitMs, opensAt: run.opensAt, closesAt: run.closesAt };
}

/** Only of a question that has been revealed. Stays as committed, whatever is corrected later. */
export function revealedView(state: SessionState, run: QuestionRun): RevealedView {
  if (!run.revealed) throw new Error(`question ${run.index + 1} of session ${state.sessionId} is not revealed`);
  const key = deckOf(state).keys[run.index];
  return {
    qid: questionAt(state, run.index).qid,
    key: committedKey(state, run.index),
    salt: saltAt(createdOf(state).secrets, run.index),
    ...(key?.explanation !== undefined && { explanation: key.explanation }),
    stats: committedStats(state, run),
  };
}
