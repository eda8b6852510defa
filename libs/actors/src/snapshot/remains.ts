/**
 * What the store keeps of entities that do not exist any more. Owns the tombstones that a recovery has found, until they are seen to; keeps nothing in memory of
 * those that it leaves. An entity's end goes in this order, and whoever dies on the way leaves the rest to the next owner:
 *   1. its tombstone is written: a pointer without chunks, behind the gate like every snapshot (L6, S1);
 *   2. its chunks are removed, also those that no pointer names any more;
 *   3. replayFrom passes its last event (S2): below replayFrom every tombstone is swept, above it nobody knows;
 *   4. after `tombstoneMs` an owner that has found it below the replayFrom that it read (S3) removes chunks once more, and then the tombstone.
 * Until 4 the tombstone refuses the pointer of an owner that was replaced long ago and still has a write under way. It goes only where it lies below replayFrom,
 * for a replay from there would meet the entity's last events without its first. And it goes only behind the gate: a claim that comes after that reads a
 * replayFrom that is no lower (S2).
 */
import type { ActiveShard } from '../shard/active-shard.js';
import { Ended } from '../time/life.js';
import { numberIn } from './image.js';

export interface Tombstone {
  readonly entityId: string;
  readonly n: number;
  /** Session time, ms. */
  readonly goneAt?: number;
}

export class Remains {
  /** Tombstones above the replayFrom of the recovery that are not known to be swept. */
  private unswept: Tombstone[];
  private below: Tombstone[];

  constructor(
    private readonly shard: ActiveShard,
    tombstones: readonly Tombstone[],
    /** The last record below the replayFrom from which the recovery has replayed. */
    replayN: number,
  ) {
    this.unswept = tombstones.filter(({ n }) => n > replayN);
    this.below = tombstones.filter(({ n }) => n <= replayN); // S3 only what no replay meets again
  }

  /** Whether replayFrom may be moved (S2). */
  get settled(): boolean {
    return this.unswept.length === 0;
  }

  /** Sees to what was found, as soon as others have nothing to say any more. */
  start(): void {
    if (this.unswept.length === 0 && this.below.length === 0) return;
    this.shard.outbox.hold({ release: () => void this.clear(), drop: () => undefined }); // L6 who was replaced removes nothing
    this.shard.wake();
  }

  /** Removes the chunks of what ended with record `n`. Those of a later life of the same id have a higher number. @throws Halt; Ended */
  async sweep({ entityId, n }: Tombstone): Promise<void> {
    const { id, retry, runtime } = this.shard;
    const keys = await retry.until(() => runtime.snapshots.chunkKeys(id, entityId));
    const dead = keys.filter((key) => numberIn(key) <= n);
    if (dead.length > 0) await retry.until(() => runtime.snapshots.deleteChunks(id, entityId, dead));
  }

  /** One at a time in a shard, and on the node no more than there may be snapshots under way. */
  private async clear(): Promise<void> {
    const { clock, id, retry, runtime } = this.shard;
    const { limits, observer, snapshots, snapshotting } = runtime;
    try {
      for (let next = this.unswept[0]; next !== undefined; next = this.unswept[0]) {
        const tombstone = next;
        await snapshotting.within(() => this.sweep(tombstone));
        this.unswept.shift();
      }
      const old = this.below.filter(({ goneAt = Infinity }) => goneAt + limits.tombstoneMs <= clock.now());
      this.below = [];
      for (const tombstone of old) {
        await snapshotting.within(async () => {
          await this.sweep(tombstone);
          await retry.until(() => snapshots.deletePointer(id, tombstone.entityId, tombstone.n)); // last: until then another owner finds what is left
        });
      }
    } catch (error) {
      if (!(error instanceof Ended)) observer.faulted?.(id, '', error, false);
    }
  }
}
