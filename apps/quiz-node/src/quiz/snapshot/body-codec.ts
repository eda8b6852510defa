/** The part of a session that changes, as JSON: everything but answers that are settled and revisions. */
import type { KeyValue, SessionSettings } from '../definition.js';
import type { Phase } from '../replies.js';
import type { FrozenInterval } from '../scoring.js';
import type { Answers } from '../state/answers.js';
import { liveScores } from '../state/live-scores.js';
import { cellsOf, playersFrom } from '../state/players.js';
import type { Extension, QuestionRun } from '../state/question-run.js';
import { rebuildStanding } from '../state/standing.js';
import type { Revision } from '../state/standing.js';
import { createdOf, currentRun, initialState, internSettings, sharedIfEmpty } from '../state/state.js';
import type { DeckLookup, Remembered, SessionState } from '../state/state.js';
import { keepStats } from '../state/statistics.js';
import { packInts, unpackInts } from './bytes.js';

interface RunJson {
  readonly readMs: number;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly rowsAtOpen: number;
  readonly eligible: number;
  readonly answered: number;
  readonly intervals: readonly FrozenInterval[] | null;
  readonly extensions: readonly Extension[] | null;
  readonly revealed: boolean;
  readonly voided: boolean;
  readonly corrected: { readonly key: KeyValue } | null;
}

/** Fields of the state that are JSON as they are. */
const PLAIN = [
  's', 'lastEpoch', 'lastAt', 'activityAt', 'hostSeenAt', 'phase', 'phaseAt', 'dueAt', 'pausedFrom', 'stillUntil', 'locked', 'retired', 'bans', 'resultOf', 'remembered',
] as const satisfies readonly (keyof SessionState)[];

export interface SnapshotBody {
  readonly created: {
    readonly settings: SessionSettings;
    readonly e: string;
    readonly secrets: string;
    readonly seed: number;
    readonly owner: string;
    readonly quizId: string | null;
    readonly optionOrder: readonly string[] | null;
    readonly at: number;
  };
  readonly plain: Pick<SessionState, (typeof PLAIN)[number]> & { phase: Phase; remembered: Remembered[] | null };
  readonly players: { readonly ids: readonly string[]; readonly names: readonly string[]; readonly cells: string };
  readonly runs: readonly RunJson[];
}

function runToJson({ readMs, opensAt, closesAt, rowsAtOpen, eligible, answered, intervals, extensions, revealed, voided, corrected }: QuestionRun): RunJson {
  return { readMs, opensAt, closesAt, rowsAtOpen, eligible, answered, intervals, extensions, revealed, voided, corrected };
}

export function stateToBody(state: SessionState): SnapshotBody {
  const { settings, e, secrets, seed, owner, quizId, optionOrder, at } = createdOf(state);
  return {
    created: { settings, e, secrets: Buffer.from(secrets, 'latin1').toString('base64'), seed, owner, quizId, optionOrder, at },
    plain: Object.fromEntries(PLAIN.map((field) => [field, state[field]])) as SnapshotBody['plain'],
    players: { ids: state.players.ids, names: state.players.names, cells: packInts(cellsOf(state.players)) },
    runs: state.runs.map(runToJson),
  };
}

function runFrom(json: RunJson, index: number, answers: Answers | null): QuestionRun {
  return { ...json, index, intervals: json.intervals === null ? null : [...json.intervals], extensions: json.extensions === null ? null : [...json.extensions], answers, stats: null };
}

/** The state again, with everything worked out that the snapshot does not say. */
export function bodyToState(
  sessionId: string, decks: DeckLookup, deckSha256: string, body: SnapshotBody, answers: ReadonlyMap<number, Answers>, revisions: Revision[],
): SessionState {
  const { created: { settings, e, secrets, seed, owner, quizId, optionOrder, at }, players } = body;
  // Filled and not spread: the copy of an object with more fields than its source keeps them in a second object.
  const state = Object.assign(initialState(sessionId, decks), body.plain);
  state.created = { deck: decks(deckSha256), settings: internSettings(settings), e, secrets: Buffer.from(secrets, 'base64').toString('latin1'), seed, owner, quizId, optionOrder, at };
  state.players = playersFrom(players.ids, players.names, unpackInts(players.cells));
  state.runs = sharedIfEmpty(body.runs.map((json, index) => runFrom(json, index, answers.get(index) ?? null)));
  state.revisions = sharedIfEmpty(revisions);
  for (const run of state.runs) if (run.revealed) keepStats(state, run);
  rebuildStanding(state);
  const run = currentRun(state);
  const isLive = settings.liveScores === 'immediate' && (state.phase === 'open' || state.phase === 'closed');
  if (isLive && run !== null && run.answers !== null) state.live = liveScores(state, run);
  return state;
}
