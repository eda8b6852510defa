/** Points for an answer: whole milliseconds and whole points only, so that a replay gives the same bits on any machine. */
import type { ScoringPolicy } from './definition.js';

/** From the journaling of an opening to the instant at which everybody's buttons unlock, ms. */
export const LEAD_MS = 400;
/** How long after `closesAt` an arrival still counts, ms. */
export const GRACE_MS = 500;
export const CREDIT_MS_MAX = 150;
/** Fewer round trips than these say nothing about a connection. */
export const CREDIT_SAMPLES_MIN = 3;
export const STREAK_STEP = 100;
export const STREAK_BONUS_MAX = 500;

/** A span in which time stood still for the quiz: [from, to), session ms. `to` is Infinity while it lasts. */
export interface FrozenInterval {
  readonly from: number;
  readonly to: number;
}

/**
 * Points for speed. `e`: elapsed ms, 0 ≤ e ≤ L; `P`: points of the question; `L`: its limit, ms; `B`: `accuracyBonus`, read by accuracyFirst@1 alone.
 * All operands are integers and every product stays below 2^31, so `Math.floor` of the quotient is the exact whole division.
 */
export type SpeedFormula = (e: number, P: number, L: number, B: number) => number;

export interface Policy {
  readonly speed: SpeedFormula;
  /** The formula in words that a host can check by hand. */
  readonly formula: string;
}

/** Kahoot's documented formula: full points below half a second, then a straight line down to one half. */
function halfDecay(e: number, P: number, L: number): number {
  return e < 500 ? P : Math.floor((P * (2 * L - e) + L) / (2 * L));
}

/** A straight line from P down to nothing. */
function fullDecay(e: number, P: number, L: number): number {
  return Math.floor((2 * P * (L - e) + L) / (2 * L));
}

function flat(_e: number, P: number): number {
  return P;
}

/** All the bonuses of a session together stay below P: one more right answer always outweighs any speed. */
function accuracyFirst(e: number, P: number, L: number, B: number): number {
  return P + Math.floor((B * (L - e)) / L);
}

/** A published version is never changed: another formula gets another version. */
export const POLICIES: Readonly<Record<ScoringPolicy, Policy>> = Object.freeze({
  'halfDecay@1': { speed: halfDecay, formula: 'P if e < 500, else (P·(2L − e) + L) div 2L' },
  'fullDecay@1': { speed: fullDecay, formula: '(2·P·(L − e) + L) div 2L' },
  'flat@1': { speed: flat, formula: 'P' },
  'accuracyFirst@1': { speed: accuracyFirst, formula: 'P + (B·(L − e)) div L, B = (P − 1) div N' },
});

/** `B` of accuracyFirst@1: (P − 1) div N, N = scored questions at the start of the session. 0 where there is nothing to win. */
export function accuracyBonus(points: number, scoredQuestions: number): number {
  return points > 0 && scoredQuestions > 0 ? Math.floor((points - 1) / scoredQuestions) : 0;
}

/** Points for an answer of which num/den is right, rounded half up: (speed·num + den div 2) div den. */
export function partialPoints(speed: number, num: number, den: number): number {
  return Math.floor((speed * num + (den >> 1)) / den);
}

/** Bonus for the `streak`-th fully correct scored question in a row: 100 a step from the second on, at most 500; none on a question without points. */
export function streakBonus(streak: number, points: number): number {
  return points > 0 && streak > 1 ? Math.min(STREAK_STEP * (streak - 1), STREAK_BONUS_MAX) : 0;
}

/** What the way of an answer took, ms: half of the connection's shortest round trip (`minMs`), at most 150; 0 with fewer than 3 `samples`. */
export function creditMs(minMs: number, samples: number): number {
  return samples >= CREDIT_SAMPLES_MIN && minMs > 0 ? Math.min(Math.floor(minMs / 2), CREDIT_MS_MAX) : 0;
}

/** Frozen ms up to `t`. `intervals` are in the order in which they began; where two overlap, time stood still once. */
export function frozenUpTo(intervals: readonly FrozenInterval[], t: number): number {
  let sum = 0;
  let seen = -Infinity;
  for (const { from, to } of intervals) {
    const begin = from > seen ? from : seen;
    const end = to < t ? to : t;
    if (end > begin) {
      sum += end - begin;
      seen = end;
    }
  }
  return sum;
}

export interface AnswerTiming {
  /** When the router received the frame. */
  readonly recvAt: number;
  readonly opensAt: number;
  readonly limitMs: number;
  /** As it stood at `recvAt`: opensAt + limitMs + frozen + extensions. */
  readonly closesAt: number;
  readonly creditMs: number;
  /** Those that began at or after `opensAt`; earlier ones have moved it. */
  readonly intervals: readonly FrozenInterval[];
}

/** `e` of an accepted answer: the player's own time on the question, 0 ≤ e ≤ limitMs. Accepted in the grace: limitMs, so that nobody gains by it. */
export function elapsedMs(timing: AnswerTiming): number {
  const { recvAt, opensAt, limitMs } = timing;
  if (recvAt > timing.closesAt) return limitMs;
  const e = recvAt - opensAt - frozenUpTo(timing.intervals, recvAt) - timing.creditMs;
  return e < 0 ? 0 : e > limitMs ? limitMs : e;
}
