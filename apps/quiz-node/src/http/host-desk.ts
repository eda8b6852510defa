/** What REST needs of the node around it; `SessionDesk` and the region fit. */
import type { Clock, Journal, Random, Records, RegionPort, Timers } from '@ringmaster/actors';
import type { SessionDesk } from '../session/session-desk.js';

export type ShardMap = Pick<RegionPort<never, never>, 'shardOf' | 'ownership' | 'ownedShards'>;

export interface HostDesk {
  readonly desk: Pick<SessionDesk, 'ask' | 'view' | 'now' | 'onOutputs'>;
  readonly shards: ShardMap;
  readonly records: Records;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
}
