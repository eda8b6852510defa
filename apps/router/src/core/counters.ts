/** What the core counts. Plain numbers that only grow: reading them costs the hot path nothing. */
export interface RouterCounters {
  framesIn: number;
  framesOverRate: number;
  framesSentAgain: number;
  messagesOut: number;
  bytesOut: number;
  broadcasts: number;
  hintsGivenUp: number;
  hintsDropped: number;
  opens: number;
  hops: number;
  backOffs: number;
  gaps: number;
  repliesDropped: number;
  repliesSkipped: number;
  recordsIgnored: number;
  framesDiscarded: number;
  linksUp: number;
  linksLost: number;
  dialsFailed: number;
  refusedAddress: number;
  refusedOverload: number;
}

export const newCounters = (): RouterCounters => ({
  framesIn: 0,
  framesOverRate: 0,
  framesSentAgain: 0,
  messagesOut: 0,
  bytesOut: 0,
  broadcasts: 0,
  hintsGivenUp: 0,
  hintsDropped: 0,
  opens: 0,
  hops: 0,
  backOffs: 0,
  gaps: 0,
  repliesDropped: 0,
  repliesSkipped: 0,
  recordsIgnored: 0,
  framesDiscarded: 0,
  linksUp: 0,
  linksLost: 0,
  dialsFailed: 0,
  refusedAddress: 0,
  refusedOverload: 0,
});
