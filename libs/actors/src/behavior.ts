/**
 * What an entity is, as data and pure functions: the contract between the runtime and a domain.
 * The runtime calls these synchronously inside a turn; none of them may do I/O, read a clock or draw a random number.
 */

/** Where and when a turn stands: its place in the journal and its session time (ms). */
export interface TurnMeta {
  readonly shard: number;
  readonly epoch: number;
  /** Number of the record that carries this turn's events; for a turn without events, the last one before it. */
  readonly n: number;
  /** Session time of the turn, ms. Never falls within a shard (T1). */
  readonly at: number;
}

/** The verdict on one command. A refusal is an `answer` without events; it is a value, never an exception. */
export type Decision<Event, State, Reply> =
  | {
      readonly kind: 'answer';
      readonly events: readonly Event[];
      /** Called once, after every event that this turn caused (follow-up deadlines included) has evolved the state. */
      readonly reply: (state: State, meta: TurnMeta) => Reply;
    }
  /** Judge again after the next event for which `unstashes` is true (T4). */
  | { readonly kind: 'stash' };

export interface Deadline {
  /** Session time, ms. A deadline at or before the turn's own time fires within the same turn, unless `behindReceived`. */
  readonly at: number;
  /** True: it may fire only once every edge has shown a clock past `at` (T3), so that nothing earlier is on its way. */
  readonly behindReceived: boolean;
}

/** A stretch of session time in which the entity could not be reached (T2). */
export interface Outage {
  readonly from: number;
  readonly to: number;
}

export interface LastEvent {
  readonly epoch: number;
  readonly at: number;
}

/** A state taken apart for the store. `head` changes with every snapshot; a part never changes under its key (S1). */
export interface SnapshotParts {
  readonly head: Uint8Array;
  readonly parts: ReadonlyMap<string, () => Uint8Array>;
}

export interface Behavior<Command, Event, State, Output, Reply> {
  initial(entityId: string): State;
  /** Whether anything was ever journaled for it; an entity that does not exist is dropped after its turn. */
  exists(state: State): boolean;
  decide(state: State, command: Command, at: number): Decision<Event, State, Reply>;
  /** Changes `state` in place. Never refuses: an event is a fact. */
  evolve(state: State, event: Event, meta: TurnMeta): void;
  /** What others are to hear of `event`, called right after it has evolved `state`; must not keep references into `state`. */
  outputs(state: State, event: Event, meta: TurnMeta): readonly Output[];
  nextDeadline(state: State): Deadline | null;
  deadlineCommand(state: State): Command;
  /** The command that accounts for an outage, or null when none is due for this state (T2). */
  outageCommand(state: State, outage: Outage): Command | null;
  /** Epoch and session time (ms) of the last event, 0 when there is none: which owner's silence is an outage, and where it may begin at the earliest (T2). */
  lastEvent(state: State): LastEvent;
  unstashes(event: Event): boolean;
  /** Whether the runtime may put this state away (S4). An entity with sockets says no. */
  mayPassivate(state: State): boolean;
  /** Whether a snapshot should be taken after `event` (S1: at the end of a question). */
  snapshotAfter(event: Event): boolean;

  /** Version under which events are written. */
  readonly eventVersion: number;
  encodeEvent(event: Event): unknown;
  /** Upcasts an event of `version` (this release's or the previous one's). @throws UnknownEventError */
  decodeEvent(raw: unknown, version: number): Event;
  /**
   * Fetches what evolving these events, or restoring this head, will look up synchronously (immutable decks).
   * Returns undefined when everything is at hand, so that the hot path awaits nothing.
   */
  prepareEvents(events: readonly Event[]): Promise<void> | undefined;
  prepareHead(head: Uint8Array): Promise<void> | undefined;
  snapshot(state: State): SnapshotParts;
  /** Keys of the parts that `head` needs. */
  partKeys(head: Uint8Array): readonly string[];
  restore(entityId: string, head: Uint8Array, parts: ReadonlyMap<string, Uint8Array>): State;
}

/** An event of a version or type that this release does not know: the shard halts, nothing is guessed. */
export class UnknownEventError extends Error {
  readonly code = 'UNKNOWN_EVENT';
}
