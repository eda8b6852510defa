/** What is played in a run, as data made of the seed alone: cluster, sessions, people and faults. */
import { createHash } from 'node:crypto';
import { SESSION_ID_ALPHABET, SESSION_ID_LENGTH } from '@ringmaster/protocol';
import type { Deck, KeyValue, SessionSettings } from '../../apps/quiz-node/src/quiz/definition.js';
import type { Supervision } from './clients/supervisor.js';
import { limitsOf, type SimLimits } from './cluster/sim-limits.js';
import { oneOf, type FamilyName } from './faults/families.js';
import { ghosts } from './faults/ghosts.js';
import { planFaults, type Fault, type FaultField } from './faults/plan.js';
import { purgeOf, type PurgePlan } from './purge.js';
import { questionOf, type QuestionPlan } from './questions.js';
import { Chance } from './world/chance.js';

export interface SessionPlan {
  readonly sessionId: string;
  readonly deck: Deck;
  readonly supervision: Supervision;
  readonly settings: SessionSettings;
  readonly players: number;
  readonly spectators: number;
  readonly createAt: number;
  readonly hostLeads: boolean;
  readonly hostWhims: number;
  readonly startAfterMs: number;
}

export interface Scenario {
  readonly seed: number;
  readonly nodes: readonly string[];
  readonly routers: readonly string[];
  readonly trims: boolean;
  readonly limits: SimLimits;
  readonly sessions: readonly SessionPlan[];
  readonly purge: PurgePlan | null;
  readonly faults: readonly Fault[];
  /** World time at which all faults are over, ms. */
  readonly healAt: number;
}

const HEAL_AT_MS = 6_500;

export interface ScenarioOptions {
  /** None at all. */
  readonly calm?: boolean;
  /** The faults of this family, and no others. */
  readonly family?: FamilyName;
  /** Gives that question another key, and changes nothing else. */
  readonly permuteKeyOf?: number;
}

export function scenarioOf(seed: number, { calm = false, family, permuteKeyOf }: ScenarioOptions = {}): Scenario {
  const chance = new Chance(seed).fork('scenario');
  const nodes = ['n1', 'n2', 'n3'].slice(0, chance.odds(0.7) ? 2 : 3);
  const routers = ['r1', 'r2'];
  const sessions = Array.from({ length: chance.whole(1, 3) }, () => sessionPlan(chance, permuteKeyOf));
  const people = sessions.flatMap(playersOf);
  const parties = sessions.map((plan) => [hostName(plan.sessionId), ...playersOf(plan), ...Array.from({ length: plan.spectators }, (_, index) => spectatorName(plan.sessionId, index))]);
  const field = { nodes, routers, people, parties, untilMs: HEAL_AT_MS };
  const drawn = new Chance(seed).fork('faults');
  const purge = purgeOf(seed, sessions.map(({ sessionId }) => sessionId), HEAL_AT_MS, family === 'ghosts');
  const faults = calm ? [] : haunted(family === undefined ? planFaults(drawn, field) : oneOf(family, drawn, field), drawn, field, purge);
  return { seed, nodes, routers, trims: chance.odds(0.5), limits: limitsOf(chance.fork('limits'), purge?.withBystander), sessions, purge, faults, healAt: calm ? 0 : HEAL_AT_MS };
}

/** Who removes a session while faults go on has some that are meant for it. */
function haunted(faults: readonly Fault[], chance: Chance, field: FaultField, purge: PurgePlan | null): readonly Fault[] {
  if (purge === null || purge.cancelAt === null) return faults;
  return [...faults, ...ghosts(chance.fork('ghosts'), field, purge.cancelAt)].sort((a, b) => a.at - b.at);
}

export const playerName = (sessionId: string, index: number): string => `${sessionId.slice(0, 4)}p${index}`;
export const spectatorName = (sessionId: string, index: number): string => `${sessionId.slice(0, 4)}s${index}`;
export const hostName = (sessionId: string): string => `${sessionId.slice(0, 4)}host`;
const playersOf = ({ sessionId, players }: SessionPlan): string[] => Array.from({ length: players }, (_, index) => playerName(sessionId, index));

function sessionPlan(chance: Chance, permuteKeyOf: number | undefined): SessionPlan {
  const sessionId = Array.from({ length: SESSION_ID_LENGTH }, () => chance.pick([...SESSION_ID_ALPHABET])).join('');
  const hostLeads = chance.odds(0.4);
  const questions = Array.from({ length: chance.whole(2, 3) }, () => questionOf(chance));
  return {
    sessionId,
    deck: deckOf(questions, chance, permuteKeyOf),
    supervision: supervisionOf(questions, chance),
    settings: settingsOf(chance, hostLeads),
    players: chance.whole(2, 6),
    spectators: chance.odds(0.3) ? 1 : 0,
    createAt: chance.between(20, 600),
    hostLeads,
    hostWhims: chance.odds(0.4) ? 0.2 : 0,
    startAfterMs: chance.between(300, 1_500),
  };
}

function deckOf(plans: readonly QuestionPlan[], chance: Chance, permuteKeyOf: number | undefined): Deck {
  const questions = plans.map(({ face }, index) => ({
    qid: qidOf(index),
    text: `Question ${index + 1}?`,
    ...face,
    points: chance.pick([0, 1_000, 1_000, 2_000]),
    limitMs: chance.whole(700, 2_200),
  }));
  const keys = plans.map(({ key, other }, index) => ({ qid: qidOf(index), key: permuteKeyOf === index ? other : key }));
  const content = { title: 'Simulated', questions, keys };
  return { sha256: createHash('sha256').update(JSON.stringify(content)).digest('hex'), ...content };
}

const qidOf = (index: number): string => `q${index + 1}`;

/** Mostly nobody interferes. */
function supervisionOf(plans: readonly QuestionPlan[], chance: Chance): Supervision {
  const often = chance.odds(0.35);
  const corrections = plans.flatMap(({ face, other }, index): [string, KeyValue][] => (often && face.type !== 'poll' && chance.odds(0.4) ? [[qidOf(index), other]] : []));
  const voids = plans.map((_, index) => qidOf(index)).filter(() => often && chance.odds(0.2));
  const removals = plans.filter(() => often && chance.odds(0.25)).map(() => chance.pick(['kick', 'ban'] as const));
  return { corrections: Object.fromEntries(corrections), voids, removals };
}

function settingsOf(chance: Chance, hostLeads: boolean): SessionSettings {
  const points = chance.pick(['halfDecay@1', 'fullDecay@1', 'flat@1'] as const);
  return {
    scoring: points,
    streak: chance.odds(0.4),
    graceMs: chance.pick([200, 500]),
    leadMs: chance.pick([50, 400]),
    liveScores: chance.odds(0.15) ? 'immediate' : 'reveal',
    reveal: 'auto',
    timing: { startMs: chance.whole(0, 300), readMs: chance.whole(50, 400) },
    ...(hostLeads ? {} : { autoAdvance: { revealMs: chance.whole(50, 400), boardMs: chance.whole(0, 300), podiumMs: chance.whole(0, 300) } }),
    lateJoin: true,
    locked: false,
    maxPlayers: 100,
    nicknames: 'free',
    shuffleOptions: chance.odds(0.3),
  };
}
