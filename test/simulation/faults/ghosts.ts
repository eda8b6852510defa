/**
 * The end of a session that is removed for good while faults go on (`purge.ts`): what an owner that was replaced has still under way to the store lands behind the
 * tombstone, and owners die between tombstone, chunks and replayFrom.
 */
import type { Chance } from '../world/chance.js';
import type { Fault, FaultField, When } from './plan.js';

/** @param at when the session is cancelled, and the last snapshot of it that says that it is there is about to be sent. */
export function ghosts(chance: Chance, { nodes, routers }: FaultField, at: number): Fault[] {
  const sent: When = { moment: 'pointerSent', nth: 1 };
  const slow = { extraMs: chance.between(3_000, 6_500), odds: 1 };
  const suspect = { kind: 'suspect', believers: [...nodes, ...routers], deaf: true, ms: chance.between(300, 1_500) } as const;
  const sender: Fault[] = [
    { at, when: sent, kind: 'slowStore', who: '@', ...slow, ms: chance.between(1, 400) },
    { at, when: sent, ...suspect, who: '@' },
    ...(chance.odds(0.7) ? [{ at, when: sent, kind: 'kill', who: '@', downMs: chance.skewed(200, 2_000) } as const] : []),
  ];
  const who = chance.pick(nodes);
  const writer: Fault[] = [
    { at, kind: 'slowStore', who, ...slow, odds: 0.5, ms: chance.between(300, 1_200) },
    { at: at + chance.between(200, 1_200), ...suspect, believers: suspect.believers.filter((name) => name !== who), who },
    { at: at + chance.between(200, 1_500), kind: 'kill', who, downMs: chance.skewed(200, 2_000) },
  ];
  const moments: readonly When[] = [{ moment: 'buried', nth: 1 }, { moment: 'passed', nth: 1 }];
  // Some of what the owners after that ask of the store takes longer than the rest.
  const unevenly = nodes.map((who) => ({ at, when: moments[0]!, kind: 'slowStore', who, extraMs: chance.between(500, 2_500), odds: 0.4, ms: 5_000 }) as const);
  return [
    ...(chance.odds(0.6) ? sender : writer),
    ...moments.filter(() => chance.odds(0.6)).map((when) => ({ at, when, kind: 'kill', who: '@', downMs: chance.skewed(150, 800) }) as const),
    ...(chance.odds(0.4) ? unevenly : []),
  ];
}
