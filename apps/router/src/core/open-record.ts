/** What a router tells a node about a connection and about the time, when it opens there (K4, K5, T1, T3). */
import type { AttachedRecord, OpenRecord } from '@ringmaster/protocol';
import type { Connection } from './connection.js';
import type { LinkSession } from './link-session.js';

export interface LastOwner {
  readonly session: LinkSession;
  readonly epoch: number;
  readonly offset: number;
  /** The one before, for its clock. */
  readonly before: LastOwner | null;
}

/** What the owner's session time is at `mono` of this router, ms; 0 when there never was one. */
export function sessionTime(owner: LastOwner | null, mono: number): number {
  return owner === null ? 0 : Math.max(0, owner.session.clock.toNode(mono) + owner.offset);
}

export function openRecord(connection: Connection, owner: LastOwner | null, now: number): OpenRecord {
  const { id, bind, s, p, heartbeat, hops } = connection;
  return {
    r: 'open',
    conn: id.conn,
    connId: id.connId,
    sessionId: id.sessionId,
    remote: id.remote,
    clock: sessionTime(owner, now),
    ownerSeenAt: owner === null ? 0 : sessionTime(owner, owner.session.lastBeatAt),
    hops,
    ...(bind === null ? {} : { bind, s, p }),
    ...(heartbeat === null || heartbeat.rttSamples === 0 ? {} : { rttMinMs: heartbeat.rttMinMs, rttSamples: heartbeat.rttSamples }),
  };
}

/** `clock`: what the time is by the owner before this one, so that the new one's does not go back. */
export function attachedRecord(shards: readonly { readonly shard: number; readonly owner: LastOwner | null }[], now: number): AttachedRecord {
  return { r: 'attached', shards: shards.map(({ shard, owner }) => ({ shard, epoch: owner?.epoch ?? 0, clock: sessionTime(owner?.before ?? null, now) })) };
}
