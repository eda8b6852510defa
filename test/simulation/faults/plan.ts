/** Faults as data: what goes wrong, when, and for how long. A run without some of them is the same run otherwise, as far as one can follow another. */
import type { Chance } from '../world/chance.js';
import type { Moment } from '../world/moments.js';
import type { Side } from '../world/sim-links.js';
import { planFamily, planUnheard } from './families.js';

/** Not at `at`, but at the nth such moment after it, counted by the nodes to which they happen one after another; never, if it does not come. */
export interface When {
  readonly moment: Moment;
  readonly nth: number;
}

/** Where a node is named, '@' is the one to which the fault's moment has happened, and '@last' the one that has called itself an owner last. */
export type Fault = { readonly at: number; readonly when?: When } & (
  | { readonly kind: 'pause'; readonly who: string; readonly ms: number }
  | { readonly kind: 'kill'; readonly who: string; readonly downMs: number }
  | { readonly kind: 'drain'; readonly who: string; readonly downMs: number }
  | { readonly kind: 'suspect'; readonly who: string; readonly believers: readonly string[]; readonly deaf: boolean; readonly ms: number }
  | { readonly kind: 'isolate'; readonly who: string; readonly bounced: readonly string[]; readonly ms: number }
  | { readonly kind: 'cut'; readonly router: string; readonly node: string; readonly sides: readonly Side[]; readonly ms: number; readonly lagMs: number }
  | { readonly kind: 'breakLink'; readonly router: string; readonly node: string; readonly heard: readonly Side[] }
  | { readonly kind: 'badJournal'; readonly odds: { readonly lost: number; readonly unheard: number; readonly late: number; readonly doubled: number; readonly failed: number }; readonly ms: number }
  | { readonly kind: 'journalStall'; readonly ms: number }
  | { readonly kind: 'badStore'; readonly odds: { readonly throttled: number; readonly unheard: number; readonly repeated: number; readonly slow: number }; readonly ms: number }
  | { readonly kind: 'slowStore'; readonly who: string; readonly extraMs: number; readonly odds: number; readonly ms: number }
  | { readonly kind: 'blind'; readonly who: string; readonly ms: number }
  | { readonly kind: 'routerLeaves'; readonly who: string; readonly ms: number }
  /** It hears nothing of the membership any more; a router that has a link may be so to the end. */
  | { readonly kind: 'deaf'; readonly who: string; readonly ms: number }
  | { readonly kind: 'probesLost'; readonly ms: number }
  | { readonly kind: 'wallStep'; readonly who: string; readonly ms: number }
  | { readonly kind: 'clientGone'; readonly who: string; readonly heard: boolean }
  | { readonly kind: 'secondTab'; readonly who: string }
  /** Nobody is at the session: it may leave memory, and its deadlines bring it back. */
  | { readonly kind: 'deserted'; readonly people: readonly string[]; readonly ms: number }
);

export type FaultKind = Fault['kind'];

export interface FaultField {
  readonly nodes: readonly string[];
  readonly routers: readonly string[];
  readonly people: readonly string[];
  /** Everybody at one session, for each. */
  readonly parties: readonly (readonly string[])[];
  readonly untilMs: number;
}

const KINDS: readonly FaultKind[] = [
  'pause', 'pause', 'pause', 'pause', 'kill', 'kill', 'kill', 'drain', 'suspect', 'suspect', 'suspect', 'isolate', 'isolate', 'isolate', 'cut', 'cut', 'breakLink', 'badJournal', 'badJournal', 'badJournal', 'journalStall',
  'badStore', 'badStore', 'slowStore', 'blind', 'routerLeaves', 'probesLost', 'wallStep', 'clientGone', 'clientGone', 'secondTab', 'secondTab', 'deserted', 'deserted',
];
/** What makes a bad moment worse. */
const COMPANIONS: readonly FaultKind[] = ['kill', 'kill', 'pause', 'isolate', 'suspect', 'drain', 'breakLink', 'badStore'];
const COMPANION_ODDS = 0.35;
const ROUTERS_ODDS = 0.25;

