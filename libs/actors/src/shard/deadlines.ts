/**
 * Fires deadlines. Owns the ids of entities whose deadline is due but may not fire yet; the times themselves are in the roster.
 * T3: a deadline is a command behind the answers already received. T2: none fires while the shard is stalled, nor before a takeover
 * is accounted for. A passive entity is loaded first (S4).
 */
import type { Deadline } from '../behavior.js';
import type { Entity } from '../entity/entity.js';
import type { ActiveShard } from './active-shard.js';

export class Deadlines {
  private readonly due = new Set<string>();
  /** Session time at which the first of them need not wait for the routers any more, ms. */
  private waitsUntil = Infinity;

  constructor(private readonly shard: ActiveShard) {}

  /** Whether `deadline` may fire in a turn at session time `at`. */
  mayFire(deadline: Deadline, at: number): boolean {
    if (deadline.at > at || !this.shard.outages.timeRuns) return false;
    return !deadline.behindReceived || this.shard.gate.open(deadline.at); // T3 behind what was received
  }

  /** Arms the next deadline of a running entity. */
  arm(entity: Entity): void {
    const { roster, runtime } = this.shard;
    if (entity.mailbox.deadlineMarked) return;
    const deadline = runtime.behavior.nextDeadline(entity.state);
    this.due.delete(entity.id);
    roster.arm(entity.id, deadline && Math.max(deadline.at, entity.refireAt ?? 0));
  }

  disarm(id: string): void {
    this.due.delete(id);
    this.shard.roster.arm(id, null);
  }

  /** Fires what may fire now. */
  tick(): void {
    const { outages, clock, roster } = this.shard;
    if (!outages.timeRuns) return;
    const now = clock.now();
    this.waitsUntil = Infinity;
    for (let id = roster.takeDue(now); id !== undefined; id = roster.takeDue(now)) this.due.add(id);
    for (const id of this.due) {
      const entity = this.shard.entities.summon(id); // S4 a passive one is loaded, and armed again when it is there
      this.shard.supervision.ask(entity, () => this.fire(entity, now));
    }
  }

  /** Whether a due deadline waits for the clocks of the routers. */
  get waiting(): boolean {
    return this.due.size > 0;
  }

  /** Session time at which something may have to be done, ms; Infinity: none. */
  get wakeAt(): number {
    return this.shard.outages.timeRuns ? Math.min(this.shard.roster.earliest, this.waitsUntil) : Infinity;
  }

  private fire(entity: Entity, now: number): void {
    const { shard } = this;
    if (entity.phase !== 'running') {
      this.due.delete(entity.id);
      return;
    }
    const deadline = shard.runtime.behavior.nextDeadline(entity.state);
    if (!deadline || Math.max(deadline.at, entity.refireAt ?? 0) > now) this.arm(entity);
    else if (this.mayFire(deadline, now)) {
      this.due.delete(entity.id);
      entity.mailbox.markDeadline();
      shard.ready(entity);
    } else this.waitsUntil = Math.min(this.waitsUntil, shard.gate.latest(deadline.at));
  }
}
