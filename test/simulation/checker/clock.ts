/**
 * T1: session time, as one router stamps it, does not go back when the owner changes: what reaches a router later is not journaled as having come earlier.
 * Seen from outside: of two acknowledged answers to one session through the same router, by when they truly reached it.
 */
import type { PersonHistory } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import type { World } from '../cluster/world.js';
import type { SessionFacts } from '../../checker/facts.js';
import { estimateError } from './link-error.js';
import type { AcceptedClaim } from './raw-log.js';

/** Both stamps are whole ms. */
const ROUNDING_MS = 1;
/** Who handed a frame on first may have been replaced for so long without the router's knowing, ms. */
const UNAWARE_MS = 3_000;
/** After a stall a router stamps with the time when it began. */
const STALL_MS = 300;

interface Stamp {
  readonly about: string;
  readonly router: string;
  /** World time. */
  readonly arrivedAt: number;
  readonly recvAt: number;
  readonly epoch: number;
  /** World time of its ok: by then it was converted. */
  readonly settledAt: number;
}

/**
 * By how much the second of two stamps may have gone back, ms. Each is the true time plus the error of an estimate of the owner's clock; an owner's own clock
 * never goes back. When the owner changes, the router carries the time over from one estimate to the other: two errors more.
 */
function allowed(before: Stamp, stamp: Stamp, claims: readonly AcceptedClaim[], world: World): number {
  const changes = claims.filter(({ epoch, landedAt }) => epoch <= stamp.epoch && (epoch > before.epoch || landedAt > before.arrivedAt - UNAWARE_MS)).length;
  return (2 + 2 * changes) * estimateError(world.links.heard, stamp.router, before.arrivedAt, stamp.settledAt) + ROUNDING_MS;
}

export function checkClock({ sessionId }: SessionFacts, people: readonly PersonHistory[], claims: readonly AcceptedClaim[], world: World): Violation[] {
  const { observed } = world;
  const still = (router: string, from: number, to: number): boolean => observed.downs.some((down) => down.node === router && down.from <= to && down.to >= from - STALL_MS);
  const stamps = people.flatMap(stampsOf).filter(({ router, arrivedAt }) => !still(router, arrivedAt, arrivedAt)).sort((a, b) => a.arrivedAt - b.arrivedAt);
  const found: Violation[] = [];
  const latest = new Map<string, Stamp>();
  for (const stamp of stamps) {
    const { router, arrivedAt, recvAt } = stamp;
    const before = latest.get(router);
    const back = before === undefined ? 0 : before.recvAt - before.arrivedAt - (recvAt - arrivedAt);
    const goesBack = before !== undefined && back > ROUNDING_MS && back > allowed(before, stamp, claims, world);
    // Who has died has forgotten what the time was.
    const forgot = before !== undefined && observed.downs.some((down) => down.node === router && down.died && down.from >= before.arrivedAt && down.from <= arrivedAt);
    if (goesBack && !forgot) found.push({ invariant: 'T1', about: `${sessionId}: ${stamp.about} came to ${router} ${(arrivedAt - before.arrivedAt).toFixed(0)} ms after ${before.about} (epoch ${before.epoch}), and in epoch ${stamp.epoch} it counts as ${recvAt - before.recvAt} ms after it` });
    if (before === undefined || forgot || !goesBack) latest.set(router, stamp);
  }
  return found;
}

function stampsOf({ tabs, answers }: PersonHistory): Stamp[] {
  return answers.flatMap(({ answerId, sends: [sent, ...more], outcome }): Stamp[] => {
    const tab = tabs.find((each) => sent !== undefined && each.sent.includes(sent));
    // Sent once: else the one that was journaled may be another.
    if (sent === undefined || more.length > 0 || sent.arrivedAt === null || tab === undefined || outcome?.frame.t !== 'ok') return [];
    return [{ about: answerId, router: tab.router, arrivedAt: sent.arrivedAt, recvAt: outcome.frame.d.receivedAt, epoch: outcome.frame.d.receipt.epoch, settledAt: outcome.at }];
  });
}
