/**
 * Who has ever joined a session, in order of joining: the row of a player is his number in all columns and never changes.
 * Owns identity (playerId, joinId, nickname), membership and `p`. Points are elsewhere.
 * A joinId is kept as 64 bits: it is a random key of the client's, and to hit another's takes 2^64 attempts over the players of one session.
 */
import { print32, print64 } from './hash.js';
import { HashIndex } from './hash-index.js';
import { extended, SMALL_MAX } from './ints.js';
import type { Ints } from './ints.js';

export const IN = 0;
export const LEFT = 1;
export const KICKED = 2;
export const BANNED = 3;
export type Membership = typeof IN | typeof LEFT | typeof KICKED | typeof BANNED;

/** Of who is in: he may answer whatever comes. More than a quiz has questions. */
const NEVER = 0xffff;

/** Numbers a player has in `cells`. */
const STRIDE = 5;
/** Membership in the low two bits; above them the first question, by its place in the quiz, for which the player is no longer eligible. */
const STATUS = 0;
const P = 1;
const JOIN_LOW = 2;
const JOIN_HIGH = 3;
const SKELETON = 4;

function statusOf(membership: Membership, goneFrom: number): number {
  return (goneFrom << 2) | membership;
}

export interface Players {
  count: number;
  inCount: number;
  ids: string[];
  names: string[];
  cells: Ints;
  /** Only above SMALL_MAX rows: below, a look at each row is as quick. */
  index: { ids: HashIndex; joins: HashIndex; skeletons: HashIndex } | null;
}

export function noPlayers(): Players {
  return { count: 0, inCount: 0, ids: [], names: [], cells: [], index: null };
}

function cell(players: Players, row: number, field: number): number {
  return players.cells[row * STRIDE + field] as number;
}

export function membershipOf(players: Players, row: number): Membership {
  return (cell(players, row, STATUS) & 3) as Membership;
}
export function isIn(players: Players, row: number): boolean {
  return (cell(players, row, STATUS) & 3) === IN;
}
/** Kicked and banned players leave the ranking; who left by himself stays in it. */
export function isRanked(players: Players, row: number): boolean {
  return (cell(players, row, STATUS) & 3) <= LEFT;
}
export function goneFrom(players: Players, row: number): number {
  return cell(players, row, STATUS) >> 2;
}
export function pOf(players: Players, row: number): number {
  return cell(players, row, P);
}
/** Counts one more private message. */
export function advanceP(players: Players, row: number): void {
  const place = row * STRIDE + P;
  players.cells[place] = (players.cells[place] as number) + 1;
}

function makeIndex(players: Players): NonNullable<Players['index']> {
  const room = Math.ceil(players.count * 1.25);
  const index = { ids: new HashIndex(room), joins: new HashIndex(room), skeletons: new HashIndex(room) };
  for (let row = 0; row < players.count; row += 1) enter(index, players, row);
  return index;
}

function enter(index: NonNullable<Players['index']>, players: Players, row: number): void {
  index.ids.add(print32(players.ids[row] as string), row);
  index.joins.add(cell(players, row, JOIN_LOW), row);
  index.skeletons.add(cell(players, row, SKELETON), row);
}

/** The row of a player by his id, or −1. */
export function rowOf(players: Players, playerId: string): number {
  const { ids, index } = players;
  if (typeof playerId !== 'string') return -1;
  if (index === null) return ids.indexOf(playerId);
  return index.ids.find(print32(playerId), (row) => ids[row] === playerId);
}

/** The latest row with this joinId that was not kicked (who was kicked may join anew), or −1. */
export function rowOfJoin(players: Players, joinId: string): number {
  const { low, high } = print64(joinId);
  const matches = (row: number): boolean =>
    cell(players, row, JOIN_LOW) === low && cell(players, row, JOIN_HIGH) === high && membershipOf(players, row) !== KICKED;
  if (players.index !== null) return players.index.joins.find(low, matches);
  for (let row = 0; row < players.count; row += 1) if (matches(row)) return row;
  return -1;
}

/** The row whose nickname has this skeleton and is not free again, or −1. `skeletonOf` is asked only where the fingerprint fits. */
export function rowOfSkeleton(players: Players, skeleton: string, skeletonOf: (nickname: string) => string): number {
  const print = print32(skeleton);
  const matches = (row: number): boolean =>
    cell(players, row, SKELETON) === print && membershipOf(players, row) !== KICKED && skeletonOf(players.names[row] as string) === skeleton;
  if (players.index !== null) return players.index.skeletons.find(print, matches);
  for (let row = 0; row < players.count; row += 1) if (matches(row)) return row;
  return -1;
}

function ensureCells(players: Players): void {
  const rows = players.count + 1;
  if (players.cells.length >= rows * STRIDE) return;
  // A small session grows to measure: the room that lists keep for more would be most of it.
  players.cells = extended(players.cells, (rows <= SMALL_MAX ? rows : Math.ceil(rows * 1.25)) * STRIDE, 0, rows);
}

/** Adds a row. */
export function addPlayer(players: Players, playerId: string, joinId: string, nickname: string, skeleton: string): void {
  const { low, high } = print64(joinId);
  appendRow(players, playerId, nickname, [statusOf(IN, NEVER), 0, low, high, print32(skeleton)]);
}

function appendRow(players: Players, playerId: string, nickname: string, cells: readonly number[]): void {
  ensureCells(players);
  const row = players.count;
  for (let field = 0; field < STRIDE; field += 1) players.cells[row * STRIDE + field] = cells[field] as number;
  if (row < SMALL_MAX) {
    players.ids = players.ids.concat(playerId);
    players.names = players.names.concat(nickname);
  } else {
    players.ids.push(playerId);
    players.names.push(nickname);
  }
  players.count = row + 1;
  if (isIn(players, row)) players.inCount += 1;
  if (players.index?.ids.hasRoom === true && players.index.skeletons.hasRoom) enter(players.index, players, row);
  else if (players.count > SMALL_MAX) players.index = makeIndex(players);
}

export function renamePlayer(players: Players, row: number, nickname: string, skeleton: string): void {
  players.names[row] = nickname;
  const print = print32(skeleton);
  players.cells[row * STRIDE + SKELETON] = print;
  if (players.index === null) return;
  if (players.index.skeletons.hasRoom) players.index.skeletons.add(print, row);
  else players.index = makeIndex(players);
}

/** `from`: the first question for which he is not eligible any more; kept where he had gone before. */
export function setMembership(players: Players, row: number, membership: Membership, from: number): void {
  const wasIn = isIn(players, row);
  if (wasIn && membership !== IN) players.inCount -= 1;
  players.cells[row * STRIDE + STATUS] = statusOf(membership, wasIn ? from : goneFrom(players, row));
}

/** For snapshots: the numbers of all rows, and the way back. */
export function cellsOf(players: Players): Int32Array {
  const out = new Int32Array(players.count * STRIDE);
  for (let i = 0; i < out.length; i += 1) out[i] = players.cells[i] as number;
  return out;
}
export function playersFrom(ids: readonly string[], names: readonly string[], cells: Int32Array): Players {
  const players = noPlayers();
  for (let row = 0; row < ids.length; row += 1) {
    appendRow(players, ids[row] as string, names[row] as string, Array.from(cells.subarray(row * STRIDE, (row + 1) * STRIDE)));
  }
  return players;
}
