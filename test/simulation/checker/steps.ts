/**
 * I5 within one epoch (T1, T2): a question that is open gets back what its owner's clock was moved on by, and the time for which its owner hung. Seen from
 * outside: at the very moment, by how much; and from the journal, how far the close had moved by the end.
 */
import type { PersonHistory } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import type { World } from '../cluster/world.js';
import type { QuestionFacts, SessionFacts } from '../../checker/facts.js';
import type { AcceptedClaim } from './raw-log.js';

/** What the owner floors and leaves out: raises below 20 ms each, whole ms. */
const TOLERANCE_MS = 60;

interface Step {
  readonly what: string;
  readonly epoch: number;
  /** World times: a raise takes none. */
  readonly from: number;
  readonly to: number;
  /** Session time − world time before it. */
  readonly offset: number;
  readonly ms: number;
}

export function checkSteps(facts: SessionFacts, people: readonly PersonHistory[], claims: readonly AcceptedClaim[], world: World): Violation[] {
  const steps = [...raises(facts.shard, world), ...hangs(facts.shard, claims, world)];
  // With nobody there the session may be out of memory, and nobody loses anything.
  const attended = ({ from }: Step): boolean => people.some(({ tabs }) => tabs.some((tab) => tab.openedAt <= from && (tab.closedAt ?? Infinity) > from));
  return steps.filter(attended).flatMap((step) => facts.questions.flatMap((question) => shortened(facts, question, step, world)));
}

function shortened(facts: SessionFacts, { qid, times, closed }: QuestionFacts, step: Step, world: World): Violation[] {
  const { what, epoch, from, to, offset, ms } = step;
  const before = times.filter(({ landedAt }) => landedAt <= from).at(-1);
  // Before its first turn an owner has promised nothing by its own clock (remaining.ts looks at what it makes of the takeover).
  const spoken = facts.turns.some((turn) => turn.epoch === epoch && turn.landedAt <= from);
  if (before === undefined || !spoken || (closed !== null && closed.landedAt <= to)) return [];
  const left = before.closesAt - (from + offset);
  const paused = facts.pauses.some((pause) => pause.from <= before.closesAt && pause.to >= before.opensAt);
  // What the owner decided before it, and what another one decides after it, says nothing about it.
  const next = facts.turns.find((turn) => turn.landedAt > to && turn.at > from + offset + ms - TOLERANCE_MS);
  if (left <= TOLERANCE_MS || paused || next?.epoch !== epoch || (closed !== null && closed.at < from + offset + ms - TOLERANCE_MS)) return [];
  world.sometimes.note(`an open question and ${what}`);
  const given = (times.at(-1)?.closesAt ?? 0) - before.closesAt;
  if (given >= ms - TOLERANCE_MS) return [];
  return [{ invariant: 'I5', about: `${facts.sessionId} ${qid}: ${left.toFixed(0)} ms were left at ${from.toFixed(0)}, then came ${what} of ${ms.toFixed(0)} ms in epoch ${epoch}, and the close moved by ${given} ms` }];
}

const raises = (shard: number, { observed }: World): Step[] =>
  observed.raises.filter((raise) => raise.shard === shard && raise.by >= TOLERANCE_MS).map(({ epoch, at, sessionOffset, by }) => ({ what: 'a step of the clock', epoch, from: at, to: at, offset: sessionOffset, ms: by }));

function hangs(shard: number, claims: readonly AcceptedClaim[], world: World): Step[] {
  const { hangMs, vigilEveryMs } = world.config.limits.node;
  return world.observed.downs.flatMap(({ node, from, to, died }): Step[] => {
    const owner = world.observed.ownerships.filter((note) => note.shard === shard && note.at <= from).at(-1);
    if (died || to - from < hangMs + vigilEveryMs || owner?.node !== node || claims.some(({ epoch, landedAt }) => epoch > owner.epoch && landedAt <= to)) return [];
    const now = world.sessionTime(shard, owner.epoch, from) ?? 0;
    return [{ what: 'a hang', epoch: owner.epoch, from, to, offset: now - from, ms: to - from }];
  });
}
