/** What a router tells a node about a connection and about the time, when it opens there (K4, K5, T1, T3). */
import type { AttachedRecord, OpenRecord } from '@ringmaster/protocol';
import type { Connection } from './connection.js';
import type { LinkSession } from './link-session.js';

export interface LastOwner {
  readonly session: LinkSession;
  readonly epoch: number;
  /** Session time − its node's monotonic time, ms: as it said, but never below what the owner before had reached (T1). */
  readonly offset: number;
  /** The same as it said: what it has journaled is of this time. */
  readonly toldOffset: number;
  /** When it first said so, monotonic ms of this router. */
  readonly since: number;
  /** When it sent the last beat that was heard while it was the owner, monotonic ms of its node; undefined while it is. A node that lost a shard goes on with its beats. */
  readonly heardUntil?: number;
  /** The one before it, for its clock. */
  readonly before: LastOwner | null;
}

/** An owner is told what the time was by the one before it for so long: later the two clocks have drifted apart, and it has heard it. */
const TAKEOVER_MS = 10_000;

/** The owner before this one, while that is news to it. */
export function beforeTakeover(owner: LastOwner, now: number): LastOwner | null {
  return now - owner.since < TAKEOVER_MS ? owner.before : null;
}

/** The owner of the highest epoch that this router knows of: a node that wakes and claims to be the owner that it was hides the one that replaced it. */
export function latest(owner: LastOwner | null): LastOwner | null {
  return owner?.before && owner.before.epoch > owner.epoch ? owner.before : owner;
}

/** What to remember of `known` as the owner before the one of `epoch`. */
export function lastBefore(known: LastOwner | null, epoch: number): LastOwner | null {
  const last = latest(known);
  return last === null || last.epoch === epoch ? null : { ...past(last), before: null };
}

/** `owner`, once it has lost the shard: what its node says from now on is not the owner's word. */
export function past(owner: LastOwner): LastOwner {
  return { ...owner, heardUntil: owner.heardUntil ?? owner.session.lastBeatSentAt };
}

/** What the owner's session time is at `mono` of this router, ms; 0 when there never was one. */
export function sessionTime(owner: LastOwner | null, mono: number): number {
  return owner === null ? 0 : Math.max(0, owner.session.clock.toNode(mono) + owner.offset);
}

/** `owner`'s session time − the monotonic time of the node at the other end of `session`, ms; 0 when there is no owner. It does not age on the way. */
export function offsetFor(session: LinkSession, owner: LastOwner | null, now: number): number {
  return owner === null ? 0 : sessionTime(owner, now) - session.clock.toNode(now);
}

/**
 * `last`: the owner that the node takes over from, null when there was none or the node itself owns the shard: its own clock, as estimated here, would push it
 * forward by the estimate's error each time.
 */
export function openRecord(connection: Connection, session: LinkSession, last: LastOwner | null, now: number): OpenRecord {
  const { id, bind, s, p, heartbeat, hops } = connection;
  return {
    r: 'open',
    conn: id.conn,
    connId: id.connId,
    sessionId: id.sessionId,
    remote: id.remote,
    ownerOffset: offsetFor(session, last, now),
    ownerEpoch: last?.epoch ?? 0,
    ownerSeenAt: last === null ? 0 : Math.max(0, (last.heardUntil ?? last.session.lastBeatSentAt) + last.toldOffset),
    hops,
    ...(bind === null ? {} : { bind, s, p }),
    ...(heartbeat === null || heartbeat.rttSamples === 0 ? {} : { rttMinMs: heartbeat.rttMinMs, rttSamples: heartbeat.rttSamples }),
  };
}

/** `ownerOffset`: by the owner before this one, so that the new one's time does not go back. */
export function attachedRecord(session: LinkSession, shards: readonly { readonly shard: number; readonly owner: LastOwner | null }[], now: number): AttachedRecord {
  return { r: 'attached', shards: shards.map(({ shard, owner }) => ({ shard, epoch: owner?.epoch ?? 0, ownerOffset: owner === null ? 0 : offsetFor(session, beforeTakeover(owner, now), now) })) };
}
