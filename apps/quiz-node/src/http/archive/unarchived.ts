/**
 * Sessions whose events stand in the log alone. Owns a row for each from before its first event until its archive is written.
 * S5: a log is trimmed only below the beginning of every session that has no archive yet.
 */
import type { Records } from '@ringmaster/actors';
import type { LogStart } from '../session-index.js';
import { readRow, rowBytes } from '../rows.js';

export interface UnarchivedSession extends LogStart {
  readonly sessionId: string;
  /** Wall clock, ms. */
  readonly since: number;
}

const shardPrefix = (shard: number): string => `unarchived/${String(shard).padStart(6, '0')}/`;
const keyOf = ({ shard, offset }: LogStart, sessionId: string): string => `${shardPrefix(shard)}${String(offset).padStart(15, '0')}-${sessionId}`;
const pageRows = 100;

export class Unarchived {
  constructor(private readonly records: Records) {}

  async add(session: UnarchivedSession): Promise<void> {
    await this.records.put(keyOf(session, session.sessionId), rowBytes(session));
  }

  async remove(start: LogStart, sessionId: string): Promise<void> {
    await this.records.delete(keyOf(start, sessionId));
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
