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
 * Where `isTaken` says that somebody has it (a name of one's own, a banned one), the same words with the next free number.
 * Names are nicknames as they stand (≤ 20 characters up to k = 147,455), and their skeletons differ too.
 */
export function generatedName(seed: number, k: number, isTaken?: (name: string) => boolean): string {
  const pair = shuffled(seed | 0, k % PAIRS);
  const words = `${ADJECTIVES[pair >> HALF_BITS]} ${ANIMALS[pair & HALF_MASK]}`;
  for (let number = Math.floor(k / PAIRS) + 1; ; number += 1) {
    const name = number === 1 ? words : `${words} ${number}`;
    if (isTaken === undefined || !isTaken(name)) return name;
  }
}
