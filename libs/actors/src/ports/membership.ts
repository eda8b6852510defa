/** Who is alive and where: a hint, never an authority. Losing it changes nothing for those already known. */
export interface Membership {
  view(): MembershipView;
  /** @returns a function that ends the subscription. */
  onChange(listener: (view: MembershipView) => void): () => void;
}

export interface MembershipView {
  readonly version: number;
  /** Sorted by name. */
  readonly nodes: readonly Member[];
  /** Names of the routers whose clocks a close waits for (T3). Sorted. */
  readonly routers: readonly string[];
}

export interface Member {
  readonly name: string;
  /** Tells two processes of one name apart. */
  readonly boot: string;
  /** `host:port` of the node's HTTP and link server. */
  readonly address: string;
}

/** A membership of which this process can be a part. Nobody is a member who has not joined. */
export interface JoinableMembership extends Membership {
  /**
   * Makes this process known, once it can be reached at its address. Resolves when it is in its own view, which may take as long
   * as whoever keeps the membership is away; the view is empty until it was heard for the first time.
   * Rejects when this process leaves or closes before that, or can never be a member.
   */
  join(self: Joining): Promise<void>;
  /** `host:port` of a node, also of one that has left and may still be handing over; undefined for an unknown name. */
  addressOf(node: string): string | undefined;
  /** Takes this process out of everybody's view at once, as far as they can be told; its own view goes on. Never rejects. */
  leave(): Promise<void>;
  /** How well it hears, for those who look after the cluster. Absent where there is nothing to hear. */
  status?(): MembershipStatus;
  /** Ends connections and timers. The last view stands. Who has not left is missed by the others after a while. */
  close(): Promise<void>;
}

export interface MembershipStatus {
  /** Nothing was heard for as long as it takes to miss somebody, or ever: the view may be old. */
  readonly stale: boolean;
  /** Since it was last heard, ms; undefined: never. */
  readonly ageMs: number | undefined;
  /** Of the view's nodes: the same for all who agree. */
  readonly ringHash: string;
  /** Names of live members that last said another hash. For a moment after each change that is as it should be. */
  readonly disagreeing: readonly string[];
  /** Boot id of a later process of the same name, which is the member in place of this one. */
  readonly replacedBy: string | undefined;
  /** Beats that were answered, and that were not, since the start. */
  readonly beats: number;
  readonly failures: number;
}

export interface Joining extends Member {
  readonly kind: MemberKind;
}

export type MemberKind = 'node' | 'router';

/** What one node asks of another. Both reject when it does not answer. */
export interface Peers {
  /** O2: whether it owns the shard at `epoch`, or its claim is under way. */
  probe(node: string, shard: number, epoch: number): Promise<ProbeAnswer>;
  /** O3: has it read the shard's log while that has an owner, and claim it when it has none; it then keeps the shard, whatever the ring says. */
  take(node: string, shard: number): Promise<void>;
  /** What it says of the shards that it has to do with, for those who look after the cluster. */
  shards(node: string): Promise<readonly ShardReport[]>;
}

/** One node's word on a shard: a hint, as everything that is not in the log. */
export interface ShardReport {
  readonly shard: number;
  readonly state: 'active' | 'claiming' | 'halted';
  /** Why it is halted. */
  readonly halt?: string;
  /** The following of an active one only. Numbers of the present epoch and of the last accepted record. */
  readonly epoch?: number;
  readonly n?: number;
  /** Offset behind the owner's last accepted record, and the one from which a successor would replay (S2); their difference is what it would have to read. */
  readonly end?: number;
  readonly replayFrom?: number;
  /** Entities in memory, and all that are known. */
  readonly hot?: number;
  readonly entities?: number;
}

/** owns: active at that epoch or a higher one; claiming: its claim is under way; no: neither. */
export type ProbeAnswer = 'owns' | 'claiming' | 'no';
