/**
 * What one entity did, read from its shard's log by somebody who does not own the shard: archives, exports, checks. Owns nothing and writes nothing.
 * L2: the record rule judges here as everywhere. It is set going at the entity's first record, which is accepted wherever the entity exists: an entity's id is
 * drawn for one creation, and what lies in the log twice or too late has landed once before.
 */
import { defaultLimits } from '../limits.js';
import type { Journal } from '../ports/journal.js';
import { JournalError } from '../ports/journal.js';
import { LogReader } from './log-reader.js';
import { decodeRecord, type TurnRecord } from './record.js';
import { RecordRule } from './record-rule.js';

export interface TurnsOf {
  readonly shard: number;
  readonly entityId: string;
  /** Nothing of the entity lies before this offset. */
  readonly from: number;
  /** The last record number to look at; it is known to be accepted. */
  readonly through: number;
}

/** The beginning is not in the log any more. */
export class TrimmedError extends Error {
  constructor({ entityId, from }: TurnsOf, start: number) {
    super(`the log of ${entityId} begins at ${from}, and is kept from ${start} on`);
    this.name = 'TrimmedError';
  }
}

/**
 * The accepted turns of one entity, in order, a page of the log at a time.
 * @throws TrimmedError; Halt where the log breaks the rule; JournalError when it cannot be read
 */
export async function* entityTurns(journal: Journal, wanted: TurnsOf, readBytesMax: number = defaultLimits.readBytesMax): AsyncGenerator<readonly TurnRecord[]> {
  const { shard, entityId, through } = wanted;
  const first = await firstTurn(journal, wanted, readBytesMax);
  if (first === undefined) return;
  const { epoch, n } = first.record;
  const log = new LogReader(journal, shard, new RecordRule({ epoch, n: n - 1, owner: '' }), first.offset, readBytesMax);
  for (;;) {
    const turns: TurnRecord[] = [];
    const step = await log.step(({ record, verdict }) => {
      if (verdict !== 'accepted' || record.kind === 'claim') return;
      if (record.kind === 'turn' && record.entityId === entityId && record.n <= through) turns.push(record);
      return record.n >= through ? 'stop' : undefined;
    });
    if (step === 'trimmed') throw new TrimmedError(wanted, log.position);
    if (turns.length > 0) yield turns;
    if (step === 'stopped') return;
    if (step === 'end') throw new JournalError('unknown', 'JOURNAL_SHORT_READ', `record ${through} of shard ${shard} is not in the log`);
  }
}

async function firstTurn(journal: Journal, wanted: TurnsOf, readBytesMax: number): Promise<{ readonly record: TurnRecord; readonly offset: number } | undefined> {
  for (let position = wanted.from; ; ) {
    const page = await journal.read(wanted.shard, position, readBytesMax);
    if (page.start > position) throw new TrimmedError(wanted, page.start);
    for (const { offset, bytes } of page.records) {
      const record = decodeRecord(bytes);
      if (record.kind === 'turn' && record.entityId === wanted.entityId) return { record, offset };
      position = offset + 1;
    }
    if (position >= page.end) return undefined;
    if (page.records.length === 0) throw new JournalError('unknown', 'JOURNAL_SHORT_READ', 'a read below the end gave nothing');
  }
}
