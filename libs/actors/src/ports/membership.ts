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

/** What one node asks of another. Both reject when it does not answer. */
export interface Peers {
  /** O2: whether it owns the shard at `epoch`, or its claim is under way. */
  probe(node: string, shard: number, epoch: number): Promise<ProbeAnswer>;
  /** O3: has it read the shard's log while that has an owner, and claim it when it has none; it then keeps the shard, whatever the ring says. */
  take(node: string, shard: number): Promise<void>;
}

/** owns: active at that epoch or a higher one; claiming: its claim is under way; no: neither. */
export type ProbeAnswer = 'owns' | 'claiming' | 'no';
