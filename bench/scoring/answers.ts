/** The answers that both sides score: the same frames, at the same times. */
import { CHOICES, LIMIT_MS, playerId } from './session.js';

/** A fixed sequence of numbers below `limit` (the constants of Numerical Recipes). */
export function draws(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

export interface Answer {
  readonly player: number;
  readonly value: string;
  /** Time from the opening to the arrival, ms. */
  readonly elapsedMs: number;
  /** As it comes from the socket. */
  readonly frame: Buffer;
}

export function answersTo(question: number, players: number): Answer[] {
  const draw = draws(question + 1);
  return Array.from({ length: players }, (_, player) => {
    const value = CHOICES[draw(CHOICES.length)]!;
    const elapsedMs = draw(LIMIT_MS);
    const d = { answerId: `${playerId(player)}-${question}`, qid: `q${question + 1}`, value };
    return { player, value, elapsedMs, frame: Buffer.from(JSON.stringify({ t: 'answer.submit', id: question + 2, d })) };
  }).sort((a, b) => a.elapsedMs - b.elapsedMs);
}

/** Half of 1,000 points for being right, the other half for being fast: halfDecay@1, written again here as a check of both sides. */
export function pointsFor({ value, elapsedMs }: Answer): number {
  if (value !== 'a') return 0;
  return elapsedMs < 500 ? 1000 : Math.floor((1000 * (2 * LIMIT_MS - elapsedMs) + LIMIT_MS) / (2 * LIMIT_MS));
}
