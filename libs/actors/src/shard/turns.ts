/**
 * Runs an entity's work, one piece after another: an outage before everything else (T2), then its mailbox. Owns nothing; commits
 * each turn to the outbox (L6), so that its events, its reply and its outputs leave together or not at all.
 */
import type { Deadline, Outage, TurnMeta } from '../behavior.js';
import type { Entity } from '../entity/entity.js';
import { DEADLINE, type Work } from '../entity/mailbox.js';
import { takeTurn, type TurnResult } from '../entity/turn.js';
import { encodeTurn } from '../log/record.js';
import type { AnyEnvelope, AnyObserver } from '../opaque.js';
import type { DropReason } from '../region/envelope.js';
import { giveBack } from '../region/give-back.js';
import type { ActiveShard } from './active-shard.js';
import type { Held } from './outbox.js';

/** A turn whose record is above `turnBytesMax`. */
export class TurnTooLargeError extends Error {
  readonly code = 'TURN_TOO_LARGE';
}

export class Turns {
  constructor(private readonly shard: ActiveShard) {}

  /** Takes turns of `entity` until it has nothing to do, must wait, or has had `max`. @returns how many. */
  run(entity: Entity, max: number): number {
    for (let taken = 0; taken < max; taken++) {
      if (entity.phase !== 'running' || this.shard.outbox.full) return taken;
      if (entity.takeoverUntil !== undefined && !this.shard.supervision.ask(entity, () => this.shard.outages.admits(entity))) return taken;
      const work = entity.outage ?? entity.mailbox.next(); // T2 an outage before anything else
      if (work === undefined) return taken;
      this.turn(entity, work);
    }
    return max;
  }

  private turn(entity: Entity, work: Work | Outage): void {
    const { shard } = this;
    const envelope = work !== DEADLINE && 'command' in work ? work : undefined;
    try {
      const at = shard.turnTime();
      const command = envelope ? envelope.command : work === DEADLINE ? this.deadlineCommand(entity, at) : this.outageCommand(entity);
      if (command !== null) this.execute(entity, command, at, envelope);
    } catch (error) {
      return shard.supervision.fault(entity, error, envelope);
    }
    try {
      shard.entities.settle(entity);
      entity.faults = 0;
    } catch (error) {
      shard.supervision.fault(entity, error);
    }
  }

  /** @returns null when it is not due, or not any more. */
  private deadlineCommand(entity: Entity, at: number): unknown {
    const { behavior, limits } = this.shard.runtime;
    const deadline = behavior.nextDeadline(entity.state);
    if (!deadline || !this.shard.deadlines.mayFire(deadline, at)) return null; // T3 it may have moved since
    entity.refireAt = at + limits.refireMs;
    return behavior.deadlineCommand(entity.state);
  }

  private outageCommand(entity: Entity): unknown {
    const { outage } = entity;
    entity.outage = undefined;
    return outage ? this.shard.runtime.behavior.outageCommand(entity.state, outage) : null;
  }

  private execute(entity: Entity, command: unknown, at: number, envelope: AnyEnvelope | undefined): void {
    const { shard } = this;
    const result = takeTurn(shard.runtime.behavior, entity.state, command, {
      shard: shard.id,
      epoch: shard.epoch,
      lastN: shard.outbox.lastN,
      at,
      followUpsMax: shard.runtime.limits.followUpsMax,
      frozen: this.frozen(entity),
    });
    if (result !== 'stash') this.commit(entity, result, envelope);
    else if (envelope) entity.mailbox.stash(envelope); // T4 judged again later
  }

  private frozen(entity: Entity): Deadline | null {
    return this.shard.outages.stalled ? this.shard.runtime.behavior.nextDeadline(entity.state) : null;
  }

  private commit(entity: Entity, result: TurnResult, envelope: AnyEnvelope | undefined): void {
    const { shard } = this;
    const output = new TurnOutput(shard.runtime.observer, entity, result, envelope);
    if (result.events.length === 0) {
      shard.outbox.hold(output);
      return;
    }
    const { behavior, limits } = shard.runtime;
    const { epoch, n, at } = result.meta;
    const events = JSON.stringify(result.events.map((event) => behavior.encodeEvent(event)));
    const bytes = encodeTurn(epoch, n, at, entity.id, behavior.eventVersion, events);
    if (bytes.byteLength > limits.turnBytesMax) throw new TurnTooLargeError(`a turn of ${bytes.byteLength} bytes is above ${limits.turnBytesMax}`);
    shard.outbox.put({ record: { kind: 'turn', epoch, n, at }, bytes, entityId: entity.id }, output);
    entity.lastN = n;
    entity.takeoverUntil = undefined;
    entity.refireAt = undefined;
    if (result.unstashes) entity.mailbox.unstash();
    if (result.snapshot) entity.snapshotWanted = true;
  }
}

/** What a turn says: first its reply, then its outputs. */
class TurnOutput implements Held {
  private readonly reply: unknown;
  private readonly outputs: readonly unknown[];
  private readonly meta: TurnMeta;

  constructor(
    private readonly observer: AnyObserver,
    private readonly entity: Entity,
    result: TurnResult,
    private readonly envelope: AnyEnvelope | undefined,
  ) {
    this.reply = result.reply;
    this.outputs = result.outputs;
    this.meta = result.meta;
  }

  release(): void {
    this.guard(() => this.envelope?.replied(this.reply, this.meta));
    if (this.outputs.length > 0) this.guard(() => this.observer.released(this.entity.id, this.outputs, this.meta));
  }

  drop(reason: DropReason, hint: string): void {
    if (this.envelope) giveBack(this.observer, this.meta.shard, this.envelope, reason, hint);
  }

  /** Who listens may fail; what is accepted stays accepted. */
  private guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.observer.faulted?.(this.meta.shard, this.entity.id, error, false);
    }
  }
}
