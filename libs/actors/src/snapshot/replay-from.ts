/**
 * S2: from where a replay of this shard would start. Owns the place behind the owner's last accepted record, and the one
 * write of `replayFrom` that is under way; each entity in memory bears the mark of its oldest event outside a snapshot.
 * S5: trims only below a `replayFrom` that the store has, and only where `mayTrim` allows it.
 */
import type { Entity } from '../entity/entity.js';
import type { Numbered } from '../log/appender.js';
import type { ReplayFrom } from '../ports/snapshot-store.js';
import type { ActiveShard } from '../shard/active-shard.js';
import { Ended } from '../time/life.js';
import type { LogMark } from './log-mark.js';

export class ReplayFromKeeper {
  private writing = false;
  private writeAfter = -Infinity;
  /** Log bytes at which old events are looked for again. */
  private lookAtBytes = 0;

  constructor(
    private readonly shard: ActiveShard,
    /** As the store has it. */
    private stored: ReplayFrom,
    /** Behind the owner's last accepted record: its claim, at first. */
    private own: LogMark,
  ) {}

  get offsets(): { readonly end: number; readonly replayFrom: number } {
    return { end: this.own.offset, replayFrom: this.stored.offset };
  }

  /** A batch of this owner was accepted. Its entities share one mark, before the whole batch: lower is as good. */
  accepted(records: readonly Numbered[], offsets: readonly number[]): void {
    const before: LogMark = this.own;
    let bytes = before.bytes;
    for (const { record, bytes: own, entityId } of records) {
      bytes += own.byteLength;
      const entity = this.shard.hot.get(entityId);
      if (!entity) continue;
      entity.dirtyFrom ??= before;
      if (entity.snapshotN > 0 && record.n > entity.snapshotN) entity.dirtyNext ??= before;
    }
    const last = records.at(-1)?.record;
    if (last) this.own = { ...before, offset: offsets.at(-1)! + 1, n: last.n, at: last.at, bytes };
  }

  /** The store has a snapshot of everything up to the one that was under way. */
  covered(entity: Entity): void {
    entity.dirtyFrom = entity.dirtyNext;
    entity.dirtyNext = undefined;
  }

  /** Entities whose oldest event outside a snapshot lies more than `snapshotLogBytes` back (S1). */
  overdue(): Entity[] {
    const { snapshotLogBytes } = this.shard.runtime.limits;
    if (this.own.bytes < this.lookAtBytes) return [];
    this.lookAtBytes = this.own.bytes + snapshotLogBytes / 16;
    return [...this.shard.hot.values()].filter(({ dirtyFrom, snapshotUnderWay }) => !snapshotUnderWay && dirtyFrom && this.own.bytes - dirtyFrom.bytes > snapshotLogBytes);
  }

  /** Writes `replayFrom` if it has moved and the last write is long enough ago; then trims. */
  tick(): void {
    const mono = this.shard.runtime.clock.mono();
    if (this.writing || mono < this.writeAfter || !this.shard.remains.settled) return;
    const next = this.next();
    if (next.offset <= this.stored.offset) return; // S2 monotone
    this.writing = true;
    this.writeAfter = mono + this.shard.runtime.limits.replayFromEveryMs;
    void this.write(next);
  }

  private next(): ReplayFrom {
    let from = this.own; // S2 behind the owner's last accepted record, where nothing is dirty
    for (const { dirtyFrom } of this.shard.hot.values()) if (dirtyFrom && dirtyFrom.offset < from.offset) from = dirtyFrom; // S2 below every event outside a snapshot
    const { offset, n, epoch, owner, at } = from;
    return { offset, n, epoch, owner, ...(at === undefined ? {} : { at }) };
  }

  private async write(from: ReplayFrom): Promise<void> {
    const { runtime, id, retry } = this.shard;
    try {
      const written = await retry.until(() => runtime.snapshots.putReplayFrom(id, from));
      this.stored = from;
      const below = this.stored.offset; // S5 trim only below a stored replayFrom
      if (written && (await runtime.mayTrim(id, below))) await retry.until(() => runtime.journal.trim(id, below));
    } catch (error) {
      if (!(error instanceof Ended)) runtime.observer.faulted?.(id, '', error, false);
    } finally {
      this.writing = false;
    }
  }
}
