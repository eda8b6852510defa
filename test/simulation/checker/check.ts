/** The verdict on a run: every promise that can be seen from outside, from the raw journal and from what clients sent and heard. */
import { shardOf } from '@ringmaster/actors';
import type { PersonHistory } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import type { World } from '../cluster/world.js';
import type { Scenario } from '../scenario.js';
import { SHARDS } from '../cluster/sim-limits.js';
import { checkAnswers } from './answers.js';
import { checkClock } from './clock.js';
import { factsOf, type SessionFacts } from '../../checker/facts.js';
import { readLog, type ReadLog } from './raw-log.js';
import { checkPurged, type PurgeEvidence } from './purged.js';
import { checkRemaining } from './remaining.js';
import { checkStandings } from './standings.js';
import { checkSteps } from './steps.js';
import { checkStreams } from './streams.js';

export interface Evidence {
  readonly world: World;
  readonly scenario: Scenario;
  readonly people: readonly PersonHistory[];
  readonly purge: PurgeEvidence | null;
}

export function check({ world, scenario, people, purge }: Evidence): Violation[] {
  const found: Violation[] = [...world.observed.complaints];
  const logs = new Map(world.journal.shards().map((shard) => [shard, readLog(shard, world.journal.records(shard), world.sometimes)]));
  for (const { violations } of logs.values()) found.push(...violations);
  for (const { sessionId, deck } of scenario.sessions) {
    const shard = shardOf(sessionId, SHARDS);
    const log = logs.get(shard);
    const guests = people.filter((person) => person.sessionId === sessionId);
    const facts = factsOf(shard, sessionId, log?.turns.filter((turn) => turn.sessionId === sessionId) ?? []);
    if (log === undefined || facts === null) {
      found.push({ invariant: 'LIVE', about: `${sessionId} was never created` });
      continue;
    }
    if (facts.questions.some(({ times }) => times.some(({ reason, epoch }, index) => reason === 'outage' && epoch !== times[index - 1]?.epoch))) world.sometimes.note('extension after failover');
    const routerDied = (router: string, since: number): boolean => world.observed.downs.some((down) => down.node === router && down.from >= since);
    found.push(...checkAnswers(facts, guests, world), ...checkStreams(facts, guests, routerDied), ...checkStandings(facts, deck, guests), ...checkRemaining(facts, log.claims, world), ...checkSteps(facts, guests, log.claims, world), ...checkRemoved(facts, guests), ...checkClock(facts, guests, log.claims, world));
    if (purge?.history.sessionId === sessionId) found.push(...checkPurged(purge, facts.turns, guests));
  }
  return [...found, ...checkLiveness(people, purge?.history.sessionId), ...checkOwners(world), ...checkLosses(logs, world)];
}

/** Who was sent away is told so, or finds its token worthless; nobody else is. */
function checkRemoved({ removed, finished }: SessionFacts, people: readonly PersonHistory[]): Violation[] {
  const found: Violation[] = [];
  for (const { name, playerId, stopped } of people) {
    const gone = playerId !== null && removed.has(playerId);
    if (stopped !== null && SENT_AWAY.has(stopped) && !gone) found.push({ invariant: 'L6', about: `${name} was sent away with ${stopped}, and nothing in the log says so` });
    if (gone && finished && stopped === null) found.push({ invariant: 'LIVE', about: `${name} was sent away and never told` });
  }
  return found;
}

const SENT_AWAY: ReadonlySet<number> = new Set([4006, 4505, 4506]);

/** L4: nobody gives a shard up but for a later owner or by its own `released`. */
function checkLosses(logs: ReadonlyMap<number, ReadLog>, { observed }: World): Violation[] {
  return observed.losses.flatMap(({ at, owner, shard }): Violation[] => {
    const log = logs.get(shard);
    const before = log?.claims.filter((claim) => claim.landedAt <= at) ?? [];
    const own = before.filter((claim) => claim.owner === owner).at(-1)?.epoch ?? 0;
    if (before.some(({ epoch }) => epoch > own) || log?.releases.some(({ epoch, landedAt }) => epoch === own && landedAt <= at)) return [];
    return [{ invariant: 'LOST', about: `${owner} gave up shard ${shard} in epoch ${own} at ${at.toFixed(1)}, and nobody had claimed it` }];
  });
}

/** L7: an owner that was replaced finds out, although nobody asks it for anything. */
function checkOwners({ nodes }: World): Violation[] {
  const found: Violation[] = [];
  for (let shard = 0; shard < SHARDS; shard++) {
    const owners = [...nodes.values()].filter((node) => node.process.alive && node.owns(shard) > 0).map(({ name }) => name);
    // O1: somebody sees to it, with or without connections.
    if (owners.length === 0) found.push({ invariant: 'LIVE', about: `after healing nobody owns shard ${shard}` });
    if (owners.length > 1) found.push({ invariant: 'LIVE', about: `after healing shard ${shard} belongs to ${owners.join(' and ')}` });
  }
  return found;
}

/** After healing nothing is stuck: everybody has the end, and knows what became of every answer. */
function checkLiveness(people: readonly PersonHistory[], purged: string | undefined): Violation[] {
  const found: Violation[] = [];
  for (const { name, sessionId, finished, stopped, answers, playerId } of people) {
    if (stopped !== null) {
      const refused = (stopped === 4503 && playerId === null) || (stopped === 4508 && sessionId === purged); // came after the host had locked the door, or to what was removed
      // Only a newer connection of the same player may end an older one: the last one stays.
      if (stopped === 4510) found.push({ invariant: 'K5', about: `the last connection of ${name} was superseded` });
      if (stopped !== 4510 && stopped !== 4507 && !SENT_AWAY.has(stopped) && !refused) found.push({ invariant: 'LIVE', about: `${name} was told to stop with ${stopped}` });
      continue;
    }
    if (finished === null) found.push({ invariant: 'LIVE', about: `${name} never heard the end` });
    for (const { outcome, answerId } of answers) if (outcome === null) found.push({ invariant: 'LIVE', about: `${name} never heard what became of ${answerId}` });
  }
  return found;
}
