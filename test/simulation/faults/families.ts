/**
 * Faults that come in an order which chance alone would hardly hit: each family is the shape of a history in which one rule of the shard protocol is all that
 * keeps a promise. They are data like all others, with times and lengths drawn from the seed.
 */
import type { Chance } from '../world/chance.js';
import type { Fault, FaultField, When } from './plan.js';

type Family = (chance: Chance, field: FaultField, at: number) => Fault[];

/** Calls of a node to the store are slow, and it cannot see what others append. */
const lastsOn = (chance: Chance, at: number, who: string): Fault[] => [
  { at, kind: 'slowStore', who, extraMs: chance.skewed(100, 1_500), odds: 1, ms: chance.between(1_500, 4_000) },
  { at: at + chance.between(0, 600), kind: 'blind', who, ms: chance.between(800, 3_000) },
];

const suspected = (at: number, who: string, { nodes, routers }: FaultField, ms: number, when?: When): Fault => ({ at, ...(when && { when }), kind: 'suspect', who, believers: [...nodes, ...routers].filter((name) => name !== who), deaf: true, ms });

/** S3, S2 ends: the old owner goes on for a while, moves replayFrom, trims and writes snapshots, while the new one recovers slowly. */
const slowRecovery: Family = (chance, field, at) => {
  const who = chance.pick(field.nodes);
  return [
    ...lastsOn(chance, at - chance.between(0, 500), who),
    suspected(at, who, field, chance.between(1_000, 3_500)),
    { at, when: { moment: 'pointersRead', nth: 1 }, kind: 'slowStore', who: '@', extraMs: chance.skewed(300, 2_500), odds: 1, ms: chance.between(300, 3_000) },
    ...(chance.odds(0.5) ? [{ at: at + chance.between(1_200, 3_000), kind: 'kill', who: '@last', downMs: chance.skewed(200, 1_500) } as const] : []),
  ];
};

/** S3 chunks: who recovers has read the pointers and stands still; another takes over, plays on and cleans up. */
const overtaken: Family = (chance, field, at) => [
  { at, kind: 'kill', who: chance.pick(field.nodes), downMs: chance.skewed(200, 900) },
  { at, when: { moment: 'pointersRead', nth: 1 }, kind: 'slowStore', who: '@', extraMs: chance.between(1_200, 3_500), odds: 1, ms: chance.between(1_500, 4_000) },
  suspected(at, '@', field, chance.between(1_500, 4_000), { moment: 'pointersRead', nth: 1 }),
];

/** S1, S2: what an owner has sent to the store arrives when the one after it has gone further; then there is a third. */
const relay: Family = (chance, field, at) => {
  const sent: When = { moment: 'pointerSent', nth: 1 };
  return [
    { at, when: sent, kind: 'slowStore', who: '@', extraMs: chance.between(2_500, 6_000), odds: 1, ms: chance.between(1, 400) },
    suspected(at, '@', field, chance.between(300, 1_500), sent),
    ...(chance.odds(0.7) ? [{ at, when: sent, kind: 'kill', who: '@', downMs: chance.skewed(200, 2_000) } as const] : []),
    { at, when: { moment: 'tooLate', nth: 1 }, kind: 'kill', who: '@last', downMs: chance.skewed(150, 800) },
    ...(chance.odds(0.5) ? [{ at: at - 500, kind: 'badStore', odds: { throttled: 0.4, unheard: 0, repeated: 0, slow: 0 }, ms: 3_000 } as const] : []),
  ];
};

/** T3: a router's word to an owner arrives when that node has lost the shard and claimed it again, and the router does not hear of it before the question is over. */
const duel: Family = (chance, field, at) => {
  const router = chance.pick(field.routers);
  const owned = (nth: number): When => ({ moment: 'owned', nth });
  return [
    { at, kind: 'kill', who: chance.pick(field.nodes), downMs: chance.between(500, 1_500) },
    { at, when: owned(1), kind: 'cut', router, node: '@', sides: ['router'], ms: chance.between(1_200, 2_300), lagMs: 0 },
    { at, when: owned(1), kind: 'suspect', who: '@', believers: [], deaf: true, ms: 2_000 },
    { at, when: owned(2), kind: 'kill', who: '@', downMs: chance.between(1_000, 3_000) },
    { at, when: owned(3), kind: 'cut', router, node: '@', sides: ['node'], ms: chance.between(500, 2_000), lagMs: 0 },
  ];
};

