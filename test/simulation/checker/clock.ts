/**
 * T1: session time, as one router stamps it, does not go back when the owner changes: what reaches a router later is not journaled as having come earlier.
 * Seen from outside: of two acknowledged answers to one session through the same router, by when they truly reached it.
 */
import type { PersonHistory } from '../clients/history.js';
import type { Violation } from '../cluster/observed.js';
import type { World } from '../cluster/world.js';
import type { SessionFacts } from '../../checker/facts.js';

/** The error of a clock that was estimated from round trips, twice, ms. */
const CLOCK_ERROR_MS = 60;
/** After a stall a router stamps with the time when it began. */
const STALL_MS = 300;

interface Stamp {
  readonly about: string;
  readonly router: string;
  /** World time. */
  readonly arrivedAt: number;
  readonly recvAt: number;
  readonly epoch: number;
}

export function checkClock({ sessionId }: SessionFacts, people: readonly PersonHistory[], { observed }: World): Violation[] {
  const still = (router: string, from: number, to: number): boolean => observed.downs.some((down) => down.node === router && down.from <= to && down.to >= from - STALL_MS);
  const stamps = people.flatMap(stampsOf).filter(({ router, arrivedAt }) => !still(router, arrivedAt, arrivedAt)).sort((a, b) => a.arrivedAt - b.arrivedAt);
  const found: Violation[] = [];
  const latest = new Map<string, Stamp>();
  for (const stamp of stamps) {
    const { router, arrivedAt, recvAt } = stamp;
    const before = latest.get(router);
    const goesBack = before !== undefined && recvAt - arrivedAt < before.recvAt - before.arrivedAt - CLOCK_ERROR_MS;
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
    return [{ about: answerId, router: tab.router, arrivedAt: sent.arrivedAt, recvAt: outcome.frame.d.receivedAt, epoch: outcome.frame.d.receipt.epoch }];
  });
}
