/**
 * What of sessions stands in the log alone. Owns a row for each session from before its first event until it is retired and archived, and for each corrected
 * one from before the correction until long after it.
 * S5: a log is trimmed only below all of these places.
 */
import type { Records } from '@ringmaster/actors';
import type { LogStart } from '../session-index.js';
import { readRow, rowBytes } from '../rows.js';

export interface UnarchivedSession extends LogStart {
  readonly sessionId: string;
  /** Wall clock, ms. */
  readonly since: number;
}

/** From `offset` on the log has everything that was accepted after this record. */
export interface CorrectionStart extends UnarchivedSession {
  readonly after: { readonly epoch: number; readonly n: number };
}

const shardPrefix = (shard: number): string => `unarchived/${String(shard).padStart(6, '0')}/`;
const padded = (offset: number): string => String(offset).padStart(15, '0');
const keyOf = ({ shard, offset }: LogStart, sessionId: string): string => `${shardPrefix(shard)}${padded(offset)}-${sessionId}`;
const correctionPrefix = (sessionId: string): string => `correction/${sessionId}/`;
const correctionKey = (sessionId: string, offset: number): string => correctionPrefix(sessionId) + padded(offset);
const pageRows = 100;

export class Unarchived {
  constructor(private readonly records: Records) {}

  async add(session: UnarchivedSession): Promise<void> {
    await this.records.put(keyOf(session, session.sessionId), rowBytes(session));
  }

  async has(start: LogStart, sessionId: string): Promise<boolean> {
    return (await this.records.get(keyOf(start, sessionId))) !== undefined;
  }

  async remove(start: LogStart, sessionId: string): Promise<void> {
    await this.records.delete(keyOf(start, sessionId));
  }

  async addCorrection(start: CorrectionStart): Promise<void> {
    await this.add(start);
    await this.records.put(correctionKey(start.sessionId, start.offset), rowBytes(start));
  }

  /** The lowest in the log first. */
  async corrections(sessionId: string): Promise<readonly CorrectionStart[]> {
    const { items } = await this.records.list(correctionPrefix(sessionId), { limit: pageRows });
    return items.map(({ value }) => readRow<CorrectionStart>(value));
  }

  async removeCorrection(start: CorrectionStart): Promise<void> {
    await this.records.delete(correctionKey(start.sessionId, start.offset));
    await this.remove(start, start.sessionId);
  }

  /** S5 */
  async mayTrim(shard: number, below: number): Promise<boolean> {
    const { items } = await this.records.list(shardPrefix(shard), { limit: 1 });
    const lowest = items[0];
    return lowest === undefined || readRow<UnarchivedSession>(lowest.value).offset >= below;
  }

  /** Those of one shard, the longest unarchived first. */
  async *of(shard: number): AsyncGenerator<UnarchivedSession> {
    for (let cursor: string | undefined; ; ) {
      const page = await this.records.list(shardPrefix(shard), { limit: pageRows, ...(cursor === undefined ? {} : { cursor }) });
      for (const { value } of page.items) yield readRow<UnarchivedSession>(value);
      if (page.nextCursor === undefined) return;
      cursor = page.nextCursor;
    }
  }
}
