/** The words that the domain's three functions share: when a turn is, when the next one is due, and what a verdict looks like. */

export interface TurnMeta {
  readonly shard: number;
  readonly epoch: number;
  readonly n: number;
  /** Session time of the turn, ms. */
  readonly at: number;
}

export interface Deadline {
  readonly at: number;
  /** Fires only behind everything that routers received before it (the close of a question). */
  readonly behindReceived: boolean;
}

export type Decision<Event, State, Reply> =
  | { readonly kind: 'answer'; readonly events: readonly Event[]; readonly reply: (state: State, meta: TurnMeta) => Reply }
  | { readonly kind: 'stash' };
