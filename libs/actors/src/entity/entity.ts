/**
 * One entity in memory: some 300 bytes and its state (P7). Owns its state, its mailbox, and what is known of it in the log and in the store; holds no timer and
 * no promise. Everything that changes it does so synchronously, in the shard that owns it.
 */
import type { Outage } from '../behavior.js';
import type { StoredImage } from '../snapshot/image.js';
import type { LogMark } from '../snapshot/log-mark.js';
import type { Mailbox } from './mailbox.js';

/**
 * loading: the store is asked for its snapshot. running: turns are taken. rebuilding: its state was dropped after a fault and
 * comes back from snapshot and journal. quarantined: it alone stands still. gone: not in memory any more.
 */
export type EntityPhase = 'loading' | 'running' | 'rebuilding' | 'quarantined' | 'gone';

export class Entity {
  state: unknown = undefined;
  /** Number of the last record with an event of it, accepted or not; 0: none. */
  lastN = 0;
  /** Its oldest accepted event that no stored snapshot contains, and the first one behind the snapshot under way (S2). */
  dirtyFrom: LogMark | undefined = undefined;
  dirtyNext: LogMark | undefined = undefined;
  /** What the store holds of it, as far as this owner knows. */
  stored: StoredImage | undefined = undefined;
  snapshotUnderWay = false;
  /** What the snapshot under way contains, 0: none is taken. */
  snapshotN = 0;
  snapshotWanted = false;
  /** To be accounted for before anything else (T2). */
  outage: Outage | undefined = undefined;
  /** The end of the takeover that is still to be accounted for (T2), session time in ms; Infinity: its next turn. */
  takeoverUntil: number | undefined = undefined;
  /** Session time before which a deadline without effect does not fire again, ms. */
  refireAt: number | undefined = undefined;
  /** Faults since the last good turn. */
  faults = 0;
  /** Why it stands still. */
  quarantine = '';
  /** It is to leave memory as soon as the store has it; any use of it ends that (S4). */
  passivating = false;
  /** It stands in its shard's queue. */
  ready = false;
  /** Monotonic time of its last use, ms, and its neighbours in the order of use (S4). */
  usedAt = 0;
  older: Entity | undefined = undefined;
  newer: Entity | undefined = undefined;

  constructor(
    readonly id: string,
    readonly shard: number,
    public phase: EntityPhase,
    readonly mailbox: Mailbox,
  ) {}
}
