/** The end in numbers: podium and hash of the last revision. */
import { PODIUM_RANK_MAX, PODIUM_SIZE_MAX } from '../ranking.js';
import { standingsHash } from '../standings-hash.js';
import { at } from '../state/ints.js';
import { boardRow, displayOrder } from '../state/standing.js';
import type { BoardRow, Revision } from '../state/standing.js';
import type { SessionState } from '../state/state.js';

export interface FinalView {
  readonly podium: readonly BoardRow[];
  readonly of: number;
  readonly revision: number;
  readonly standingsHash: string;
}

/** Of the last revision; there is one. */
export function finalView(state: SessionState): FinalView {
  const revision = state.revisions.length;
  const last = state.revisions[revision - 1] as Revision;
  const order = displayOrder(last);
  const podium: BoardRow[] = [];
  for (const row of order) {
    if (podium.length === PODIUM_SIZE_MAX || at(last.rank, row) > PODIUM_RANK_MAX) break;
    podium.push(boardRow(state, revision, row));
  }
  const { correct, sumE } = state.totals ?? { correct: [], sumE: [] };
  const rows = Array.from(order, (row) => ({
    rank: at(last.rank, row), playerId: state.players.ids[row] as string, score: at(last.score, row), correct: at(correct, row), sumE: at(sumE, row),
  }));
  return { podium, of: last.of, revision, standingsHash: standingsHash(rows) };
}
