/**
 * The journal as an outsider reads it: its own decoder and its own words for the record rule. I3: what counts forms one dense sequence, an epoch has one
 * writer, and nothing in the log is a gap or a conflict, because no promise was broken in the simulated world.
 */
import type { AcceptedTurn, RawEvent } from '../../checker/turn.js';
import type { LandedRecord } from '../world/sim-journal.js';
import type { Sometimes } from '../world/sometimes.js';
import type { Violation } from '../cluster/observed.js';

interface RawRecord {
  readonly kind: string;
  readonly epoch: number;
  readonly n?: number;
  readonly at?: number;
  readonly owner?: string;
  readonly entityId?: string;
  readonly events?: readonly RawEvent[];
}

export interface AcceptedClaim {
  readonly epoch: number;
  readonly owner: string;
  readonly landedAt: number;
}

export interface ReadLog {
  readonly shard: number;
  readonly turns: readonly AcceptedTurn[];
  readonly claims: readonly AcceptedClaim[];
  readonly releases: readonly { readonly epoch: number; readonly landedAt: number }[];
  readonly violations: readonly Violation[];
}

export function readLog(shard: number, records: readonly LandedRecord[], sometimes: Sometimes): ReadLog {
  const turns: AcceptedTurn[] = [];
  const claims: AcceptedClaim[] = [];
  const releases: { epoch: number; landedAt: number }[] = [];
  const violations: Violation[] = [];
  const texts = new Map<number, string>();
  let epoch = 0;
  let n = 0;
  let lastAt = 0;
  let owner = '';
  const wrong = (offset: number, about: string): void => void violations.push({ invariant: 'I3', about: `shard ${shard}, offset ${offset}: ${about}` });
  records.forEach(({ bytes, by, landedAt }, offset) => {
    const text = Buffer.from(bytes).toString('utf8');
    const record = JSON.parse(text) as RawRecord;
    if (record.kind === 'claim') {
      if (record.epoch <= epoch) return sometimes.note('stale claim skipped');
      if (record.owner !== by) wrong(offset, `${by} claims for ${record.owner}`);
      epoch = record.epoch;
      owner = record.owner ?? '';
      claims.push({ epoch, owner, landedAt });
      return;
    }
    const number = record.n ?? -1;
    if (record.epoch < epoch) return sometimes.note('stale record skipped');
    if (record.epoch > epoch) return wrong(offset, `a record of epoch ${record.epoch}, which nobody has claimed`);
    if (number <= n) {
      sometimes.note('duplicate record skipped');
      if (texts.get(number) !== undefined && texts.get(number) !== `${record.epoch} ${text}`) wrong(offset, `other bytes as record ${number} of epoch ${epoch}`);
      return;
    }
    if (number > n + 1) return wrong(offset, `record ${number} after ${n}`);
    if (by !== owner) wrong(offset, `${by} writes in epoch ${epoch} of ${owner}`);
    if ((record.at ?? 0) < lastAt) wrong(offset, `session time falls from ${lastAt} to ${record.at}`);
    n = number;
    lastAt = record.at ?? lastAt;
    texts.set(n, `${epoch} ${text}`);
    if (record.kind === 'released') releases.push({ epoch, landedAt });
    if (record.kind === 'fence') sometimes.note('fence written');
    if (record.kind === 'turn') turns.push({ epoch, n, at: record.at ?? 0, sessionId: record.entityId ?? '', events: record.events ?? [], landedAt, offset });
  });
  return { shard, turns, claims, releases, violations };
}
