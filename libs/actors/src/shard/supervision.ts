/**
 * What happens when a behavior throws. Owns nothing but the decision: the command is given back, the state is dropped and comes
 * back from snapshot and journal before the next turn; after `faultsMax` faults in a row, or at one record, the entity stands still
 * alone. Records already gathered stay part of the log: the rebuild begins when all of them are accepted (L6).
 */
import type { Entity } from '../entity/entity.js';
import { Halt, haltOf } from '../halt.js';
import { LogReader } from '../log/log-reader.js';
import { RecordRule } from '../log/record-rule.js';
import type { AnyEnvelope } from '../opaque.js';
import type { ReplayFrom } from '../ports/snapshot-store.js';
import type { DropReason } from '../region/envelope.js';
import { giveBack } from '../region/give-back.js';
import { load } from '../snapshot/load.js';
import { Ended } from '../time/life.js';
import type { ActiveShard } from './active-shard.js';

export class Supervision {
  constructor(private readonly shard: ActiveShard) {}

  /** Puts a question to the behavior; a throw is a fault of the entity. */
  ask<T>(entity: Entity, question: () => T): T | undefined {
    try {
      return question();
    } catch (error) {
      this.fault(entity, error);
      return undefined;
    }
  }

  fault(entity: Entity, error: unknown, envelope?: AnyEnvelope): void {
    if (envelope) this.refuse(envelope, 'faulted', codeOf(error));
    if (!this.counts(entity, error)) return;
    if (entity.lastN > 0) return this.rebuild(entity);
    entity.state = this.shard.runtime.behavior.initial(entity.id); // nothing of it was ever journaled
    this.shard.entities.dropIfGone(entity);
  }

  /** Rebuilds an entity as soon as everything that it has gathered is accepted. */
  rebuild(entity: Entity): void {
    entity.phase = 'rebuilding';
    entity.state = undefined;
    this.shard.deadlines.disarm(entity.id);
    this.shard.outbox.hold({ release: () => void this.rebuildNow(entity), drop: () => undefined });
    this.shard.wake();
  }

  /** The entity alone stands still from now on. */
  quarantine(entity: Entity, error: unknown): void {
    entity.phase = 'quarantined';
    entity.state = undefined;
    entity.quarantine = codeOf(error);
    this.shard.deadlines.disarm(entity.id);
    for (const envelope of entity.mailbox.drain()) this.refuse(envelope, 'quarantined', entity.quarantine);
    this.shard.runtime.observer.faulted?.(this.shard.id, entity.id, error, true);
  }

  /** @returns false when this fault was one too many. */
  private counts(entity: Entity, error: unknown): boolean {
    entity.faults++;
    if (entity.faults >= this.shard.runtime.limits.faultsMax || haltOf(error)) {
      this.quarantine(entity, error);
      return false;
    }
    this.shard.runtime.observer.faulted?.(this.shard.id, entity.id, error, false);
    return true;
  }

  private async rebuildNow(entity: Entity): Promise<void> {
    const { shard } = this;
    for (let attempt = 0; entity.phase === 'rebuilding'; attempt++) {
      try {
        if (attempt > 0) await shard.retry.pause(attempt);
        entity.state = await shard.runtime.loads.within(() => this.replayed(entity));
        shard.life.check();
        entity.phase = 'running';
        return shard.entities.resume(entity);
      } catch (error) {
        if (error instanceof Ended) return;
        this.counts(entity, error);
      }
    }
  }

  /** Its state at `lastN`, from the store and the log. */
  private async replayed(entity: Entity, from: ReplayFrom | undefined = entity.dirtyFrom): Promise<unknown> {
    const { shard } = this;
    const { runtime } = shard;
    const { behavior } = runtime;
    // `from` was read before the pointer, as in a recovery (S3): a snapshot under way may move both.
    const loaded = await load(shard.id, entity.id, shard.roster.covered(entity.id), shard.loadPorts);
    if (!from) return loaded.state;
    const log = new LogReader(runtime.journal, shard.id, new RecordRule(from, runtime.limits.digestsMax), from.offset, runtime.limits.readBytesMax);
    for (let attempt = 0; log.rule.n < entity.lastN; attempt++) {
      const turns: { events: readonly unknown[]; epoch: number; n: number; at: number }[] = [];
      const step = await shard.retry.until(() =>
        log.step(({ record, verdict }) => {
          if (verdict !== 'accepted' || record.kind !== 'turn' || record.entityId !== entity.id || record.n <= loaded.n) return;
          const { epoch, n, at } = record;
          turns.push({ events: record.events.map((event) => behavior.decodeEvent(event, record.v)), epoch, n, at });
        }),
      );
      if (step === 'trimmed') return this.replayed(entity, await this.later(entity, from));
      await shard.retry.until(async () => behavior.prepareEvents(turns.flatMap(({ events }) => events)));
      if (step === 'end' && log.rule.n < entity.lastN) await shard.retry.pause(attempt); // a read that lags behind what was accepted
      else await shard.retry.breathe();
      for (const { events, ...meta } of turns) for (const event of events) behavior.evolve(loaded.state, event, { shard: shard.id, ...meta });
    }
    return loaded.state;
  }

  /** Where to read when the log starts above `from`: what lies below is in a snapshot, or the log has a hole. */
  private async later(entity: Entity, from: ReplayFrom): Promise<ReplayFrom> {
    const { shard } = this;
    const stored = await shard.retry.until(() => shard.runtime.snapshots.getReplayFrom(shard.id));
    if (stored && stored.offset > from.offset) return stored;
    throw new Halt('JOURNAL_GAP', `${entity.id}: the log starts above its oldest event outside a snapshot`);
  }

  /** A command comes back behind the gate too: whoever is not the owner any more says nothing of its own (L6). */
  private refuse(envelope: AnyEnvelope, reason: DropReason, hint: string): void {
    const drop = (why: DropReason, where: string): void => giveBack(this.shard.runtime.observer, this.shard.id, envelope, why, where);
    this.shard.outbox.hold({ release: () => drop(reason, hint), drop });
    this.shard.wake();
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'FAULTED';
}