export function planFaults(chance: Chance, field: FaultField): Fault[] {
  const faults: Fault[] = [];
  for (let count = chance.whole(1, 10); count > 0; count--) {
    const fault = one(chance, field, chance.pick(KINDS));
    faults.push(fault);
    if (chance.odds(COMPANION_ODDS)) faults.push({ ...one(chance, field, chance.pick(COMPANIONS)), at: Math.min(fault.at + chance.skewed(1, 900), field.untilMs * 0.95) });
  }
  faults.push(...planFamily(chance.fork('family'), field), ...planUnheard(chance.fork('unheard'), field));
  return faults.sort((a, b) => a.at - b.at);
}

function one(chance: Chance, { nodes, routers, people, parties, untilMs }: FaultField, kind: FaultKind): Fault {
  const at = chance.between(300, untilMs * 0.9);
  const process = (): string => (chance.odds(ROUTERS_ODDS) ? chance.pick(routers) : chance.pick(nodes));
  const lasting = (least: number, most: number): number => Math.min(chance.skewed(least, most), untilMs - at);
  const sides = (): readonly Side[] => chance.pick([['router'], ['node'], ['router', 'node'], ['router', 'node']] as const);
  switch (kind) {
    case 'pause':
      return { at, kind, who: process(), ms: lasting(300, 6_000) };
    case 'kill':
      return { at, kind, who: process(), downMs: lasting(200, 5_000) };
    case 'drain':
      return { at, kind, who: chance.pick(nodes), downMs: lasting(200, 3_000) };
    case 'suspect': {
      const who = chance.pick(nodes);
      return { at, kind, who, believers: [...nodes, ...routers].filter((name) => name !== who && chance.odds(0.7)), deaf: chance.odds(0.7), ms: lasting(400, 4_000) };
    }
    case 'isolate':
      return { at, kind, who: chance.pick(nodes), bounced: people.filter(() => chance.odds(0.4)), ms: lasting(400, 3_500) };
    case 'cut':
      return { at, kind, router: chance.pick(routers), node: chance.pick(nodes), sides: sides(), ms: lasting(100, 4_000), lagMs: chance.odds(0.5) ? chance.skewed(1, 2_500) : 0 };
    case 'breakLink':
      return { at, kind, router: chance.pick(routers), node: chance.pick(nodes), heard: sides() };
    case 'badJournal': {
      const odd = (): number => (chance.odds(0.5) ? chance.between(0, 0.4) : 0);
      return { at, kind, odds: { lost: odd(), unheard: odd(), late: odd(), doubled: odd(), failed: odd() / 2 }, ms: lasting(500, 6_000) };
    }
    case 'journalStall':
      return { at, kind, ms: lasting(300, 4_000) };
    case 'badStore': {
      const odd = (): number => (chance.odds(0.5) ? chance.between(0, 0.4) : 0);
      return { at, kind, odds: { throttled: odd(), unheard: odd(), repeated: odd(), slow: odd() }, ms: lasting(500, 6_000) };
    }
    case 'slowStore':
      return { at, kind, who: chance.pick(nodes), extraMs: chance.skewed(50, 3_000), odds: 1, ms: lasting(300, 3_000) };
    case 'blind':
      return { at, kind, who: chance.pick(nodes), ms: lasting(300, 3_000) };
    case 'routerLeaves':
      return { at, kind, who: chance.pick(routers), ms: lasting(800, 5_000) };
    case 'deaf':
      return { at, kind, who: process(), ms: lasting(500, 6_000) };
    case 'probesLost':
      return { at, kind, ms: lasting(500, 4_000) };
    case 'wallStep':
      return { at, kind, who: chance.pick(nodes), ms: chance.between(-5_000, 5_000) };
    case 'clientGone':
      return { at, kind, who: chance.pick(people), heard: chance.odds(0.6) };
    case 'secondTab':
      return { at, kind, who: chance.pick(people) };
    case 'deserted':
      return { at, kind, people: chance.pick(parties), ms: lasting(1_500, 4_500) };
  }
}
