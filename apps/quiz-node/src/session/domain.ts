/** What the session layer takes from the domain, in one place: nothing else here looks into the state. */
import { JournalError, type LastEvent, type SnapshotParts } from '@ringmaster/actors';
import type { ServerPayload } from '@ringmaster/protocol';
import type { Command } from '../quiz/commands.js';
import type { Event, EventType } from '../quiz/events.js';
import { deckOfHead, partKeys, restore, snapshot, UnknownSnapshotError } from '../quiz/snapshot-codec.js';
import { clientSnapshot } from '../quiz/views/client-snapshot.js';
import { hasAnswer } from '../quiz/state/answers.js';
import { isEligible } from '../quiz/state/question-run.js';
import { BANNED, IN, KICKED, LEFT, membershipOf, pOf, rowOf } from '../quiz/state/players.js';
import { unpackSecrets, type Secrets } from '../quiz/state/secrets.js';
import { createdOf, currentRun, hasEnded, isPaused, type DeckLookup, type SessionState } from '../quiz/state/state.js';

export { quizDecider } from '../quiz/decider.js';
export { unstashes } from '../quiz/events.js';
export type { Event } from '../quiz/events.js';
export { initialState } from '../quiz/state/state.js';
export { liveBoard } from '../quiz/views/leaderboard.js';
export type QuizState = SessionState;

export type PlayerStatus = 'in' | 'left' | 'kicked' | 'banned';

export interface Position {
  readonly e: string;
  readonly s: number;
  readonly p: number;
}

export const exists = (state: QuizState): boolean => state.created !== null;
export const isEnded = (state: QuizState): boolean => hasEnded(state);
/** Its sockets have been let go. */
export const isRetired = (state: QuizState): boolean => state.retired;
export const isLocked = (state: QuizState): boolean => state.locked;
export const lastEvent = ({ lastEpoch, lastAt }: QuizState): LastEvent => ({ epoch: lastEpoch, at: lastAt });
/** A question is open: somebody's answer may be missing. */
export const isAsking = (state: QuizState): boolean => state.phase === 'open';
/** Time runs for somebody: an outage has to be accounted for. */
export const losesTime = (state: QuizState): boolean => isAsking(state) && !isPaused(state);
/** All that this release journals, checked against the type. */
const EVENT_TYPES: Readonly<Record<EventType, true>> = {
  'session.created': true, 'player.joined': true, 'player.renamed': true, 'player.left': true, 'player.kicked': true, 'player.banned': true,
  'player.unbanned': true, 'session.started': true, 'session.paused': true, 'session.resumed': true, 'session.locked': true, 'session.unlocked': true,
  'question.previewed': true, 'question.opened': true, 'answer.accepted': true, 'question.extended': true, 'question.closed': true,
  'question.revealed': true, 'question.voided': true, 'key.corrected': true, 'scores.revised': true, 'leaderboard.shown': true, 'podium.reached': true,
  'session.finished': true, 'session.cancelled': true, 'presence.noted': true, 'session.retired': true,
  'session.purged': true,
};
export const eventTypes: ReadonlySet<string> = new Set(Object.keys(EVENT_TYPES));

/** S1: the end of a question, and whatever changes what it came to. */
const SNAPSHOT_AFTER: ReadonlySet<EventType> = new Set<EventType>(['question.revealed', 'scores.revised', 'session.finished', 'session.cancelled']);
export const snapshotAfter = ({ type }: Event): boolean => SNAPSHOT_AFTER.has(type);

/** Decks that evolving these events will look up. */
export function* decksOfEvents(events: readonly Event[]): Iterable<string> {
  for (const event of events) if (event.type === 'session.created') yield event.deckSha256;
}

/** Who is in, connected or not. */
export const playersIn = (state: QuizState): number => state.players.inCount;

export type SessionSecrets = Omit<Secrets, 'salts'>;
/** What tokens are checked with. Not to be kept. */
export const secretsOf = (state: QuizState): SessionSecrets => unpackSecrets(createdOf(state).secrets);

/** The position of a player, or of everybody else (p = 0). */
export function positionOf(state: QuizState, playerId: string | undefined): Position {
  const row = playerId === undefined ? -1 : rowOf(state.players, playerId);
  return { e: createdOf(state).e, s: state.s, p: row < 0 ? 0 : pOf(state.players, row) };
}

/** Undefined for one who never was here. */
export function playerStatus(state: QuizState, playerId: string): PlayerStatus | undefined {
  const row = rowOf(state.players, playerId);
  if (row < 0) return undefined;
  return { [IN]: 'in', [LEFT]: 'left', [KICKED]: 'kicked', [BANNED]: 'banned' }[membershipOf(state.players, row)] as PlayerStatus;
}

export function nicknameOf(state: QuizState, playerId: string): string | undefined {
  return state.players.names[rowOf(state.players, playerId)];
}

export interface Whereabouts {
  readonly isGone: (playerId: string) => boolean;
  readonly isConnected: (playerId: string) => boolean;
}

/**
 * The order to close the question if everybody who could still answer is gone, and somebody eligible is here; null when that is not so. It asks about
 * players without an answer only until it meets one who is not gone.
 */
export function closeIfAll(state: QuizState, { isGone, isConnected }: Whereabouts): Command | null {
  const run = currentRun(state);
  if (run === null || !isAsking(state)) return null;
  const gone = new Set<string>();
  let present = false;
  for (const [row, playerId] of state.players.ids.entries()) {
    if (!isEligible(run, state.players, row)) continue;
    present ||= isConnected(playerId);
    if (hasAnswer(run.answers, row)) continue;
    if (!isGone(playerId)) return null;
    gone.add(playerId);
  }
  return present ? { type: 'closeIfAll', gone, present } : null;
}

/** The `d` of a client's snapshot. The domain's views are of the shapes that the protocol's catalogue gives; tests hold them to it. */
export function clientSnapshotOf(state: QuizState, playerId: string | undefined): ServerPayload<'snapshot'> {
  return clientSnapshot(state, playerId === undefined ? 'spectator' : 'player', playerId) as unknown as ServerPayload<'snapshot'>;
}

export const snapshotOf = (state: QuizState): SnapshotParts => snapshot(state);
export const partKeysOf = (head: Uint8Array): readonly string[] => named(() => partKeys(head));
export const decksOfHead = (head: Uint8Array): readonly string[] => named(() => [deckOfHead(head)]);
export const restoreState = (sessionId: string, decks: DeckLookup, head: Uint8Array, parts: ReadonlyMap<string, Uint8Array>): QuizState =>
  named(() => restore(sessionId, head, parts, decks));

/** A snapshot of another release halts the shard by name, like an event of one (I9). */
function named<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownSnapshotError) throw new JournalError('permanent', error.code, error.message, { cause: error });
    throw error;
  }
}
