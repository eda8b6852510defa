/** Everything a session knows, as `evolve` leaves it. Only evolve changes it. */
import type { Deck, KeyValue, PublicQuestion, SessionSettings } from '../definition.js';
import type { Phase } from '../replies.js';
import type { Players } from './players.js';
import { noPlayers } from './players.js';
import type { QuestionRun } from './question-run.js';
import type { Board, Revision, Totals } from './standing.js';
import type { LiveScores } from './live-scores.js';

/** In place of a time that is not there. */
export const NONE = -1;

/** Finds a deck by its SHA-256. @throws if it is not at hand: the caller has fetched it before. */
export type DeckLookup = (sha256: string) => Deck;

/** The first event, in the form in which it is needed. */
export interface Created {
  readonly deck: Deck;
  readonly settings: SessionSettings;
  readonly e: string;
  /** Packed: see secrets.ts. */
  readonly secrets: string;
  readonly seed: number;
  readonly owner: string;
  readonly quizId: string | null;
  readonly optionOrder: readonly string[] | null;
  readonly at: number;
}

/** An accepted host command and its first reply, as it was when its turn had ended. */
export interface Remembered {
  readonly cmdId: string;
  /** The record of its turn: later events of the same turn still change the reply. */
  readonly n: number;
  phase: Phase | 'paused';
  s: number;
  /** The revision that a correction of a key made. */
  revision?: number;
}

export interface SessionState {
  readonly sessionId: string;
  readonly decks: DeckLookup;
  /** Null: nothing was ever journaled. */
  created: Created | null;
  /** Shared messages so far. */
  s: number;
  /** Epoch and time of the last event; when somebody, and when a host, was last known to be there. */
  lastEpoch: number;
  lastAt: number;
  activityAt: number;
  hostSeenAt: number;
  phase: Phase;
  phaseAt: number;
  /** When the phase ends by itself; NONE: not by time alone. A pause shifts it. */
  dueAt: number;
  /** Since when time stands still; NONE: it runs. */
  pausedFrom: number;
  /** End of the latest pause or outage: the next one cannot begin before. */
  stillUntil: number;
  locked: boolean;
  retired: boolean;
  players: Players;
  /** Rows of banned players. */
  bans: number[] | null;
  runs: readonly QuestionRun[];
  /** Revision r is at r − 1. */
  revisions: readonly Revision[];
  totals: Totals | null;
  /** Top of the last revision, where it is kept: see presentBoard. */
  board: Board | null;
  /** Place of the question that the last me.result of all was about; −1: there was none. */
  resultOf: number;
  /** Immediate mode, while a question is open or closed. */
  live: LiveScores | null;
  remembered: Remembered[] | null;
}

/** One list for all that have none yet: most sessions in memory wait to begin. */
const NONE_YET: readonly never[] = Object.freeze([]);
export const sharedIfEmpty = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NONE_YET : list);

/** The state of a session of which nothing is known yet. */
export function initialState(sessionId: string, decks: DeckLookup): SessionState {
  return {
    sessionId, decks, created: null, s: 0, lastEpoch: 0, lastAt: 0, activityAt: 0, hostSeenAt: 0, phase: 'lobby', phaseAt: 0, dueAt: NONE, pausedFrom: NONE, stillUntil: 0,
    locked: false, retired: false, players: noPlayers(), bans: null, runs: NONE_YET, revisions: NONE_YET, totals: null, board: null, resultOf: -1, live: null, remembered: null,
  };
}

/** Most sessions have the settings of some other: one object serves them all. Bounded; beyond that each has its own. */
const INTERNED_MAX = 1_000;
const interned = new Map<string, SessionSettings>();

export function internSettings(settings: SessionSettings): SessionSettings {
  const text = JSON.stringify(settings);
  const known = interned.get(text);
  if (known !== undefined) return known;
  const copy = JSON.parse(text) as SessionSettings;
  if (interned.size < INTERNED_MAX) interned.set(text, copy);
  return copy;
}

/** The facts of the first event; only for states that have it. */
export function createdOf(state: SessionState): Created {
  if (state.created === null) throw new Error(`session ${state.sessionId} has no first event`);
  return state.created;
}

export function deckOf(state: SessionState): Deck {
  return createdOf(state).deck;
}
export function settingsOf(state: SessionState): SessionSettings {
  return createdOf(state).settings;
}
export function questionAt(state: SessionState, index: number): PublicQuestion {
  return deckOf(state).questions[index] as PublicQuestion;
}
/** Place of a question in the quiz, or −1. */
export function indexOfQid(state: SessionState, qid: string): number {
  const { questions } = deckOf(state);
  // Nearly always it is the current one.
  const current = state.runs.length - 1;
  if (current >= 0 && questions[current]?.qid === qid) return current;
  return questions.findIndex((question) => question.qid === qid);
}

const WITH_QUESTION: ReadonlySet<Phase> = new Set<Phase>(['preview', 'open', 'closed', 'revealed', 'leaderboard']);
/** The question that is on, from its preview until the next one's, or null. */
export function currentRun(state: SessionState): QuestionRun | null {
  return WITH_QUESTION.has(state.phase) ? (state.runs.at(-1) ?? null) : null;
}

/** The key as the quiz had it, which is the one committed to. */
export function committedKey(state: SessionState, index: number): KeyValue {
  return deckOf(state).keys[index]?.key ?? null;
}
/** The key that counts now. */
export function presentKey(state: SessionState, run: QuestionRun): KeyValue {
  return run.corrected === null ? committedKey(state, run.index) : run.corrected.key;
}

export function isPaused(state: SessionState): boolean {
  return state.pausedFrom !== NONE;
}
/** Phase as hosts are told. */
export function shownPhase(state: SessionState): Phase | 'paused' {
  return isPaused(state) ? 'paused' : state.phase;
}
export function hasEnded(state: SessionState): boolean {
  return state.phase === 'finished' || state.phase === 'cancelled';
}
