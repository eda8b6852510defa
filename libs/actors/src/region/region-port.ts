import type { Envelope } from './envelope.js';

/** A node's door to its entities, as the session and REST edges see it. */
export interface RegionPort<Command, Reply> {
  shardOf(entityId: string): number;
  /** Delivers a command; the envelope's `replied` or `dropped` is called once, later. Never throws. */
  tell(envelope: Envelope<Command, Reply>): void;
  /** What this node knows of the shard's owner. */
  ownership(shard: number): Ownership;
  /** Session time of an owned shard now, ms (T1). */
  sessionTime(shard: number): number;
  /** Draws the shards that this node owns and is active in. */
  ownedShards(): readonly number[];
  /** From a router's `open` or `attached`: session time of the last owner − this process's monotonic time, ms (T1). */
  reportTime(shard: number, offset: number): void;
  /** From a router's `open`: session time at which the owner of `epoch` was last heard, ms (T2). */
  reportLastOwner(shard: number, epoch: number, seenAt: number): void;
  /** From a router's `attached{shard, epoch}` (T3). */
  edgeAttached(router: string, shard: number, epoch: number): void;
  /** From a router's `clock`: everything that it received before this node-monotonic time has been handed over (T3). */
  edgeClock(router: string, mono: number): void;
  /** The link to a router broke: its clock counts again only after the next `attached`. */
  edgeGone(router: string): void;
  /** Somebody may have become absent or present: passivation and early closing are looked at again. */
  touch(entityId: string): void;
}

export type Ownership =
  | { readonly kind: 'active'; readonly epoch: number; readonly offset: number }
  | { readonly kind: 'claiming' }
  | { readonly kind: 'other'; readonly hint: string }
  | { readonly kind: 'halted'; readonly code: string; readonly message: string };
