/** The `d` of `snapshot`: all that a client needs to go on from its position. */
import type { AnswerValue, SessionSettings } from '../definition.js';
import type { Phase } from '../replies.js';
import { openedView, previewView, revealedView } from '../outputs/question-views.js';
import type { OpenedView, PreviewView, RevealedView } from '../outputs/question-views.js';
import { resultView } from '../outputs/results.js';
import type { ResultView } from '../outputs/results.js';
import { getAnswer, hasAnswer } from '../state/answers.js';
import type { Answers } from '../state/answers.js';
import { at } from '../state/ints.js';
import { liveRank } from '../state/live-scores.js';
import { unpackValue } from '../state/packed-value.js';
import { rowOf } from '../state/players.js';
import { wasOpened } from '../state/question-run.js';
import type { QuestionRun } from '../state/question-run.js';
import { presentBoard } from '../state/standing.js';
import type { BoardRow } from '../state/standing.js';
import { currentRun, deckOf, isPaused, questionAt, settingsOf } from '../state/state.js';
import type { SessionState } from '../state/state.js';

export type Role = 'player' | 'host' | 'presenter' | 'spectator';

export interface Answered {
  readonly qid: string;
  readonly answerId: string;
  readonly value: AnswerValue;
  readonly receivedAt: number;
}
export interface MeView {
  readonly nickname: string;
  readonly score: number;
  /** Null before the player's first revision. */
  readonly rank: number | null;
  readonly of: number;
  readonly streak: number;
  readonly answered?: Answered;
}
export interface ClientSnapshot {
  readonly phase: Phase;
  readonly paused: boolean;
  readonly locked: boolean;
  readonly quiz: { readonly title: string; readonly total: number };
  readonly question?: PreviewView | OpenedView;
  readonly revealed?: RevealedView;
  readonly result?: ResultView;
  readonly me?: MeView;
  readonly top?: readonly BoardRow[];
  readonly players: { readonly count: number };
  readonly settings: SessionSettings;
}

/** The accepted answer of a row as its sender knows it, or undefined. */
function answeredOf(state: SessionState, run: QuestionRun | null, row: number): Answered | undefined {
  if (run === null || !hasAnswer(run.answers, row)) return undefined;
  const question = questionAt(state, run.index);
  const { answerId, value, recvAt } = getAnswer(run.answers as Answers, row);
  return { qid: question.qid, answerId, value: unpackValue(question, value), receivedAt: recvAt };
}

function meView(state: SessionState, run: QuestionRun | null, row: number): MeView {
  const nickname = state.players.names[row] as string;
  const answered = answeredOf(state, run, row);
  const { live } = state;
  // Immediate mode: the last me.result that this player got was about his answer.
  if (live !== null && answered !== undefined) {
    const { rank, of } = liveRank(state, live, row);
    return { nickname, score: at(live.score, row), rank, of, streak: at(live.streak, row), answered };
  }
  const last = state.revisions.at(-1);
  const rank = last === undefined ? 0 : at(last.rank, row);
  return {
    nickname,
    score: last === undefined ? 0 : at(last.score, row),
    rank: rank === 0 ? null : rank,
    of: last?.of ?? 0,
    streak: at(state.totals?.streak ?? [], row),
    ...(answered !== undefined && { answered }),
  };
}

/** `playerId`: whose snapshot it is, for the role of a player. Nothing in it is to be changed. */
export function clientSnapshot(state: SessionState, role: Role, playerId?: string): ClientSnapshot {
  const run = currentRun(state);
  const shown = state.phase === 'revealed' || state.phase === 'leaderboard';
  const row = role === 'player' && playerId !== undefined ? rowOf(state.players, playerId) : -1;
  const hasResult = row >= 0 && shown && state.resultOf >= 0 && at(state.revisions.at(-1)?.rank ?? [], row) > 0;
  const deck = deckOf(state);
  const board = presentBoard(state);
  return {
    phase: state.phase,
    paused: isPaused(state),
    locked: state.locked,
    quiz: { title: deck.title, total: deck.questions.length },
    ...(run !== null && { question: wasOpened(run) ? openedView(state, run) : previewView(state, run) }),
    ...(run !== null && shown && { revealed: revealedView(state, run) }),
    ...(hasResult && { result: resultView(state, row) }),
    ...(row >= 0 && { me: meView(state, run, row) }),
    ...(board !== null && { top: board.top }),
    players: { count: state.players.inCount },
    settings: settingsOf(state),
  };
}
