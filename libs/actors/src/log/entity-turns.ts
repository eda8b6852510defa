/**
 * What one entity did, read from its shard's log by somebody who does not own the shard: archives, exports, checks. Owns nothing and writes nothing.
 * L2: the record rule judges here as everywhere. It is set going by what is known of a place further up, or at the entity's first record, which is accepted
 * wherever the entity exists: an entity's id is drawn for one creation, and what lies in the log twice or too late has landed once before.
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
  /** Only what was accepted after this record. It may stand on either side of `from`; the record after it does not stand before `from`. */
  readonly after?: { readonly epoch: number; readonly n: number };
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
  const start = await startOf(journal, wanted, readBytesMax);
  if (start === undefined || start.n >= through) return;
  const log = new LogReader(journal, shard, new RecordRule({ epoch: start.epoch, n: start.n, owner: '' }), start.offset, readBytesMax);
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

interface Start {
  readonly offset: number;
  readonly epoch: number;
  readonly n: number;
}

/** From where to judge, and the rule's state there; undefined when there is nothing of the entity. */
async function startOf(journal: Journal, wanted: TurnsOf, readBytesMax: number): Promise<Start | undefined> {
  if (wanted.after !== undefined) return { offset: wanted.from, ...wanted.after };
  for (let position = wanted.from; ; ) {
    const page = await journal.read(wanted.shard, position, readBytesMax);
    if (page.start > position) throw new TrimmedError(wanted, page.start);
    for (const { offset, bytes } of page.records) {
      const record = decodeRecord(bytes);
      if (record.kind === 'turn' && record.entityId === wanted.entityId) return { offset, epoch: record.epoch, n: record.n - 1 };
      position = offset + 1;
    }
    if (position >= page.end) return undefined;
    if (page.records.length === 0) throw new JournalError('unknown', 'JOURNAL_SHORT_READ', 'a read below the end gave nothing');
  }
}
