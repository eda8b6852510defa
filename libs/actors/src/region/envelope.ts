import type { TurnMeta } from '../behavior.js';

/** host before ordered (answers and deadlines, in order of arrival) before rest. */
export type Lane = 'host' | 'ordered' | 'rest';

/** Why a command was given back unexecuted, or executed without its outcome having become a fact. */
export type DropReason =
  /** Another node owns the shard, or nobody does yet; the sender keeps the command and asks the hinted node (K6). */
  | 'notOwner'
  /** The mailbox is full: clear, retryable. */
  | 'mailboxFull'
  /** The shard stands still with a named error (I9). */
  | 'halted'
  /** The entity alone stands still after three faults at one record. */
  | 'quarantined'
  /** Its turn threw, or was too large, and was undone: nothing of it is a fact. */
  | 'faulted'
  /** The disk takes no more: new entities are refused. */
  | 'storageFull';

/** A command on its way to an entity, with the way back. */
export interface Envelope<Command, Reply> {
  readonly entityId: string;
  readonly lane: Lane;
  readonly command: Command;
  /** Called at most once, when the gate has opened for the turn (L6). */
  replied(reply: Reply, meta: TurnMeta): void;
  /** Called at most once, instead of `replied`. */
  dropped(reason: DropReason, hint: string): void;
}
