/** I5: a change of owner never shortens what was left of an open question, by the clocks of the two owners and by when the first one fell silent. */
import type { Violation } from '../cluster/observed.js';
import type { World } from '../cluster/world.js';
import type { SessionFacts, Times } from '../../checker/facts.js';
import type { AcceptedClaim } from './raw-log.js';

const CLOCK_ERROR_MS = 60;

export function checkRemaining(facts: SessionFacts, claims: readonly AcceptedClaim[], world: World): Violation[] {
  const found: Violation[] = [];
  for (const { qid, times, closed } of facts.questions) {
    if (times[0] === undefined) continue;
    let before: Times = times[0];
    const end = closed === null ? Infinity : closed.landedAt;
    for (const turn of facts.turns) {
      if (turn.epoch <= before.epoch || turn.landedAt > end || turn.landedAt < before.landedAt) continue;
      // The last times that stand in this very turn, or those of before.
      const after: Times = times.filter(({ landedAt }) => landedAt <= turn.landedAt).at(-1) ?? before;
      const silent = silence(before.epoch, turn.landedAt, claims, world);
      const was = left(facts, before, silent, world);
      // An append may take its time, only a stall counts; and a session that nobody asks anything accounts for its outage later, but up to when it ended.
      const is = after.closesAt - (after.landedAt === turn.landedAt ? (after.to ?? turn.at) : turn.at);
      const { opensAt } = before;
      if (wasCutOff(before.epoch, silent, claims, world)) world.sometimes.note('a router was cut off from the owner that fell silent');
      if (claims.some(({ epoch }) => epoch > before.epoch && epoch < turn.epoch)) world.sometimes.note('an owner fell silent before its first turn');
      const paused = facts.pauses.some(({ from, to }) => from <= after.closesAt && to >= opensAt);
      if (was !== undefined && was > 0 && is < was - CLOCK_ERROR_MS && !paused) {
        found.push({ invariant: 'I5', about: `${facts.sessionId} ${qid}: ${was.toFixed(0)} ms were left when epoch ${before.epoch} fell silent at ${silent.toFixed(0)}, ${is.toFixed(0)} ms after the first turn of epoch ${turn.epoch} at ${turn.landedAt.toFixed(0)}` });
      }
      before = { ...after, epoch: turn.epoch };
    }
  }
  return found;
}

/** Its clock showed at least what it has journaled: who dies at once after it was raised has told nobody of that. */
function left({ shard, turns }: SessionFacts, { epoch, closesAt }: { epoch: number; closesAt: number }, at: number, world: World): number | undefined {
  const now = world.sessionTime(shard, epoch, at);
  const journaled = turns.reduce((latest, turn) => (turn.epoch === epoch ? Math.max(latest, turn.at) : latest), 0);
  return now === undefined ? undefined : closesAt - Math.max(now, journaled);
}

/** A router may know of an earlier owner only, and report that one's heartbeats. */
function wasCutOff(epoch: number, silent: number, claims: readonly AcceptedClaim[], world: World): boolean {
  const owner = claims.find((claim) => claim.epoch === epoch);
  const node = owner?.owner.split('/')[0];
  return world.observed.cuts.some((cut) => cut.node === node && cut.from < silent && cut.to > (owner?.landedAt ?? 0));
}

/**
 * World time at which the owner of `epoch` fell silent: it stood still, or died, and did not wake before `until`. What becomes of it after it was replaced is
 * no silence of the owner. An owner that lives on, or wakes, is heard:
 * by the rules (scoring.md) the outage then begins with its last heartbeat, and so shortly before `until`.
 */
function silence(epoch: number, until: number, claims: readonly AcceptedClaim[], world: World): number {
  const owner = claims.find((claim) => claim.epoch === epoch);
  const node = owner?.owner.split('/')[0];
  const replacedAt = claims.find((claim) => claim.epoch > epoch)?.landedAt ?? Infinity;
  const downs = world.observed.downs.filter((down) => down.node === node && down.from <= replacedAt && down.from >= (owner?.landedAt ?? 0) && down.to >= until).map(({ from }) => from);
  return Math.min(until, ...downs);
}
