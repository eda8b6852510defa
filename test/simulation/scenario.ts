/** What is played in a run, as data made of the seed alone: cluster, sessions, people and faults. */
import { createHash } from 'node:crypto';
import { SESSION_ID_ALPHABET, SESSION_ID_LENGTH } from '@ringmaster/protocol';
import type { Deck, SessionSettings } from '../../apps/quiz-node/src/quiz/definition.js';
import { planFaults, type Fault } from './faults/plan.js';
import { Chance } from './world/chance.js';

export interface SessionPlan {
  readonly sessionId: string;
  readonly deck: Deck;
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
  readonly sessions: readonly SessionPlan[];
  readonly faults: readonly Fault[];
  /** World time at which all faults are over, ms. */
  readonly healAt: number;
}

const HEAL_AT_MS = 6_500;
const OPTIONS = ['a', 'b', 'c', 'd'];

export interface ScenarioOptions {
  /** None at all. */
  readonly calm?: boolean;
  /** Moves the right option of that question on by one, and nothing else. */
  readonly permuteKeyOf?: number;
}

export function scenarioOf(seed: number, { calm = false, permuteKeyOf }: ScenarioOptions = {}): Scenario {
  const chance = new Chance(seed).fork('scenario');
  const nodes = ['n1', 'n2', 'n3'].slice(0, chance.odds(0.7) ? 2 : 3);
  const routers = ['r1', 'r2'];
  const sessions = Array.from({ length: chance.whole(1, 3) }, () => sessionPlan(chance, permuteKeyOf));
  const people = sessions.flatMap(playersOf);
  const parties = sessions.map((plan) => [hostName(plan.sessionId), ...playersOf(plan), ...Array.from({ length: plan.spectators }, (_, index) => spectatorName(plan.sessionId, index))]);
  const faults = calm ? [] : planFaults(new Chance(seed).fork('faults'), { nodes, routers, people, parties, untilMs: HEAL_AT_MS });
  return { seed, nodes, routers, trims: chance.odds(0.5), sessions, faults, healAt: calm ? 0 : HEAL_AT_MS };
}

export const playerName = (sessionId: string, index: number): string => `${sessionId.slice(0, 4)}p${index}`;
export const spectatorName = (sessionId: string, index: number): string => `${sessionId.slice(0, 4)}s${index}`;
export const hostName = (sessionId: string): string => `${sessionId.slice(0, 4)}host`;
const playersOf = ({ sessionId, players }: SessionPlan): string[] => Array.from({ length: players }, (_, index) => playerName(sessionId, index));

function sessionPlan(chance: Chance, permuteKeyOf: number | undefined): SessionPlan {
  const sessionId = Array.from({ length: SESSION_ID_LENGTH }, () => chance.pick([...SESSION_ID_ALPHABET])).join('');
  const hostLeads = chance.odds(0.4);
  return {
    sessionId,
    deck: deckOf(chance, permuteKeyOf),
    settings: settingsOf(chance, hostLeads),
    players: chance.whole(2, 6),
    spectators: chance.odds(0.3) ? 1 : 0,
    createAt: chance.between(20, 600),
    hostLeads,
    hostWhims: chance.odds(0.4) ? 0.2 : 0,
    startAfterMs: chance.between(300, 1_500),
  };
}

function deckOf(chance: Chance, permuteKeyOf: number | undefined): Deck {
  const questions = Array.from({ length: chance.whole(2, 3) }, (_, index) => ({
    qid: `q${index + 1}`,
    type: 'single' as const,
    text: `Question ${index + 1}?`,
    options: OPTIONS.map((id) => ({ id, text: `Option ${id}` })),
    points: chance.pick([0, 1_000, 1_000, 2_000]),
    limitMs: chance.whole(700, 2_200),
    partial: 'allOrNothing' as const,
  }));
  const keys = questions.map(({ qid }, index) => {
    const right = chance.whole(0, OPTIONS.length - 1) + (permuteKeyOf === index ? 1 : 0);
    return { qid, key: OPTIONS[right % OPTIONS.length] as string };
  });
  const content = { title: 'Simulated', questions, keys };
  return { sha256: createHash('sha256').update(JSON.stringify(content)).digest('hex'), ...content };
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
