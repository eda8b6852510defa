/**
 * S1: takes snapshots of a shard's entities. Owns the count of attempts; one snapshot of an entity is under way at a time.
 * A snapshot is an output (L6): taken from the state as it is, labelled with its `n`, written when an append that was started
 * afterwards is accepted. Chunks first, then the pointer, conditionally on a newer `n`; the two latest heads are kept.
 */
import type { Entity } from '../entity/entity.js';
import type { ActiveShard } from '../shard/active-shard.js';
import type { SnapshotPointer } from '../ports/snapshot-store.js';
import { Ended } from '../time/life.js';
import { takeImage, type Image } from './image.js';

export class Snapshots {
  private taken = 0;

  constructor(private readonly shard: ActiveShard) {}

  /** Takes a snapshot as soon as this node may; what is asked for meanwhile is answered by one more. */
  want(entity: Entity): void {
    entity.snapshotWanted = true;
    if (!entity.snapshotUnderWay) void this.take(entity);
  }

  private async take(entity: Entity): Promise<void> {
    entity.snapshotUnderWay = true;
    await this.shard.runtime.snapshotting.take();
    const image = this.shard.life.over ? undefined : this.imageOf(entity);
    if (!image) return this.done(entity);
    this.shard.outbox.hold({
      release: () => void this.write(entity, image).then(() => this.done(entity)),
      drop: () => this.done(entity),
    }); // S1 a snapshot waits at the gate (L6)
    this.shard.wake();
  }

  /** @returns undefined when there is nothing new, or the entity cannot be read now. */
  private imageOf(entity: Entity): Image | undefined {
    const { shard } = this;
    const { behavior, limits } = shard.runtime;
    entity.snapshotWanted = false;
    if (entity.phase !== 'running' || entity.lastN <= shard.roster.covered(entity.id)) return undefined;
    entity.snapshotN = entity.lastN;
    const stamp = { n: entity.snapshotN, epoch: shard.epoch, count: ++this.taken };
    return shard.supervision.ask(entity, () => takeImage(behavior, entity.id, entity.state, stamp, entity.stored, limits.chunkBytesMax));
  }

  private async write(entity: Entity, { pointer, fresh, stored, obsolete }: Image): Promise<void> {
    const { shard } = this;
    const { snapshots } = shard.runtime;
    try {
      await Promise.all(fresh.map(({ key, bytes }) => shard.retry.until(() => snapshots.putChunk(shard.id, entity.id, key, bytes))));
      const written = await shard.retry.until(() => snapshots.putPointer(shard.id, pointer)); // S1 pointer last
      if (!written && !(await this.stands(pointer))) return;
      entity.stored = stored;
      shard.covered(entity, pointer.n);
      if (obsolete.length > 0) await shard.retry.until(() => snapshots.deleteChunks(shard.id, entity.id, obsolete));
    } catch (error) {
      if (!(error instanceof Ended)) shard.runtime.observer.faulted?.(shard.id, entity.id, error, false);
    }
  }

  /** After a refused write: whether the pointer there is this very one, whose first answer was lost. */
  private async stands(pointer: SnapshotPointer): Promise<boolean> {
    const { runtime, id, retry } = this.shard;
    const there = await retry.until(() => runtime.snapshots.getPointer(id, pointer.entityId));
    return there?.n === pointer.n && there.chunks[0]?.key === pointer.chunks[0]?.key;
  }

  private done(entity: Entity): void {
    this.shard.runtime.snapshotting.give();
    entity.snapshotUnderWay = false;
    entity.snapshotN = 0;
    entity.dirtyNext = undefined;
    if (this.shard.life.over) return;
    if (entity.snapshotWanted) this.want(entity);
    else if (entity.passivating) this.shard.passivation.consider(entity);
    this.shard.passivation.sweep();
  }
}
