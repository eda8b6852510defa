/** What the session layer counts. Plain numbers that only grow: reading them costs the hot path nothing. */
export interface SessionCounters {
  framesIn: number;
  answersAccepted: number;
  refusals: number;
  welcomes: number;
  filled: number;
  broadcasts: number;
  privates: number;
  notOwner: number;
  closes: number;
  turnsFaulted: number;
  quarantined: number;
  shardsClaimed: number;
  shardsHandedOver: number;
  shardsLost: number;
  hangs: number;
}

export const newSessionCounters = (): SessionCounters => ({
  framesIn: 0, answersAccepted: 0, refusals: 0, welcomes: 0, filled: 0, broadcasts: 0, privates: 0, notOwner: 0, closes: 0, turnsFaulted: 0, quarantined: 0,
  shardsClaimed: 0, shardsHandedOver: 0, shardsLost: 0, hangs: 0,
});
