/** What all shards of one region share: ports, limits, and the bounds that hold for the whole node. */
import type { HotList } from '../entity/hot-list.js';
import type { Mailbox, MailboxBudget } from '../entity/mailbox.js';
import type { Limits } from '../limits.js';
import type { AnyBehavior, AnyObserver } from '../opaque.js';
import type { Clock, Random, Timers } from '../ports/clock.js';
import type { Journal } from '../ports/journal.js';
import type { SnapshotStore } from '../ports/snapshot-store.js';
import type { EdgeClocks } from '../shard/close-gate.js';
import type { Permits } from '../time/permits.js';
import type { Vigil } from '../time/vigil.js';
import type { Scheduler } from './scheduler.js';

export interface Runtime {
  readonly self: NodeIdentity;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly behavior: AnyBehavior;
  readonly observer: AnyObserver;
  readonly limits: Limits;
  readonly scheduler: Scheduler;
  readonly hotList: HotList;
  readonly edges: EdgeClocks;
  /** Looked at before anything is decided by the clock. */
  readonly vigil: Vigil;
  readonly budget: MailboxBudget;
  /** Whether a shard of this node has found no room in the journal. */
  readonly storage: { full: boolean };
  readonly recoveries: Permits;
  readonly loads: Permits;
  readonly snapshotting: Permits;
  /** Names of the routers whose clocks a close waits for: those of the membership, and those with a link to this node. */
  routers(): readonly string[];
  newMailbox(): Mailbox;
  /** Whether the log below `below` may be forgotten (S5: the sessions that ended there have their archive). */
  mayTrim(shard: number, below: number): boolean | Promise<boolean>;
}

/** A node's name is not an identity: two processes may bear it, one after the other or at once. */
export interface NodeIdentity {
  readonly name: string;
  /** `name/boot`, as it stands in claims. */
  readonly owner: string;
}

/** The node's name in an owner; empty for none. */
export function nameOf(owner: string): string {
  const slash = owner.lastIndexOf('/');
  return slash === -1 ? owner : owner.slice(0, slash);
}
