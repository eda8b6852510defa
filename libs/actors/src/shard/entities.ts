/**
 * The entities of an active shard: who is in memory, who comes in and who leaves. Owns their phases between `loading` and `gone`;
 * faults are the supervision's, turns the shard's. S4: two forms of an entity, no third: in memory, or its snapshot with a place in
 * the roster.
 */
import { Entity } from '../entity/entity.js';
import { load } from '../snapshot/load.js';
import { Ended } from '../time/life.js';
import type { ActiveShard } from './active-shard.js';

export class Entities {
  constructor(private readonly shard: ActiveShard) {}

  /** Takes over what a recovery has brought into memory. */
  adopt(): void {
    const { hot, runtime, supervision } = this.shard;
    for (const entity of hot.values()) {
      runtime.hotList.add(entity, runtime.clock.mono());
      if (entity.phase === 'rebuilding') supervision.rebuild(entity);
      else this.resume(entity);
    }
  }

  /** The entity in memory; one that is passive begins to load. */
  summon(id: string): Entity {
    const { hot, runtime, roster } = this.shard;
    const known = hot.get(id);
    if (known) return known;
    const entity = new Entity(id, this.shard.id, 'running', runtime.newMailbox());
    hot.set(id, entity);
    runtime.hotList.add(entity, runtime.clock.mono());
    if (roster.has(id)) void this.load(entity);
    else entity.state = runtime.behavior.initial(id);
    return entity;
  }

  /** It is used: it stays in memory for a while. */
  use(entity: Entity): void {
    this.shard.runtime.hotList.touch(entity, this.shard.runtime.clock.mono());
  }

  /** Somebody has become absent or present: what it waits for is looked at again. */
  touch(id: string): void {
    const entity = this.shard.hot.get(id);
    if (entity?.phase !== 'running') return;
    this.use(entity);
    entity.refireAt = undefined;
    this.shard.supervision.ask(entity, () => this.shard.deadlines.arm(entity));
    this.shard.tick();
  }

  /** A recovered, loaded or rebuilt entity goes on. */
  resume(entity: Entity): void {
    const { behavior } = this.shard.runtime;
    this.shard.supervision.ask(entity, () => {
      if (behavior.exists(entity.state)) this.shard.deadlines.arm(entity);
      else this.dropIfGone(entity);
    });
    if (entity.phase === 'gone') return;
    this.shard.ready(entity);
    this.shard.tick();
  }

  /** After a turn that went well: what it now waits for. */
  settle(entity: Entity): void {
    const { shard } = this;
    if (entity.lastN > 0) shard.roster.add(entity.id);
    if (entity.snapshotWanted) shard.snapshots.want(entity);
    if (shard.runtime.behavior.exists(entity.state)) shard.deadlines.arm(entity);
    else this.dropIfGone(entity);
  }

  /** Forgets an entity of which nothing was ever journaled; one that was leaves a pointer without a state first. */
  dropIfGone(entity: Entity): void {
    if (entity.lastN > 0) {
      this.shard.deadlines.disarm(entity.id);
      this.shard.passivation.consider(entity);
    } else if (entity.mailbox.size === 0) this.leave(entity);
  }

  /** S4: leaves memory; the roster keeps what is needed to bring it back. */
  passivate(entity: Entity): void {
    if (!this.shard.runtime.behavior.exists(entity.state)) this.shard.roster.remove(entity.id);
    this.leave(entity);
  }

  private async load(entity: Entity): Promise<void> {
    const { shard } = this;
    const { runtime, roster } = shard;
    entity.phase = 'loading';
    try {
      const loaded = await runtime.loads.within(() => load(shard.id, entity.id, roster.covered(entity.id), shard.loadPorts));
      shard.life.check();
      entity.state = loaded.state;
      entity.lastN = loaded.n;
      entity.stored = loaded.stored;
      if (loaded.n <= shard.recoveredN) entity.takeoverUntil = shard.outages.takeoverUntil;
      entity.phase = 'running';
      if (entity.takeoverUntil === undefined) shard.supervision.ask(entity, () => shard.outages.loaded(entity));
      this.resume(entity);
    } catch (error) {
      if (!(error instanceof Ended)) shard.supervision.quarantine(entity, error);
    }
  }

  private leave(entity: Entity): void {
    entity.phase = 'gone';
    this.shard.hot.delete(entity.id);
    this.shard.runtime.hotList.remove(entity);
  }
}
