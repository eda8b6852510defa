/** One run: a world of the seed, its people and faults, until everything has converged or must have; then the checker's verdict. */
import { createHash } from 'node:crypto';
import { Host } from './clients/host.js';
import type { PersonHistory } from './clients/history.js';
import { Person, type Part } from './clients/person.js';
import { Player } from './clients/player.js';
import { Purger } from './clients/purger.js';
import { Supervisor } from './clients/supervisor.js';
import { createSession } from './clients/create-session.js';
import { aftermath, remainsOf } from './aftermath.js';
import { check } from './checker/check.js';
import { World, type Trace } from './cluster/world.js';
import type { Violation } from './cluster/observed.js';
import { Faults } from './faults/inject.js';
import { hostName, playerName, spectatorName, type Scenario, type SessionPlan } from './scenario.js';
import type { PurgePlan } from './purge.js';
import { Chance } from './world/chance.js';
import { Sometimes } from './world/sometimes.js';

export interface RunResult {
  readonly violations: readonly Violation[];
  readonly sometimes: ReadonlyMap<string, number>;
  readonly people: readonly PersonHistory[];
  readonly world: World;
  readonly acknowledged: number;
  readonly steps: number;
  /** World time at the end, ms. */
  readonly tookMs: number;
}

/** After healing everything must have converged within this time, ms. */
const CONVERGE_WITHIN_MS = 45_000;
/** Time for what is still on its way when everybody has the end. */
const LINGER_MS = 1_500;

const silent: Trace = () => undefined;

export async function runScenario(scenario: Scenario, trace: Trace = silent): Promise<RunResult> {
  const { seed, nodes, routers, trims, limits, sessions, faults, healAt } = scenario;
  const sometimes = new Sometimes();
  const chance = new Chance(seed);
  const world = new World({ nodes, routers, trims, limits }, chance.fork('world'), sometimes, trace);
  world.startAll();
  const people = new Map<string, Person>();
  const purger = scenario.purge === null ? null : purgerOf(world, scenario.purge, scenario, chance, people);
  for (const plan of sessions) for (const person of invite(world, plan, chance, purger)) people.set(person.name, person);
  new Faults(world, people).plan(faults, healAt);
  const everybody = [...people.values()];
  const converged = (): boolean => world.time.steps % 16 === 0 && world.time.now >= healAt && everybody.every(isSettled) && purger?.history.acknowledgedAt !== null;
  await world.time.run(healAt + CONVERGE_WITHIN_MS, converged);
  await world.time.run(world.time.now + LINGER_MS);
  await world.time.run(healAt + CONVERGE_WITHIN_MS, () => world.time.steps % 16 === 0 && world.unowned().length === 0);
  const histories = everybody.map(({ history }) => history);
  const before = purger === null ? null : await aftermath(world, purger);
  if (purger !== null) await world.time.run(world.time.now + CONVERGE_WITHIN_MS, () => world.time.steps % 16 === 0 && everybody.every(isSettled));
  const purge = purger === null || before === null ? null : { history: purger.history, remains: [...before, remainsOf(world, purger.history.sessionId)] };
  const violations = check({ world, scenario, people: histories, purge });
  for (const { router } of world.routers.values()) {
    if (router.counters.framesSentAgain > 0) sometimes.note('kept frames sent again');
    if (router.counters.gaps > 0) sometimes.note('opened again for a gap');
    if (router.counters.repliesDropped > 0) sometimes.note('second reply dropped');
  }
  const acknowledged = histories.reduce((sum, { answers }) => sum + answers.filter(({ outcome }) => outcome?.frame.t === 'ok').length, 0);
  return { violations, sometimes: sometimes.counts, people: histories, world, acknowledged, steps: world.time.steps, tookMs: world.time.now };
}

/** It knows how its session ended and what became of all that it said, or was told to stop. */
export function isSettled({ history, awaiting }: Pick<Person, 'history' | 'awaiting'>): boolean {
  return history.stopped !== null || (history.finished !== null && !awaiting && history.answers.every(({ outcome }) => outcome !== null));
}

function purgerOf(world: World, plan: PurgePlan, { sessions }: Scenario, chance: Chance, people: ReadonlyMap<string, Person>): Purger {
  const hasEnded = (): boolean => [...people.values()].some(({ sessionId, history }) => sessionId === plan.sessionId && history.finished !== null);
  const session = sessions.find(({ sessionId }) => sessionId === plan.sessionId) as SessionPlan;
  return new Purger(world, plan, chance.fork('purger'), hasEnded, session);
}

function invite(world: World, plan: SessionPlan, chance: Chance, purger: Purger | null): Person[] {
  const { sessionId } = plan;
  const hostToken = `host-${sessionId}`;
  const arrivals: (() => void)[] = [];
  const person = (name: string, role: Part['role'], part: (person: Person) => Part, connectAt: number): Person => {
    const somebody = new Person(world, name, sessionId, role, chance.fork(name));
    somebody.part = part(somebody);
    arrivals.push(() => somebody.process.after(connectAt, () => somebody.connect()));
    return somebody;
  };
  const when = chance.fork(`arrivals ${sessionId}`);
  const players = Array.from({ length: plan.players }, (_, index) =>
    person(playerName(sessionId, index), 'player', (somebody) => new Player(somebody), when.skewed(50, 2_000)),
  );
  const ids = (): string[] => players.flatMap(({ history: { playerId, stopped } }) => (playerId === null || stopped !== null ? [] : [playerId]));
  const supervisor = new Supervisor(world, sessionId, plan.supervision, chance.fork(`supervisor ${sessionId}`), ids);
  const style = { startAfterMs: plan.startAfterMs, leads: plan.hostLeads, whims: plan.hostWhims };
  const host = person(hostName(sessionId), 'host', (somebody) => new Host(somebody, hostToken, style, supervisor, ids), when.between(50, 600));
  const spectators = Array.from({ length: plan.spectators }, (_, index) => person(spectatorName(sessionId, index), 'spectator', () => new Spectator(), when.skewed(50, 2_000)));
  createSession(world, plan, createHash('sha256').update(hostToken).digest('hex'), chance.fork(`create ${sessionId}`), (createUnderWay) => {
    arrivals.forEach((arrive) => arrive());
    if (purger?.history.sessionId === sessionId) purger.created(createUnderWay);
  });
  return [host, ...players, ...spectators];
}

class Spectator implements Part {
  readonly role = 'spectator';
  hello = (): Record<string, unknown> => ({ role: 'spectator' });
  welcomed = (): void => undefined;
  heard = (): void => undefined;
  replied = (): void => undefined;
}
