/** What the checker has to say. */

export interface Violation {
  /** Of the promises: I1 to I9, ZOMBIE, K5, REPLY, LIVE. */
  readonly invariant: string;
  readonly about: string;
}

export type Wrong = (invariant: string, about: string) => void;

export interface Counts {
  sessions: number;
  finished: number;
  clients: number;
  connections: number;
  frames: number;
  records: number;
  stale: number;
  duplicate: number;
  claims: number;
  /** (player, question) of which a client holds an acknowledgement. */
  acknowledged: number;
  /** Acknowledgements that were sent again, with the first verdict. */
  repeated: number;
  refusedLate: number;
  /** Of those, how many are proved to have come too late; of the others nothing can be said. */
  provedLate: number;
  /** Refused though they reached their router in time, because that was cut off from the owner for longer than `closeWaitMs`: excepted by I5. */
  cutOff: number;
  lost: number;
  changed: number;
  double: number;
  zombie: number;
}

export const noCounts = (): Counts => ({
  sessions: 0, finished: 0, clients: 0, connections: 0, frames: 0, records: 0, stale: 0, duplicate: 0, claims: 0,
  acknowledged: 0, repeated: 0, refusedLate: 0, provedLate: 0, cutOff: 0, lost: 0, changed: 0, double: 0, zombie: 0,
});

export interface Verdict {
  readonly counts: Counts;
  readonly violations: readonly Violation[];
}
