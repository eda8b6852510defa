/** Until when ended sessions are kept. Owns a row for each, by the time at which it may go. */
import type { Records } from '@ringmaster/actors';

const shardPrefix = (shard: number): string => `kept/${String(shard).padStart(6, '0')}/`;
const timeDigits = 15;
const pageRows = 100;

const keyOf = (shard: number, sessionId: string, until: number): string => `${shardPrefix(shard)}${String(until).padStart(timeDigits, '0')}-${sessionId}`;

export interface KeptSession {
  readonly shard: number;
  readonly sessionId: string;
  /** Wall clock, ms. */
  readonly until: number;
}

export class Kept {
  constructor(private readonly records: Records) {}

  /** @param until wall clock, ms */
  async add(shard: number, sessionId: string, until: number): Promise<void> {
    await this.records.put(keyOf(shard, sessionId, until), new Uint8Array());
  }

  async remove(shard: number, sessionId: string, until: number): Promise<void> {
    await this.records.delete(keyOf(shard, sessionId, until));
  }

  /** Those whose time was over at `now`, a bounded number of them. */
  async due(shard: number, now: number): Promise<readonly KeptSession[]> {
    const prefix = shardPrefix(shard);
    const { items } = await this.records.list(prefix, { limit: pageRows });
    return items.flatMap(({ key }) => {
      const [until, sessionId = ''] = key.slice(prefix.length).split('-');
      return Number(until) <= now ? [{ shard, sessionId, until: Number(until) }] : [];
    });
  }
}
