/** Revisions of the standings: every reveal, correction and void makes one, and so does the end. Earlier ones stay as they were. */
import { newStandings, rankAll } from '../ranking.js';
import type { Columns, Standings } from '../ranking.js';
import { gradeQuestion } from './grading.js';
import type { Sums } from './grading.js';
import { at, extended, ints, SMALL_MAX } from './ints.js';
import type { Ints } from './ints.js';
import { isRanked } from './players.js';
import type { QuestionRun } from './question-run.js';
import type { SessionState } from './state.js';

export interface Revision {
  /** Players ranked. */
  readonly of: number;
  /** By row, for all rows that existed then. */
  readonly score: Ints;
  /** 0: not ranked. */
  readonly rank: Ints;
}

/** The sums beside the score, at the last revision. */
export interface Totals {
  readonly correct: Ints;
  /** ms, over fully correct answers. */
  readonly sumE: Ints;
  /** Fully correct scored questions in a row. */
  readonly streak: Ints;
  /** Row of the next player strictly ahead, −1 for none. */
  readonly behind: Ints;
}

export interface BoardRow {
  readonly rank: number;
  readonly playerId: string;
  readonly nickname: string;
  readonly score: number;
  /** Places gained since the revision before; 0 at the first. */
  readonly delta: number;
}
export interface Board {
  readonly revision: number;
  readonly of: number;
  readonly top: readonly BoardRow[];
}

export const BOARD_SIZE = 10;

/** Working memory, reused: its contents mean nothing between calls. */
let ranked = new Uint8Array(64);
let standings = newStandings(64);

/** Ranks all who are not kicked or banned, into working memory that the next call overwrites. */
export function rankNow(state: SessionState, sums: Columns): Standings {
  const rows = state.players.count;
  if (ranked.length < rows) {
    ranked = new Uint8Array(rows * 2);
    standings = newStandings(rows * 2);
  }
  for (let row = 0; row < rows; row += 1) ranked[row] = isRanked(state.players, row) ? 1 : 0;
  return rankAll(sums, rows, ranked, standings);
}

function copied(source: ArrayLike<number>, rows: number): Ints {
  const made = ints(rows);
  for (let row = 0; row < rows; row += 1) made[row] = source[row] as number;
  return made;
}

export function boardRow(state: SessionState, revision: number, row: number): BoardRow {
  const { rank, score } = state.revisions[revision - 1] as Revision;
  const before = revision > 1 ? at((state.revisions[revision - 2] as Revision).rank, row) : 0;
  const now = at(rank, row);
  return { rank: now, playerId: state.players.ids[row] as string, nickname: state.players.names[row] as string, score: at(score, row), delta: before === 0 ? 0 : before - now };
}

function publish(state: SessionState, sums: Sums): void {
  const rows = state.players.count;
  const { count, order, rank, behind } = rankNow(state, sums);
  state.revisions = state.revisions.concat({ of: count, score: sums.score, rank: copied(rank, rows) });
  state.totals = { correct: sums.correct, sumE: sums.sumE, streak: sums.streak, behind: copied(behind, rows) };
  keepBoard(state, order.subarray(0, count));
}

function boardOf(state: SessionState, order: Uint32Array): Board {
  const revision = state.revisions.length;
  return { revision, of: order.length, top: Array.from(order.subarray(0, BOARD_SIZE), (row) => boardRow(state, revision, row)) };
}

/** The sums of the last revision, copied, with rows for all who have come since. */
export function presentSums(state: SessionState): Sums {
  const rows = state.players.count;
  const { totals } = state;
  const revision = state.revisions.at(-1);
  if (totals === null || revision === undefined) return zeroSums(rows);
  return { score: extended(revision.score, rows), correct: extended(totals.correct, rows), sumE: extended(totals.sumE, rows), streak: extended(totals.streak, rows) };
}

export function zeroSums(rows: number): Sums {
  return { score: ints(rows), correct: ints(rows), sumE: ints(rows), streak: ints(rows) };
}

/** A revision that counts `run` in. */
export function publishQuestion(state: SessionState, run: QuestionRun): void {
  const sums = presentSums(state);
  gradeQuestion(state, run, sums);
  publish(state, sums);
}

/** The sums of all revealed questions, by the keys and voids of now. Also grades every answer anew. */
export function recountedSums(state: SessionState): Sums {
  const sums = zeroSums(state.players.count);
  for (const run of state.runs) if (run.revealed) gradeQuestion(state, run, sums);
  return sums;
}

/** A revision with everything counted again. */
export function publishRecount(state: SessionState): void {
  publish(state, recountedSums(state));
}

/** A revision of the same sums: the end shows who is ranked at that moment. */
export function publishEnd(state: SessionState): void {
  publish(state, presentSums(state));
}

/** A large session is asked for its board by everybody at once, and keeps it. */
function keepBoard(state: SessionState, order: Uint32Array): void {
  const rows = state.revisions.at(-1)?.rank.length ?? 0;
  state.board = rows > SMALL_MAX ? boardOf(state, order) : null;
}

/** Top of the last revision; null before the first. */
export function presentBoard(state: SessionState): Board | null {
  const last = state.revisions.at(-1);
  return last === undefined ? null : (state.board ?? boardOf(state, displayOrder(last)));
}

/** By row: the next strictly ahead, as ranking has it. */
function behindIn(revision: Revision, order: Uint32Array): Ints {
  const behind = ints(revision.rank.length, -1);
  let ahead = -1;
  for (let i = 1; i < order.length; i += 1) {
    const row = order[i] as number;
    if (revision.rank[row] !== revision.rank[order[i - 1] as number]) ahead = order[i - 1] as number;
    behind[row] = ahead;
  }
  return behind;
}

/** After a restore: everything that the last revision said follows from its ranks and from the answers. */
export function rebuildStanding(state: SessionState): void {
  const last = state.revisions.at(-1);
  if (last === undefined) return;
  const { correct, sumE, streak } = recountedSums(state);
  const order = displayOrder(last);
  state.totals = { correct, sumE, streak, behind: behindIn(last, order) };
  keepBoard(state, order);
}

/** Rows in display order: by rank, inside a tie in order of joining. Linear. */
export function displayOrder(revision: Revision): Uint32Array {
  const { rank, of } = revision;
  const next = new Uint32Array(rank.length + 2);
  for (let row = 0; row < rank.length; row += 1) {
    const place = rank[row] as number;
    if (place > 0) next[place] = (next[place] as number) + 1;
  }
  let sum = 0;
  for (let place = 1; place < next.length; place += 1) {
    const size = next[place] as number;
    next[place] = sum;
    sum += size;
  }
  const order = new Uint32Array(of);
  for (let row = 0; row < rank.length; row += 1) {
    const place = rank[row] as number;
    if (place === 0) continue;
    const slot = next[place] as number;
    order[slot] = row;
    next[place] = slot + 1;
  }
  return order;
}
