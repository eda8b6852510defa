import type { ReplayFrom } from '../ports/snapshot-store.js';

/** A record's place in the log, with the state of the record rule just before it (S2). */
export interface LogMark extends ReplayFrom {
  /** Bytes of the log up to here, counted by this owner. */
  readonly bytes: number;
}
