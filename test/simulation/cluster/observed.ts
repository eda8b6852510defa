/** What only the simulation can know: whose clock said what, when processes stood still, and what the nodes complained about. Evidence for the checker. */

export interface OwnedNote {
  readonly at: number;
  readonly node: string;
  readonly shard: number;
  readonly epoch: number;
  /** Session time = world time + this. */
  readonly sessionOffset: number;
}

/** An owner has moved its clock on. */
export interface RaisedNote {
  readonly at: number;
  readonly shard: number;
  readonly epoch: number;
  /** Session time − world time before it. */
  readonly sessionOffset: number;
  /** By so many ms. */
  readonly by: number;
}

/** A node does not own a shard any more, or has dropped its state. */
export interface LostNote {
  readonly at: number;
  readonly owner: string;
  readonly shard: number;
}

export interface DownNote {
  readonly node: string;
  readonly from: number;
  /** Infinity for one who died: a process that starts later under its name is another. */
  to: number;
  readonly died: boolean;
}

/** A path between router and node that brought nothing, at least in one direction. */
export interface CutNote {
  readonly node: string;
  readonly from: number;
  readonly to: number;
}

export interface Violation {
  readonly invariant: string;
  readonly about: string;
}

export class Observed {
  readonly ownerships: OwnedNote[] = [];
  readonly raises: RaisedNote[] = [];
  readonly losses: LostNote[] = [];
  /** Pauses and deaths of nodes and routers, in world time. */
  readonly downs: DownNote[] = [];
  readonly cuts: CutNote[] = [];
  readonly complaints: Violation[] = [];

  owned(note: OwnedNote): void {
    this.ownerships.push(note);
  }

  raised(note: RaisedNote): void {
    this.raises.push(note);
  }

  lost(note: LostNote): void {
    this.losses.push(note);
  }

  down(node: string, from: number, died: boolean): void {
    this.downs.push({ node, from, to: Infinity, died });
  }

  up(node: string, to: number): void {
    for (const down of this.downs) if (down.node === node && !down.died) down.to = Math.min(down.to, to);
  }

  complaint(invariant: string, about: string): void {
    this.complaints.push({ invariant, about });
  }
}
