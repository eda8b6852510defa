/** Every bound of the runtime, with its unit in its name or comment. Each has an error or a back-pressure that its keeper names. */
export interface Limits {
  /** Bytes of one turn's record (L1). More: the turn is undone and its command dropped with `faulted`. */
  readonly turnBytesMax: number;
  /** Bytes, records and outputs of one append (L4). A full batch stops the turns of its shard until it is taken. */
  readonly batchBytesMax: number;
  readonly batchRecordsMax: number;
  readonly batchOutputsMax: number;
  /** Bytes asked of the journal per read; what one page holds is decoded and evolved without a pause. */
  readonly readBytesMax: number;
  /** Digests of accepted records kept per shard, to tell a duplicate from a conflict (L2). */
  readonly digestsMax: number;

  /** Commands waiting for one entity, and for all entities of this node. More: `mailboxFull`. */
  readonly mailboxMax: number;
  readonly mailboxNodeMax: number;
  /** Follow-up deadlines within one turn. More: the turn is a fault. */
  readonly followUpsMax: number;
  /** Faults in a row, or at one record, after which an entity is quarantined. */
  readonly faultsMax: number;
  /** Turns of the node before I/O is polled again; and of one entity before the next one's turn. */
  readonly sliceTurnsMax: number;
  readonly entityTurnsMax: number;
  /** A deadline whose command caused no event fires again after this time at the earliest, ms. */
  readonly refireMs: number;

  /** Time without a turn after which an entity is passivated, ms (S4). */
  readonly idleMs: number;
  /** Entities in memory on this node, above which the least recently used are passivated. */
  readonly hotMax: number;
  /** Concurrent recoveries of shards, loads of entities and snapshots under way, on this node. */
  readonly recoveriesMax: number;
  readonly loadsMax: number;
  readonly snapshotsMax: number;
  /** Attempts before a recovery, or the load of one entity, gives up with a named error. */
  readonly recoveryTriesMax: number;
  readonly loadTriesMax: number;
  /** Bytes of one chunk of a snapshot (S1); a DynamoDB item holds 400 KB. */
  readonly chunkBytesMax: number;
  /** Bytes that the log may grow past an entity's oldest event outside a snapshot (S1). */
  readonly snapshotLogBytes: number;
  /** Shortest time between two writes of a shard's `replayFrom`, ms (S2). */
  readonly replayFromEveryMs: number;
  /**
   * Session time for which what was removed for good leaves its tombstone in the store, ms. It is weighed against the longest time for which a process that is no
   * owner any more may sleep, or a request of it be on its way, and then still write an old pointer: that would bring the entity back. About 100 bytes each.
   */
  readonly tombstoneMs: number;

  /** A close waits this long for the clocks of the routers (T3); a takeover as long for the first of them (T2), ms. */
  readonly closeWaitMs: number;
  /** An append in flight longer than this stalls the shard, ms. */
  readonly stallMs: number;
  /** How often a node proves that its event loop turns, and the gap from which on it counts as an outage (T2), ms. Below what a router takes for silence. */
  readonly vigilEveryMs: number;
  readonly hangMs: number;
  /** Time between two looks at the ends of all owned shards (L7), ms. */
  readonly lookEveryMs: number;
  /** Back-off between attempts at the journal or the store, ms. */
  readonly retryMsMin: number;
  readonly retryMsMax: number;

  /** A probe without an answer has failed after this time; the second one starts this long after the first failed, ms (O2). */
  readonly probeTimeoutMs: number;
  readonly probeGapMs: number;
  /** A shard whose owner answered a probe is left alone for this long, ms. */
  readonly probeTrustMs: number;
  /** Jitter before claiming a shard again from which this node was fenced, ms (O2). */
  readonly fencedJitterMsMin: number;
  readonly fencedJitterMsMax: number;
  /** Planned moves under way at once, and how long a new ring must stand before they begin, ms (O3). */
  readonly handOffsMax: number;
  readonly rebalanceAfterMs: number;
  /** How long a planned move waits for a phase in which it costs nobody time, and how long for the node that is to take the shard, ms (O3). */
  readonly quietWaitMs: number;
  readonly takeTimeoutMs: number;
}

const KiB = 1024;
const MiB = 1024 * KiB;

export const defaultLimits: Limits = Object.freeze({
  turnBytesMax: 256 * KiB,
  batchBytesMax: 512 * KiB,
  batchRecordsMax: 4_096,
  batchOutputsMax: 16_384,
  readBytesMax: 256 * KiB,
  digestsMax: 4_096,
  mailboxMax: 16_384,
  mailboxNodeMax: 1_000_000,
  followUpsMax: 64,
  faultsMax: 3,
  sliceTurnsMax: 512,
  entityTurnsMax: 32,
  refireMs: 1_000,
  idleMs: 300_000,
  hotMax: 200_000,
  recoveriesMax: 32,
  loadsMax: 64,
  snapshotsMax: 256,
  recoveryTriesMax: 8,
  loadTriesMax: 8,
  chunkBytesMax: 350 * KiB,
  snapshotLogBytes: 32 * MiB,
  replayFromEveryMs: 10_000,
  tombstoneMs: 7 * 24 * 3_600_000,
  closeWaitMs: 2_000,
  stallMs: 2_000,
  vigilEveryMs: 100,
  hangMs: 1_000,
  lookEveryMs: 1_000,
  retryMsMin: 20,
  retryMsMax: 1_000,
  probeTimeoutMs: 450,
  probeGapMs: 100,
  probeTrustMs: 1_000,
  fencedJitterMsMin: 500,
  fencedJitterMsMax: 5_000,
  handOffsMax: 4,
  rebalanceAfterMs: 5_000,
  quietWaitMs: 3_000,
  takeTimeoutMs: 1_000,
});
