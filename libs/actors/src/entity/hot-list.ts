/**
 * S4: the entities of this node in the order in which they were last used, as a list through the entities themselves.
 * Owns that order and their number; whether one may be put away is decided elsewhere.
 */
import type { Entity } from './entity.js';

export class HotList {
  oldest: Entity | undefined;
  private newest: Entity | undefined;
  size = 0;

  add(entity: Entity, mono: number): void {
    this.size++;
    this.append(entity, mono);
  }

  /** Makes it the most recently used. */
  touch(entity: Entity, mono: number): void {
    if (this.newest === entity) {
      entity.usedAt = Math.floor(mono);
      return;
    }
    this.unlink(entity);
    this.append(entity, mono);
  }

  remove(entity: Entity): void {
    this.size--;
    this.unlink(entity);
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
