/**
 * S1: takes snapshots of a shard's entities. Owns the count of attempts; one snapshot of an entity is under way at a time.
 * A snapshot is an output (L6): taken from the state as it is, labelled with its `n`, written when an append that was started
 * afterwards is accepted. Chunks first, then the pointer, conditionally on a newer `n`; the two latest heads are kept.
 */
import type { Entity } from '../entity/entity.js';
import type { ActiveShard } from '../shard/active-shard.js';
import { Ended } from '../time/life.js';
import { isTombstone, storedImageOf, takeImage, type Image } from './image.js';

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
    if (!image) return this.done(entity, false);
    this.shard.outbox.hold({
      release: () => void this.write(entity, image),
      drop: () => this.done(entity, false),
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
    const stamp = { n: entity.snapshotN, epoch: shard.epoch, count: ++this.taken, at: shard.turnTime() };
    return shard.supervision.ask(entity, () => takeImage(behavior, entity.id, entity.state, stamp, entity.stored, limits.chunkBytesMax));
  }

  private async write(entity: Entity, image: Image): Promise<void> {
    const { id, retry, runtime } = this.shard;
    const { snapshots } = runtime;
    let covered = false;
    try {
      await Promise.all(image.fresh.map(({ key, bytes }) => retry.until(() => snapshots.putChunk(id, entity.id, key, bytes))));
      const written = await retry.until(() => snapshots.putPointer(id, image.pointer)); // S1 pointer last
      const there = written ? image.pointer : await retry.until(() => snapshots.getPointer(id, entity.id));
      const own = there?.chunks[0]?.key === image.pointer.chunks[0]?.key;
      if (there?.n === image.pointer.n) {
        if (isTombstone(there)) await this.shard.remains.sweep(there); // S2 replayFrom does not pass what nobody has swept
        entity.stored = own ? image.stored : storedImageOf(there); // an earlier owner's pointer at the same n says the same
        this.shard.covered(entity, there.n);
        covered = true;
      }
      const unused = own ? image.obsolete : image.fresh.map(({ key }) => key);
      if (unused.length > 0) await retry.until(() => snapshots.deleteChunks(id, entity.id, unused));
    } catch (error) {
      if (!(error instanceof Ended)) runtime.observer.faulted?.(id, entity.id, error, false);
    }
    this.done(entity, covered);
  }

  private done(entity: Entity, covered: boolean): void {
    const { life, passivation, runtime } = this.shard;
    runtime.snapshotting.give();
    entity.snapshotUnderWay = false;
    entity.snapshotN = 0;
    entity.dirtyNext = undefined;
    if (life.over) return;
    if (entity.snapshotWanted) this.want(entity);
    else if (covered && entity.passivating) passivation.consider(entity);
    passivation.sweep();
  }
}
