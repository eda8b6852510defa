/** A turn of the journal that counts, as the reader of each suite hands it to the checks. */

export interface RawEvent {
  readonly type: string;
  // Events of many kinds; the checker reads what it knows of each.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

export interface AcceptedTurn {
  readonly epoch: number;
  readonly n: number;
  /** Session time, ms. */
  readonly at: number;
  readonly sessionId: string;
  readonly events: readonly RawEvent[];
  /** Orders, and names, the turns of a shard: when, or where, it landed. */
  readonly landedAt: number;
  readonly offset: number;
}
