/** Who is where: all players ranked in one pass. Score descending, fully correct answers descending, Σ e over them ascending; equal in all three is the same rank (1-2-2-4). */

/** One entry per player, in order of joining. Whole numbers: 0 ≤ score < 2^19, 0 ≤ correct < 2^8, 0 ≤ sumE < 2^26, which 200 questions cannot exceed. */
export interface Columns {
  readonly score: ArrayLike<number>;
  readonly correct: ArrayLike<number>;
  /** ms. */
  readonly sumE: ArrayLike<number>;
}

export interface Standings {
  /** How many are ranked: `of`. */
  count: number;
  /** The first `count` entries: players in display order; inside a tie, in order of joining. */
  readonly order: Uint32Array;
  /** By player: 1 + number of players strictly ahead; 0 for who is not ranked. */
  readonly rank: Uint32Array;
  /** By player: the one strictly ahead who is nearest in display order; −1 at rank 1 and for who is not ranked. */
  readonly behind: Int32Array;
}

export const PODIUM_RANK_MAX = 3;
export const PODIUM_SIZE_MAX = 100;

/** Up to so many, moving neighbours is cheaper than another distribution. */
const INSERTION_MAX = 24;
/** The three numbers packed into the 53 bits of a double: 19 | 8 | 26. */
const CORRECT_UNIT = 2 ** 26;
const SCORE_UNIT = 2 ** 34;
const CORRECT_TOP = 2 ** 8 - 1;
const SCORE_TOP = 2 ** 19 - 1;

/** Working memory, grown to the largest session seen; its contents mean nothing between calls. */
let keys = new Float64Array(0);
let otherKeys = new Float64Array(0);
let otherOrder = new Uint32Array(0);
let bucketOf = new Uint32Array(0);
let starts = new Uint32Array(0);

function reserve(n: number): void {
  if (keys.length >= n) return;
  const size = Math.max(64, 2 ** Math.ceil(Math.log2(n)));
  keys = new Float64Array(size);
  otherKeys = new Float64Array(size);
  otherOrder = new Uint32Array(size);
  bucketOf = new Uint32Array(size);
  starts = new Uint32Array(size);
}

export function newStandings(players: number): Standings {
  return { count: 0, order: new Uint32Array(players), rank: new Uint32Array(players), behind: new Int32Array(players) };
}

/** Stable. */
function insertionSort(order: Uint32Array, lo: number, hi: number): void {
  for (let i = lo + 1; i < hi; i += 1) {
    const key = keys[i] as number;
    const player = order[i] as number;
    let j = i - 1;
    while (j >= lo && (keys[j] as number) > key) {
      keys[j + 1] = keys[j] as number;
      order[j + 1] = order[j] as number;
      j -= 1;
    }
    keys[j + 1] = key;
    order[j + 1] = player;
  }
}

/**
 * Sorts keys[lo, hi) ascending with `order`, stable: a counting sort over about as many equal buckets as there are keys, then each crowded bucket likewise.
 * A level divides the span of the keys by at least 24, and 53 bits bear twelve such divisions: linear, whatever the scores are.
 */
function distributionSort(order: Uint32Array, lo: number, hi: number): void {
  const n = hi - lo;
  if (n <= INSERTION_MAX) return insertionSort(order, lo, hi);
  let min = Infinity;
  let max = -Infinity;
  for (let i = lo; i < hi; i += 1) {
    const key = keys[i] as number;
    if (key < min) min = key;
    if (key > max) max = key;
  }
  if (min === max) return;
  const scale = (n - 1) / (max - min);
  starts.fill(0, 0, n);
  for (let i = lo; i < hi; i += 1) {
    const bucket = (((keys[i] as number) - min) * scale) | 0;
    bucketOf[i] = bucket;
    starts[bucket] = (starts[bucket] as number) + 1;
  }
  let sum = lo;
  for (let b = 0; b < n; b += 1) {
    const size = starts[b] as number;
    starts[b] = sum;
    sum += size;
  }
  for (let i = lo; i < hi; i += 1) {
    const bucket = bucketOf[i] as number;
    const to = starts[bucket] as number;
    starts[bucket] = to + 1;
    otherKeys[to] = keys[i] as number;
    otherOrder[to] = order[i] as number;
  }
  for (let i = lo; i < hi; i += 1) {
    keys[i] = otherKeys[i] as number;
    order[i] = otherOrder[i] as number;
  }
  // Deeper levels use `starts` too, so the crowded buckets are noted first.
  const crowded: number[] = [];
  for (let b = 0, from = lo; b < n; b += 1) {
    const to = starts[b] as number;
    if (to - from > INSERTION_MAX) crowded.push(from, to);
    else if (to - from > 1) insertionSort(order, from, to);
    from = to;
  }
  for (let i = 0; i < crowded.length; i += 2) distributionSort(order, crowded[i] as number, crowded[i + 1] as number);
}

/** One number per player that orders as the three do: the smaller, the better. Fills `order` and `keys` with those included. */
function collect(players: Columns, included: ArrayLike<number | boolean> | null, n: number, order: Uint32Array): number {
  const { score, correct, sumE } = players;
  let count = 0;
  for (let i = 0; i < n; i += 1) {
    if (included !== null && !included[i]) continue;
    keys[count] = (SCORE_TOP - (score[i] as number)) * SCORE_UNIT + (CORRECT_TOP - (correct[i] as number)) * CORRECT_UNIT + (sumE[i] as number);
    order[count] = i;
    count += 1;
  }
  return count;
}

/**
 * Ranks the first `n` players of the columns, but for those whose entry in `included` is falsy (kicked, banned).
 * Writes into `into` where its arrays hold n players, else into a new one; the caller owns what it gets.
 */
export function rankAll(players: Columns, n: number, included: ArrayLike<number | boolean> | null = null, into?: Standings): Standings {
  const standings = into !== undefined && into.order.length >= n ? into : newStandings(n);
  const { order, rank, behind } = standings;
  reserve(n);
  const count = collect(players, included, n, order);
  if (count < n) {
    rank.fill(0, 0, n);
    behind.fill(-1, 0, n);
  }
  distributionSort(order, 0, count);
  let place = 0;
  let ahead = -1;
  for (let i = 0; i < count; i += 1) {
    const player = order[i] as number;
    if (i === 0 || keys[i] !== keys[i - 1]) {
      place = i + 1;
      ahead = i === 0 ? -1 : (order[i - 1] as number);
    }
    rank[player] = place;
    behind[player] = ahead;
  }
  standings.count = count;
  return standings;
}

/** How many of the display order stand on the podium: all with rank ≤ 3, at most 100. */
export function podiumSize(standings: Standings): number {
  const most = Math.min(standings.count, PODIUM_SIZE_MAX);
  let size = 0;
  while (size < most && (standings.rank[standings.order[size] as number] as number) <= PODIUM_RANK_MAX) size += 1;
  return size;
}