/** K3, K6: what a node says, or is told, on a connection that is stuck comes when the client is served elsewhere, or on a newer link. */
const staleLink: Family = (chance, field, at) => {
  const who = chance.pick(field.nodes);
  const router = chance.pick(field.routers);
  const sides = chance.pick([['router'], ['node'], ['router', 'node']] as const);
  return [
    { at, kind: 'cut', router, node: who, sides, ms: chance.between(200, 1_500), lagMs: chance.odds(0.6) ? chance.between(500, 3_000) : chance.skewed(1, 500) },
    ...(chance.odds(0.7) ? [suspected(at - chance.between(0, 500), who, field, chance.between(600, 2_000))] : []),
    ...(chance.odds(0.4) ? [{ at: at + chance.between(20, 600), kind: 'breakLink', router, node: who, heard: ['router'] } as const] : []),
    ...field.people.filter(() => chance.odds(0.4)).map((person) => ({ at: at + chance.between(0, 1_200), kind: 'secondTab', who: person }) as const),
  ];
};

/** O2: those who took a shard over die just when it is about to go back. */
const orphans: Family = (chance, field, at) => {
  const who = chance.pick(field.nodes);
  const downMs = chance.between(700, 2_000);
  return [
    { at, kind: 'kill', who, downMs },
    ...field.nodes.filter((name) => name !== who).map((other) => ({ at: at + downMs + chance.between(50, 1_200), kind: 'kill', who: other, downMs: chance.between(100, 600) }) as const),
  ];
};

/** K2, K4: answers are under way while what was missed is filled late, so that the connection is opened again. */
const lateFill: Family = (chance, field, at) => [
  { at, kind: 'kill', who: chance.pick(field.nodes), downMs: chance.skewed(200, 2_000) },
  { at, when: { moment: 'owned', nth: 1 }, kind: 'journalStall', ms: chance.between(150, 900) },
  ...field.routers.map((router) => ({ at, when: { moment: 'owned', nth: 1 } as const, kind: 'cut', router, node: '@', sides: chance.pick([['router'], ['node']] as const), ms: chance.skewed(30, 600), lagMs: 0 }) as const),
];

/** Nodes that come, or come back elsewhere, while who is asked for them has heard nothing of it: routers hear it from other nodes, or never. */
const unheard: Family = (chance, field, at) => {
  const [newcomer = '', ...others] = chance.shuffled(field.nodes);
  const news = chance.between(1_600, 2_400);
  const deaf = [...field.routers.filter(() => chance.odds(0.8)), ...others.filter(() => chance.odds(0.2))];
  return [
    { at, kind: 'kill', who: newcomer, downMs: news + chance.between(200, 1_000) },
    // Before it is missed, or after: it has another address then, or is not known at all.
    ...deaf.map((who) => ({ at: at + chance.between(0, 1) * news, kind: 'deaf', who, ms: field.routers.includes(who) && chance.odds(0.7) ? TO_THE_END_MS : chance.between(1_500, 4_000) }) as const),
    ...(chance.odds(0.6) ? [{ at: at + news + chance.between(1_000, 2_500), kind: chance.pick(['kill', 'drain'] as const), who: chance.pick(others), downMs: chance.between(300, 1_500) } as const] : []),
  ];
};

/** Longer than a run. */
const TO_THE_END_MS = 600_000;
const UNHEARD_ODDS = 0.15;

/** Those that a removed session brings with it (ghosts.ts), and no others. */
const noneBefore: Family = () => [];

const families = { slowRecovery, overtaken, relay, duel, staleLink, orphans, lateFill, unheard, ghosts: noneBefore } as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof families;
export const familyNames = Object.keys(families) as readonly FamilyName[];

/** One family or none, beside the other faults. */
export function planFamily(chance: Chance, field: FaultField): Fault[] {
  return chance.odds(0.5) ? oneOf(chance.pick(familyNames.filter((name) => name !== 'unheard' && name !== 'ghosts')), chance, field) : [];
}

/** Beside all others: who hears what is another matter. */
export function planUnheard(chance: Chance, field: FaultField): Fault[] {
  return chance.odds(UNHEARD_ODDS) ? oneOf('unheard', chance, field) : [];
}

export function oneOf(name: FamilyName, chance: Chance, field: FaultField): Fault[] {
  const faults = families[name](chance, field, chance.between(1_200, field.untilMs * 0.55));
  return faults.map((fault) => ({ ...fault, at: Math.max(0, fault.at) })).sort((a, b) => a.at - b.at);
}
