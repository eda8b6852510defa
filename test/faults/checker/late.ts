/**
 * I5: who reached a router in time is not refused as late. What can be proved from outside: whoever asked the same router later, and was told a time before the
 * close, came after the answer; so the answer was in time. An answer that came behind one with a time after the close was late.
 */
import type { Person } from './people.js';
import type { SessionEvidence } from './session.js';
import type { Counts, Wrong } from './verdict.js';

/** The error of a clock that was estimated from round trips, and of two sockets that are read in one poll, ms. */
const CLOCK_ERROR_MS = 100;
const BEHIND_MS = 50;
/** A router that is cut off from the owner for longer may have its frames refused. */
const CLOSE_WAIT_MS = 2_000;
/** The copy of the journal may be so late, ms. */
const COPY_MS_MAX = 300;
const RULED_LATE = new Set([301, 304]);

interface Probe {
  /** When it was sent. */
  readonly x: number;
  /** When its router had it, session time. */
  readonly stamp: number;
}

export function checkLate({ history, facts, turns }: SessionEvidence, counts: Counts, wrong: Wrong): void {
  const probes = probesOf(history.people.values());
  const heardAt = hearingsOf(history.people.values());
  const landed = new Map(turns.map(({ offset, landedAt }) => [offset, landedAt]));
  const grace = facts.created['settings'].graceMs as number;
  const questions = new Map(facts.questions.map((question) => [question.qid, question]));
  for (const { name, talks } of history.people.values()) {
    for (const { sent, router } of talks) {
      for (const { t, d, x, replies } of sent.values()) {
        if (t !== 'answer.submit' || !replies.some(({ frame }) => frame.t === 'err' && RULED_LATE.has(frame.d.code))) continue;
        counts.refusedLate++;
        const question = questions.get(d['qid'] as string);
        const times = question?.times.at(-1);
        if (question === undefined || times === undefined || question.closed?.reason !== 'deadline') continue;
        const end = times.closesAt + grace;
        const { earliestAfter, latestBefore } = around(probes.get(router) ?? [], x);
        if (latestBefore > end + CLOCK_ERROR_MS) counts.provedLate++;
        if (earliestAfter > end - CLOCK_ERROR_MS || question.closed.at >= end + CLOSE_WAIT_MS) continue;
        if (facts.pauses.some(({ from, to }) => from <= end && to >= times.opensAt)) continue;
        // Nothing of the session came through that router for so long before the close: it was cut off from the owner.
        const closedX = landed.get(question.closed.landedAt) ?? 0;
        if (!heardBetween(heardAt.get(router) ?? [], closedX - CLOSE_WAIT_MS, closedX - COPY_MS_MAX)) {
          counts.cutOff++;
          continue;
        }
        wrong('I5', `${String(d['answerId'])} of ${name} was sent to ${router} at ${x.toFixed(1)} and refused as late; a later frame reached that router at ${earliestAfter}, ${d['qid'] as string} ended at ${end} and closed at ${question.closed.at}`);
      }
    }
  }
}

/** By router, in the order of sending; with the least stamp from there on, and the greatest up to there. */
interface Row extends Probe {
  least: number;
  greatest: number;
}

function probesOf(people: Iterable<Person>): Map<string, Row[]> {
  const byRouter = new Map<string, Row[]>();
  for (const { talks } of people) {
    for (const { router, sent } of talks) {
      const rows = byRouter.get(router) ?? [];
      byRouter.set(router, rows);
      for (const { t, x, replies } of sent.values()) {
        const stamp = t === 'sync' && replies[0]?.frame.t === 'ok' ? (replies[0].frame.d.t1 as number) : undefined;
        if (stamp !== undefined) rows.push({ x, stamp, least: stamp, greatest: stamp });
      }
    }
  }
  for (const rows of byRouter.values()) {
    rows.sort((a, b) => a.x - b.x);
    rows.forEach((row, at) => (row.greatest = Math.max(row.stamp, rows[at - 1]?.greatest ?? -Infinity)));
    for (let at = rows.length - 2; at >= 0; at--) {
      const row = rows[at] as Row;
      row.least = Math.min(row.stamp, rows[at + 1]?.least ?? Infinity);
    }
  }
  return byRouter;
}

function around(rows: readonly Row[], x: number): { readonly earliestAfter: number; readonly latestBefore: number } {
  const after = firstAt(rows, x + BEHIND_MS);
  const before = firstAt(rows, x - BEHIND_MS) - 1;
  return { earliestAfter: rows[after]?.least ?? Infinity, latestBefore: rows[before]?.greatest ?? -Infinity };
}

/** The place of the first row that was sent at `x` or later. */
function firstAt(rows: readonly { readonly x: number }[], x: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.x ?? Infinity) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When anything of the session was heard through each router. */
function hearingsOf(people: Iterable<Person>): Map<string, { readonly x: number }[]> {
  const byRouter = new Map<string, { readonly x: number }[]>();
  for (const { talks } of people) {
    for (const { router, heard } of talks) {
      const times = byRouter.get(router) ?? [];
      byRouter.set(router, times);
      for (const { x } of heard) times.push({ x });
    }
  }
  for (const times of byRouter.values()) times.sort((a, b) => a.x - b.x);
  return byRouter;
}

function heardBetween(times: readonly { readonly x: number }[], from: number, to: number): boolean {
  return (times[firstAt(times, from)]?.x ?? Infinity) <= to;
}
