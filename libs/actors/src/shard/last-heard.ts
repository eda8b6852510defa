/**
 * T2: when the routers last heard of the owners of a shard, by epoch. An outage of an entity begins with the silence of the owner that wrote its last event:
 * what was heard of an earlier or a later owner says nothing about it, since a later one has given it nothing yet.
 */

/** Owners that follow each other without an event of some entity are few; older reports are of no use. */
const EPOCHS_MAX = 16;

export class LastHeard {
  private readonly seenAt = new Map<number, number>();

  /** `seenAt`: session time, ms. The latest of all routers counts. */
  report(epoch: number, seenAt: number): void {
    this.seenAt.set(epoch, Math.max(seenAt, this.at(epoch)));
    if (this.seenAt.size > EPOCHS_MAX) this.seenAt.delete(Math.min(...this.seenAt.keys()));
  }

  /** Session time at which the owner of `epoch` was last heard, ms; 0: no router has told. */
  at(epoch: number): number {
    return this.seenAt.get(epoch) ?? 0;
  }
}
