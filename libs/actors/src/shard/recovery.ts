/**
 * S3: from an accepted claim to the state of a shard. Owns what it builds until it is handed over; writes nothing.
 * `replayFrom` is read first, then all pointers; the log is replayed up to the claim (L3); sessions that had no event since are
 * not loaded, only their deadlines are armed. Begins again when the log or a chunk was taken away meanwhile.
 */
import { Entity } from '../entity/entity.js';
import { Roster } from '../entity/roster.js';
import { Halt, haltOf } from '../halt.js';
import { LogReader, type JudgedRecord } from '../log/log-reader.js';
import type { TurnRecord } from '../log/record.js';
import { RecordRule } from '../log/record-rule.js';
import type { ReplayFrom, SnapshotPointer } from '../ports/snapshot-store.js';
import type { Runtime } from '../region/runtime.js';
import { isTombstone } from '../snapshot/image.js';
import { restore } from '../snapshot/load.js';
import type { LogMark } from '../snapshot/log-mark.js';
import type { Tombstone } from '../snapshot/remains.js';
import type { Life } from '../time/life.js';
import type { Retry } from '../time/retry.js';
import { beginning } from './claim.js';

/** All that an owner begins with. */
export interface Recovered {
  /** Stands behind the claim. */
  readonly log: LogReader;
  readonly roster: Roster;
  readonly hot: Map<string, Entity>;
  /** Session time of the last record before the claim, ms; 0: not known. */
  lastAt: number;
  /** Bytes replayed. */
  bytes: number;
  readonly replayFrom: ReplayFrom;
  /** Of entities that do not exist any more. */
  readonly tombstones: Tombstone[];
}

export interface RecoverySetting {
  readonly runtime: Runtime;
  readonly shard: number;
  /** The claim that was won. */
  readonly claim: { readonly epoch: number; readonly n: number; readonly offset: number };
  readonly life: Life;
  readonly retry: Retry;
}

/** A turn that no snapshot contains. */
interface Turn {
  readonly record: TurnRecord;
  readonly mark: LogMark;
  readonly events: readonly unknown[];
}

/** Turns of one page that wait for something to be fetched, and whose they are: an entity's turns stay in order. */
class Waiting {
  readonly turns: Turn[] = [];
  readonly entities = new Set<string>();

  add(turn: Turn): void {
    this.turns.push(turn);
    this.entities.add(turn.record.entityId);
  }
}

/** @returns 'fenced' when the store shows a later owner. @throws Halt; Ended */
export async function recover(setting: RecoverySetting): Promise<Recovered | 'fenced'> {
  const { runtime, shard, claim, retry } = setting;
  let trimmedBelow = -1;
  for (let attempt = 0; attempt < runtime.limits.recoveryTriesMax; attempt++) {
    if (attempt > 0) await retry.pause(attempt);
    const from = (await retry.until(() => runtime.snapshots.getReplayFrom(shard))) ?? beginning; // S3 replayFrom before pointers
    if (from.epoch > claim.epoch) return 'fenced'; // S3 a later owner was here
    if (from.offset <= trimmedBelow) throw new Halt('JOURNAL_GAP', `shard ${shard}: the log starts above replayFrom ${from.offset}`);
    const pointers = await retry.until(() => allPointers(setting));
    const outcome = await new Replay(setting, from, pointers).run();
    if (outcome !== 'trimmed' && outcome !== 'missing') return outcome;
    if (outcome === 'trimmed') trimmedBelow = from.offset; // S3 start again
  }
  throw new Halt('SNAPSHOT_MISSING', `shard ${shard}: a snapshot could not be read whole`);
}

async function allPointers({ runtime, shard }: RecoverySetting): Promise<Map<string, SnapshotPointer>> {
  const all = new Map<string, SnapshotPointer>();
  for await (const page of runtime.snapshots.pointers(shard)) for (const pointer of page) all.set(pointer.entityId, pointer);
  return all;
}

class Replay {
  private readonly built: Recovered;

  constructor(
    private readonly setting: RecoverySetting,
    from: ReplayFrom,
    private readonly pointers: ReadonlyMap<string, SnapshotPointer>,
  ) {
    const { runtime, shard } = setting;
    const rule = new RecordRule(from, runtime.limits.digestsMax);
    const log = new LogReader(runtime.journal, shard, rule, from.offset, runtime.limits.readBytesMax);
    this.built = { log, roster: new Roster(), hot: new Map(), lastAt: from.at ?? 0, bytes: 0, replayFrom: from, tombstones: [] };
  }

  async run(): Promise<Recovered | 'trimmed' | 'missing'> {
    const { built, pointers, setting } = this;
    for (const pointer of pointers.values()) this.enrol(pointer);
    for (;;) {
      const waiting = new Waiting();
      const page = await setting.retry.until(() => built.log.page());
      const step = built.log.judge(page, (judged) => this.visit(judged, waiting));
      if (step === 'trimmed') return 'trimmed';
      if (!(await this.load(waiting))) return 'missing'; // S3 start again
      await this.prepare(waiting);
      for (const turn of waiting.turns) this.evolve(turn);
      if (step === 'stopped') break;
      if (step === 'end') throw new Halt('JOURNAL_GAP', `shard ${setting.shard}: the accepted claim is not in the log`);
      await setting.retry.breathe();
    }
    if (built.log.rule.n !== setting.claim.n) throw new Halt('JOURNAL_GAP', `shard ${setting.shard}: replay ends at ${built.log.rule.n}, claim at ${setting.claim.n}`);
    this.forgetGone();
    return built;
  }

