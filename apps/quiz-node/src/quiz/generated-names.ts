/** Nicknames that the server picks: "Brave Otter". Every player of a session gets another, without any list of those taken. */
import { ADJECTIVES, ANIMALS } from './name-words.js';

const HALF_BITS = 7;
const HALF_MASK = (1 << HALF_BITS) - 1;
const PAIRS = 1 << (2 * HALF_BITS);
const ROUNDS = 4;

/** Mixes one half with the seed; seven bits. The multipliers are those of the 32-bit finaliser of MurmurHash3. */
function mixed(half: number, seed: number, round: number): number {
  let h = Math.imul(half ^ seed ^ Math.imul(round + 1, 0x9e3779b9), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) & HALF_MASK;
}

/** A permutation of 0 … 16,383 (Feistel network): no two numbers meet, and neighbours do not show. */
function shuffled(seed: number, k: number): number {
  let left = k >> HALF_BITS;
  let right = k & HALF_MASK;
  for (let round = 0; round < ROUNDS; round += 1) [left, right] = [right, left ^ mixed(right, seed, round)];
  return (left << HALF_BITS) | right;
}

/**
 * The `k`-th name of a session, k = 0, 1, 2 …; `seed` is a whole number, the session's own. Different for each k; from the 16,385th on with a number behind it.
 * Names are nicknames as they stand (≤ 20 characters up to 147,456 of them), and their skeletons differ too.
 */
export function generatedName(seed: number, k: number): string {
  const pair = shuffled(seed | 0, k % PAIRS);
  const round = Math.floor(k / PAIRS);
  const name = `${ADJECTIVES[pair >> HALF_BITS]} ${ANIMALS[pair & HALF_MASK]}`;
  return round === 0 ? name : `${name} ${round + 1}`;
}
