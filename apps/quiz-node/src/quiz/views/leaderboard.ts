/** Pages of the standings, of any revision. */
import { at } from '../state/ints.js';
import { rowOf } from '../state/players.js';
import { BOARD_SIZE, displayOrder, presentBoard, rankNow } from '../state/standing.js';
import type { Board, Revision } from '../state/standing.js';
import type { SessionState } from '../state/state.js';

export interface LeaderboardQuery {
  /** Absent: the last one. */
  readonly revision?: number;
  /** A playerId; `offset` is not looked at then. */
  readonly around?: string;
  readonly offset: number;
  readonly limit: number;
}
export interface LeaderboardItem {
  readonly rank: number;
  readonly playerId: string;
  readonly nickname: string;
  readonly score: number;
}
export interface LeaderboardPage {
  readonly revision: number;
  readonly of: number;
  readonly items: readonly LeaderboardItem[];
  /** Of the first item. */
  readonly offset: number;
  /** Null: nothing follows. */
  readonly nextOffset: number | null;
}

const NOBODY: Revision = { of: 0, score: [], rank: [] };

/** `limit` rows with the player as near the middle as can be; −1: he is not among them. */
function offsetAround(state: SessionState, order: Uint32Array, playerId: string, limit: number): number {
  const row = rowOf(state.players, playerId);
  const place = row < 0 ? -1 : order.indexOf(row);
  if (place < 0) return -1;
  return Math.max(0, Math.min(place - Math.floor((limit - 1) / 2), order.length - limit));
}

/** Null: no such revision, or the player is not ranked in it. Revision 0 has nobody. */
export function leaderboard(state: SessionState, query: LeaderboardQuery): LeaderboardPage | null {
  const number = query.revision ?? state.revisions.length;
  const revision = number === 0 ? NOBODY : state.revisions[number - 1];
  if (revision === undefined) return null;
  const order = displayOrder(revision);
  const offset = query.around === undefined ? query.offset : offsetAround(state, order, query.around, query.limit);
  if (offset < 0) return null;
  const items = Array.from(order.subarray(offset, offset + query.limit), (row) => ({
    rank: at(revision.rank, row), playerId: state.players.ids[row] as string, nickname: state.players.names[row] as string, score: at(revision.score, row),
  }));
  const next = offset + items.length;
  return { revision: number, of: revision.of, items, offset, nextOffset: next < order.length ? next : null };
}

/** Immediate mode: the top as if the question ended now, under the present revision's number. Otherwise the last revision's. */
export function liveBoard(state: SessionState): Board {
  const { live } = state;
  const revision = state.revisions.length;
  if (live === null) return presentBoard(state) ?? { revision, of: 0, top: [] };
  const rows = state.players.count;
  const padded = { score: padTo(live.score, rows), correct: padTo(live.correct, rows), sumE: padTo(live.sumE, rows) };
  const { count, order, rank } = rankNow(state, padded);
  const last = state.revisions.at(-1);
  const top = Array.from(order.subarray(0, Math.min(count, BOARD_SIZE)), (row) => {
    const before = last === undefined ? 0 : at(last.rank, row);
    const now = rank[row] as number;
    return { rank: now, playerId: state.players.ids[row] as string, nickname: state.players.names[row] as string, score: at(live.score, row), delta: before === 0 ? 0 : before - now };
  });
  return { revision, of: count, top };
}

/** Who came after the question opened has nothing yet. */
function padTo(column: ArrayLike<number>, rows: number): ArrayLike<number> {
  return column.length >= rows ? column : Array.from({ length: rows }, (_unused, row) => at(column, row));
}
