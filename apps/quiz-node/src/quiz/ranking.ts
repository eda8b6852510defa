/**
 * Who is where: all players ranked in one pass. Score descending, fully correct answers descending, Σ e over them ascending;
 * equal in all three is the same rank (standard competition ranking, 1-2-2-4). Owns working memory that means nothing between calls.
 */

/** One entry per player, in order of joining. Whole numbers: 0 ≤ score < 2^19, 0 ≤ correct < 2^8, 0 ≤ sumE < 2^26 ms: more than 200 questions can give. */
export interface Columns {
  readonly score: ArrayLike<number>;
  readonly correct: ArrayLike<number>;
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

interface Scratch {
  /** By place in `order`: one number that orders as the three do; the smaller, the better. */
  readonly keys: Float64Array;
  readonly otherKeys: Float64Array;
  readonly otherOrder: Uint32Array;
  readonly bucketOf: Uint32Array;
  /** By bucket: first its size, then the place of its next entry. */
  readonly places: Uint32Array;
}

function newScratch(n: number): Scratch {
  return {
    keys: new Float64Array(n),
    otherKeys: new Float64Array(n),
    otherOrder: new Uint32Array(n),
    bucketOf: new Uint32Array(n),
    places: new Uint32Array(n),
  };
}

/** As large as the largest session seen, rounded up. */
let scratch = newScratch(64);

function scratchFor(n: number): Scratch {
  if (scratch.keys.length < n) scratch = newScratch(2 ** Math.ceil(Math.log2(n)));
  return scratch;
}

export function newStandings(players: number): Standings {
  return { count: 0, order: new Uint32Array(players), rank: new Uint32Array(players), behind: new Int32Array(players) };
}

/** Stable. */
function insertionSort(keys: Float64Array, order: Uint32Array, lo: number, hi: number): void {
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

/** Counts [lo, hi) into equal buckets of the span [min, max] and moves keys and players, stable, so that bucket follows bucket. */
function distribute(memory: Scratch, order: Uint32Array, lo: number, hi: number, min: number, max: number, buckets: number): void {
  const { keys, otherKeys, otherOrder, bucketOf, places } = memory;
  const scale = (buckets - 1) / (max - min);
  places.fill(0, 0, buckets);
  for (let i = lo; i < hi; i += 1) {
    const bucket = (((keys[i] as number) - min) * scale) | 0;
    bucketOf[i] = bucket;
    places[bucket] = (places[bucket] as number) + 1;
  }
  let place = lo;
  for (let b = 0; b < buckets; b += 1) {
    const size = places[b] as number;
    places[b] = place;
    place += size;
  }
  for (let i = lo; i < hi; i += 1) {
    const bucket = bucketOf[i] as number;
    const to = places[bucket] as number;
    places[bucket] = to + 1;
    otherKeys[to] = keys[i] as number;
    otherOrder[to] = order[i] as number;
  }
  keys.set(otherKeys.subarray(lo, hi), lo);
  order.set(otherOrder.subarray(lo, hi), lo);
}

/**
 * Sorts [lo, hi) by key, stable: a counting sort over half as many equal buckets as there are keys, then each crowded bucket likewise.
 * A level divides the span of the keys by at least 11, and 53 bits bear sixteen such divisions: linear, whatever the scores are.
 */
function distributionSort(memory: Scratch, order: Uint32Array, lo: number, hi: number): void {
  const { keys, places } = memory;
  if (hi - lo <= INSERTION_MAX) return insertionSort(keys, order, lo, hi);
  let min = keys[lo] as number;
  let max = min;
  for (let i = lo + 1; i < hi; i += 1) {
    const key = keys[i] as number;
    if (key < min) min = key;
    if (key > max) max = key;
  }
  if (min === max) return;
  const buckets = (hi - lo) >> 1;
  distribute(memory, order, lo, hi, min, max, buckets);
  // Deeper levels write `places` anew: the crowded buckets are noted first.
  const crowded: number[] = [];
  for (let b = 0, from = lo; b < buckets; b += 1) {
    const to = places[b] as number;
    if (to - from > INSERTION_MAX) crowded.push(from, to);
    else if (to - from > 1) insertionSort(keys, order, from, to);
    from = to;
  }
  for (let i = 0; i < crowded.length; i += 2) distributionSort(memory, order, crowded[i] as number, crowded[i + 1] as number);
}

/** Lists in `order` and `keys` who is ranked, in order of joining; returns how many. */
function collect(players: Columns, n: number, included: ArrayLike<number | boolean> | null, order: Uint32Array, keys: Float64Array): number {
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
 * Ranks the first `n` players of the columns, but for those whose entry in `included` is falsy (kicked, banned); null includes all.
 * Writes into `into` if its arrays hold n players, else into new ones. O(n), and no allocation where `into` is given.
 */
export function rankAll(players: Columns, n: number, included: ArrayLike<number | boolean> | null = null, into?: Standings): Standings {
  const standings = into !== undefined && into.order.length >= n ? into : newStandings(n);
  const { order, rank, behind } = standings;
  const memory = scratchFor(n);
  const { keys } = memory;
  const count = collect(players, n, included, order, keys);
  if (count < n) {
    rank.fill(0, 0, n);
    behind.fill(-1, 0, n);
  }
  distributionSort(memory, order, 0, count);
  let place = 0;
  let ahead = -1;
  let last = -1;
  for (let i = 0; i < count; i += 1) {
    const player = order[i] as number;
    const key = keys[i] as number;
    if (key !== last) {
      place = i + 1;
      ahead = i === 0 ? -1 : (order[i - 1] as number);
      last = key;
    }
    rank[player] = place;
    behind[player] = ahead;
  }
  standings.count = count;
  return standings;
}

/** How many, from the first of the display order on, stand on the podium: all with rank ≤ 3, at most 100. */
export function podiumSize(standings: Standings): number {
  const most = Math.min(standings.count, PODIUM_SIZE_MAX);
  let size = 0;
  while (size < most && (standings.rank[standings.order[size] as number] as number) <= PODIUM_RANK_MAX) size += 1;
  return size;
}
