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

/** Asks another node about a shard (O2). Rejects when it does not answer. */
export interface Peers {
  probe(node: string, shard: number, epoch: number): Promise<ProbeAnswer>;
}

/** owns: active at that epoch or a higher one; claiming: its claim is under way; no: neither. */
export type ProbeAnswer = 'owns' | 'claiming' | 'no';
