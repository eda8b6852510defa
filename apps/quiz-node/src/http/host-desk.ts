/** What REST needs of the node around it. */
import type { Clock, Journal, Random, Records, Timers } from '@ringmaster/actors';
import type { SessionDesk } from '../session/session-desk.js';
import type { SessionEdge } from '../session/session-edge.js';

export interface HostDesk {
  readonly desk: Pick<SessionDesk, 'ask' | 'view' | 'now' | 'onOutputs'>;
  readonly shards: Pick<SessionEdge['region'], 'shardOf' | 'ownership' | 'ownedShards'>;
  readonly records: Records;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
}
