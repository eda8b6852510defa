/** Players one by one and by the page. */
import { at } from '../state/ints.js';
import { BANNED, IN, KICKED, LEFT, membershipOf, rowOf } from '../state/players.js';
import { displayOrder } from '../state/standing.js';
import type { SessionState } from '../state/state.js';

export type PlayerStatus = 'in' | 'left' | 'kicked' | 'banned' | 'unknown';
const STATUS = { [IN]: 'in', [LEFT]: 'left', [KICKED]: 'kicked', [BANNED]: 'banned' } as const;

export interface PlayerView {
  readonly playerId: string;
  readonly nickname: string;
  readonly status: Exclude<PlayerStatus, 'unknown'>;
  readonly score: number;
  /** At the last revision; null for who is not in it. */
  readonly rank: number | null;
}
export interface PlayerPage {
  readonly items: readonly PlayerView[];
  /** All that match. */
  readonly total: number;
}
export interface PlayerQuery {
  /** Part of a nickname, in any case. */
  readonly search?: string;
  readonly status?: Exclude<PlayerStatus, 'unknown'>;
  /** By rank, the unranked last; else in order of joining. */
  readonly byRank?: boolean;
  readonly offset: number;
  readonly limit: number;
}

export function playerStatus(state: SessionState, playerId: string): PlayerStatus {
  const row = rowOf(state.players, playerId);
  return row < 0 ? 'unknown' : STATUS[membershipOf(state.players, row)];
}

function viewOf(state: SessionState, row: number): PlayerView {
  const last = state.revisions.at(-1);
  const rank = last === undefined ? 0 : at(last.rank, row);
  return {
    playerId: state.players.ids[row] as string,
    nickname: state.players.names[row] as string,
    status: STATUS[membershipOf(state.players, row)],
    score: last === undefined ? 0 : at(last.score, row),
    rank: rank === 0 ? null : rank,
  };
}

/** Null: there is no such player. */
export function playerView(state: SessionState, playerId: string): PlayerView | null {
  const row = rowOf(state.players, playerId);
  return row < 0 ? null : viewOf(state, row);
}

function rowsByRank(state: SessionState): number[] {
  const last = state.revisions.at(-1);
  const ranked = last === undefined ? [] : Array.from(displayOrder(last));
  const rest: number[] = [];
  for (let row = 0; row < state.players.count; row += 1) if (last === undefined || at(last.rank, row) === 0) rest.push(row);
  return [...ranked, ...rest];
}

export function playerPage(state: SessionState, query: PlayerQuery): PlayerPage {
  const wanted = query.search?.toLowerCase();
  const rows = (query.byRank === true ? rowsByRank(state) : Array.from({ length: state.players.count }, (_unused, row) => row)).filter((row) => {
    if (query.status !== undefined && STATUS[membershipOf(state.players, row)] !== query.status) return false;
    return wanted === undefined || (state.players.names[row] as string).toLowerCase().includes(wanted);
  });
  return { items: rows.slice(query.offset, query.offset + query.limit).map((row) => viewOf(state, row)), total: rows.length };
}

/** Everybody who is banned, in the order of the bans. */
export function banned(state: SessionState): readonly PlayerView[] {
  return (state.bans ?? []).map((row) => viewOf(state, row));
}
