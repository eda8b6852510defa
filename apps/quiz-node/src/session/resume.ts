/**
 * Where a connection's messages begin: `new` and `snapshot` with the present state, `delta` with all that was missed. Never a part (protocol.md). The same
 * choice is made for a connection that moved here from another owner (K4).
 */
import { encodeSnapshot } from '@ringmaster/protocol';
import type { MissedFrame } from './history.js';
import type { SessionEntity } from './session-entity.js';
import type { SnapshotFrame } from './session-command.js';
import { clientSnapshotOf, isEnded, positionOf } from './domain.js';

export interface ClientPosition {
  readonly e: string;
  readonly s: number;
  readonly p: number;
}

/** What a client at `at` missed, in order; null where only the whole state will do. */
export function missedSince(entity: SessionEntity, at: ClientPosition, playerId: string | undefined): readonly MissedFrame[] | null {
  const to = positionOf(entity.quiz, playerId);
  if (to.e !== at.e) return null;
  return entity.history.missed({ from: at, to }, playerId);
}

/** As `missedSince`, for a client that comes back: after the end it is always shown the final state. */
export function missedOnResume(entity: SessionEntity, at: ClientPosition, playerId: string | undefined): readonly MissedFrame[] | null {
  return isEnded(entity.quiz) ? null : missedSince(entity, at, playerId);
}

/** The present state for one client. `now`: session time, ms. */
export function snapshotFor(entity: SessionEntity, playerId: string | undefined, now: number): SnapshotFrame {
  const { e, s, p } = positionOf(entity.quiz, playerId);
  return { s, p, bytes: encodeSnapshot(e, s, p, now, clientSnapshotOf(entity.quiz, playerId)) };
}