  /** Arms the deadline of a session that is not loaded. */
  private enrol({ entityId, n, deadline }: SnapshotPointer): void {
    this.built.roster.add(entityId);
    this.built.roster.setCovered(entityId, n);
    this.built.roster.arm(entityId, deadline);
  }

  private visit({ record, verdict, offset, bytes }: JudgedRecord, waiting: Waiting): 'stop' | void {
    const { built, setting } = this;
    if (offset >= setting.claim.offset) return 'stop'; // L3 everything up to its own claim
    built.bytes += bytes.byteLength;
    if (verdict !== 'accepted' || record.kind === 'claim') return;
    const { epoch, owner } = built.log.rule;
    const mark: LogMark = { offset, n: record.n - 1, epoch, owner, at: built.lastAt, bytes: built.bytes - bytes.byteLength };
    built.lastAt = Math.max(built.lastAt, record.at);
    if (record.kind !== 'turn') return;
    if (record.n <= built.roster.covered(record.entityId)) return; // S3 skip what the snapshot contains
    const events = record.events.map((event) => setting.runtime.behavior.decodeEvent(event, record.v));
    const turn: Turn = { record, mark, events };
    if (this.isAtHand(turn, waiting)) this.evolve(turn);
    else waiting.add(turn);
  }

  /** Nothing has to be fetched first, which is so for nearly all turns: what was read for one is garbage before the next. */
  private isAtHand({ record, events }: Turn, waiting: Waiting): boolean {
    if (waiting.entities.has(record.entityId) || !this.built.hot.has(record.entityId)) return false;
    const fetched = this.setting.runtime.behavior.prepareEvents(events);
    // It is asked for again with the page, and fails there if it does.
    fetched?.catch(() => undefined);
    return fetched === undefined;
  }

  /** Brings every entity of these turns into memory, a bounded number at a time. @returns false when a chunk is missing. */
  private async load({ entities }: Waiting): Promise<boolean> {
    const missing = [...entities].filter((id) => !this.built.hot.has(id));
    const loaded = await Promise.all(missing.map((id) => this.loadOne(id)));
    for (const entity of loaded) {
      if (!entity) return false;
      this.built.hot.set(entity.id, entity);
      this.built.roster.add(entity.id);
    }
    return true;
  }

  private async loadOne(id: string): Promise<Entity | undefined> {
    const { runtime, shard, retry } = this.setting;
    const entity = new Entity(id, shard, 'running', runtime.newMailbox());
    entity.takeoverUntil = Infinity;
    const pointer = this.pointers.get(id);
    if (!pointer) {
      entity.state = runtime.behavior.initial(id);
      return entity;
    }
    entity.lastN = pointer.n;
    try {
      const found = await runtime.loads.within(() => restore(shard, pointer, { ...runtime, retry, loadTriesMax: 1 }));
      if (!found) return undefined;
      entity.state = found.state;
      entity.stored = found.stored;
    } catch (error) {
      this.setting.life.check();
      this.fault(entity, error);
    }
    return entity;
  }

  private async prepare({ turns }: Waiting): Promise<void> {
    if (turns.length === 0) return;
    const { behavior } = this.setting.runtime;
    const events = turns.flatMap((turn) => turn.events);
    await this.setting.retry.until(async () => behavior.prepareEvents(events));
  }

  private evolve({ record, mark, events }: Turn): void {
    const { runtime, shard } = this.setting;
    const entity = this.built.hot.get(record.entityId)!;
    entity.dirtyFrom ??= mark;
    entity.lastN = record.n;
    if (entity.phase !== 'running') return;
    try {
      const meta = { shard, epoch: record.epoch, n: record.n, at: record.at };
      for (const event of events) runtime.behavior.evolve(entity.state, event, meta);
    } catch (error) {
      this.fault(entity, error);
    }
  }

  /** Its owner tries again, and quarantines it alone if that is of no use. */
  private fault(entity: Entity, error: unknown): void {
    const halt = haltOf(error);
    if (halt) throw halt;
    entity.phase = 'rebuilding';
    entity.state = undefined;
    this.setting.runtime.observer.faulted?.(this.setting.shard, entity.id, error, false);
  }

  /** Sessions that were removed for good are not kept in memory. */
  private forgetGone(): void {
    for (const pointer of this.pointers.values()) {
      if (!isTombstone(pointer)) continue;
      const { entityId, n, goneAt } = pointer;
      const livesAgain = this.built.hot.has(entityId); // its next pointer takes the place of this one, which is needed until then (S4)
      this.built.tombstones.push({ entityId, n, ...(goneAt === undefined || livesAgain ? {} : { goneAt }) });
      if (!livesAgain) this.built.roster.remove(entityId);
    }
  }
}
