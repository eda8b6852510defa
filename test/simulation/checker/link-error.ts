/**
 * By how much a router's estimate of a node's clock can be wrong, from what came over its links.
 * A round trip that began at s and ended at r, by the router's clock, with the node's clock read in between, gives the offset to (r − s) / 2 exactly: the node
 * read its clock somewhere between the two, and the estimate says in the middle (RFC 5905, section 8). The router uses the shortest round trip of the present
 * stretch of 5 s, or of the one before, if that was shorter. Whatever came in the last 5 s lies in one of the two: so the error is at most half of the
 * shortest round trip of the last 5 s. A clock that was shown holds the estimate up for at most as long as it was wrong, so its error is one of before.
 */
import { decodeLinkFrame } from '@ringmaster/protocol';
import type { HeardLink } from '../world/sim-links.js';

const STRETCH_MS = 5_000;
/** A clock is shown so often, or when a frame is handed on. */
const SHOWN_MS = 1_000;
/** A link is used from the first short round trip on, or from the third. */
const SHORT_MS = 20;
const SAMPLES_MIN = 3;

interface Trip {
  /** World time of its end. */
  readonly at: number;
  readonly ms: number;
}

const known = new WeakMap<HeardLink, readonly Trip[]>();

/** The greatest error of any estimate that `router` may have used between two world times, ms. */
export function estimateError(links: readonly HeardLink[], router: string, from: number, to: number): number {
  return Math.max(0, ...links.filter((link) => link.router === router).map((link) => worst(tripsOf(link), from - SHOWN_MS, to)));
}

function worst(trips: readonly Trip[], from: number, to: number): number {
  let greatest = 0;
  trips.forEach(({ at, ms }, index) => {
    const next = trips[index + 1]?.at ?? Infinity;
    const used = trips.slice(0, index + 1).filter((trip) => trip.at > at - STRETCH_MS);
    const usable = index + 1 >= SAMPLES_MIN || ms <= SHORT_MS || used.some((trip) => trip.ms <= SHORT_MS);
    if (usable && next >= from && at <= to) greatest = Math.max(greatest, Math.min(...used.map((trip) => trip.ms)) / 2);
  });
  return greatest;
}

function tripsOf(link: HeardLink): readonly Trip[] {
  let trips = known.get(link);
  if (trips !== undefined) return trips;
  trips = link.frames.flatMap(({ at, bytes }) => {
    const frame = decodeLinkFrame(bytes, 'node');
    return frame.ok ? frame.records.flatMap((record): Trip[] => (record.r === 'beat' ? [{ at, ms: at + link.monoOffset - record.echo }] : [])) : [];
  });
  known.set(link, trips);
  return trips;
}
