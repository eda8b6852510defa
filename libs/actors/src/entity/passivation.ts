/**
 * S4: which entities leave memory, and when. Decides for the whole node, from the order in which entities were last used; owns
 * nothing. An entity goes only when its last event is accepted and its stored pointer covers it; until then a snapshot is asked for.
 */
import type { Runtime } from '../region/runtime.js';
import type { ActiveShard } from '../shard/active-shard.js';
import type { Entity } from './entity.js';

/** Entities looked at in one sweep, so that the event loop is not held up. */
const SWEEP_MAX = 1_000;

export class Passivation {
  constructor(
    private readonly runtime: Pick<Runtime, 'clock' | 'limits' | 'hotList' | 'snapshotting'>,
    private readonly ownerOf: (entity: Entity) => ActiveShard | undefined,
  ) {}

  /** Puts away what has been idle for `idleMs`, and the least recently used of what is above `hotMax`. */
  sweep(): void {
    const { clock, limits, hotList, snapshotting } = this.runtime;
    const mono = clock.mono();
    for (let looked = 0; looked < SWEEP_MAX && snapshotting.free; looked++) {
      const entity = hotList.oldest;
      if (!entity || (entity.usedAt + limits.idleMs > mono && hotList.size - hotList.leaving <= limits.hotMax)) return;
      hotList.defer(entity, mono); // whoever must stay is looked at again after all others
      this.consider(entity);
    }
  }

  /** Puts `entity` away if it may go, or sees to the snapshot that it lacks. */
  consider(entity: Entity): void {
    const shard = this.ownerOf(entity);
    if (!shard || entity.phase !== 'running' || entity.mailbox.size > 0 || entity.mailbox.deadlineMarked || entity.outage) return;
    if (!shard.supervision.ask(entity, () => mayGo(shard, entity))) return;
    if (shard.roster.covered(entity.id) < entity.lastN) {
      this.runtime.hotList.leave(entity);
      if (!entity.snapshotUnderWay) shard.snapshots.want(entity); // S4 the pointer must cover it
    } else if (entity.lastN <= shard.outbox.acceptedN && !entity.snapshotUnderWay) shard.entities.passivate(entity); // S4 its last event is accepted
  }
}

function mayGo({ runtime }: ActiveShard, { state }: Entity): boolean {
  return !runtime.behavior.exists(state) || runtime.behavior.mayPassivate(state);
}
