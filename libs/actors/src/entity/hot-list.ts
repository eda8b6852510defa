/**
 * S4: the entities of this node in the order in which they were last used, as a list through the entities themselves.
 * Owns that order and their number; whether one may be put away is decided elsewhere.
 */
import type { Entity } from './entity.js';

export class HotList {
  oldest: Entity | undefined;
  private newest: Entity | undefined;
  size = 0;
  /** How many of them are about to leave memory. */
  leaving = 0;

  add(entity: Entity, mono: number): void {
    this.size++;
    this.append(entity, mono);
  }

  /** It is used: it becomes the most recent one, and stays. */
  touch(entity: Entity, mono: number): void {
    this.stay(entity);
    this.defer(entity, mono);
  }

  /** Puts it behind all others without a use. */
  defer(entity: Entity, mono: number): void {
    if (this.newest === entity) {
      entity.usedAt = Math.floor(mono);
      return;
    }
    this.unlink(entity);
    this.append(entity, mono);
  }

  /** It leaves as soon as it may. */
  leave(entity: Entity): void {
    if (entity.passivating) return;
    entity.passivating = true;
    this.leaving++;
  }

  remove(entity: Entity): void {
    this.stay(entity);
    this.size--;
    this.unlink(entity);
  }

  private stay(entity: Entity): void {
    if (!entity.passivating) return;
    entity.passivating = false;
    this.leaving--;
  }

  private append(entity: Entity, mono: number): void {
    entity.usedAt = Math.floor(mono);
    entity.older = this.newest;
    if (this.newest) this.newest.newer = entity;
    else this.oldest = entity;
    this.newest = entity;
  }

  private unlink(entity: Entity): void {
    if (entity.older) entity.older.newer = entity.newer;
    else this.oldest = entity.newer;
    if (entity.newer) entity.newer.older = entity.older;
    else this.newest = entity.older;
    entity.older = undefined;
    entity.newer = undefined;
  }
}
