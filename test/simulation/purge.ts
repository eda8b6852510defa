/** Which session of a run is removed for good, and when: data made of the seed. Its draws are its own, so that a run without it is what it was. */
import { Chance } from './world/chance.js';

export interface PurgePlan {
  readonly sessionId: string;
  /** World time at which it is cancelled, ms; null: it is played to its end. */
  readonly cancelAt: number | null;
  /** A session of the same shard holds replayFrom below its removal. */
  readonly withBystander: boolean;
  /** From its end to the order to remove it, ms. */
  readonly afterMs: number;
}

const ODDS = 0.25;
const EARLY_ODDS = 0.5;
const BYSTANDER_ODDS = 0.25;

/** @param early it is cancelled in any case. */
export function purgeOf(seed: number, sessionIds: readonly string[], untilMs: number, early: boolean): PurgePlan | null {
  const chance = new Chance(seed).fork('purge');
  if (!chance.odds(ODDS) && !early) return null;
  const sessionId = chance.pick(sessionIds);
  const cancelAt = chance.odds(EARLY_ODDS) || early ? chance.between(1_000, untilMs * 0.6) : null;
  return { sessionId, cancelAt, afterMs: chance.skewed(20, 1_500), withBystander: chance.odds(BYSTANDER_ODDS) };
}
