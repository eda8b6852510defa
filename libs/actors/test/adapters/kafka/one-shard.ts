/** The production appender on one shard of a real journal, and what the record rule makes of the shard's log. */
import { systemRandom, systemTimers } from '@ringmaster/actors/adapters/system/clock';
import type { Journal } from '@ringmaster/actors';
import { Appender, type AppendOutcome, type Numbered } from '../../../src/log/appender.js';
import { LogReader } from '../../../src/log/log-reader.js';
import { encodeRecord } from '../../../src/log/record.js';
import { RecordRule, type Verdict } from '../../../src/log/record-rule.js';
import { Life } from '../../../src/time/life.js';
import { Retry } from '../../../src/time/retry.js';

const READ_BYTES = 256 * 1024;

export class OneShard {
  n = 0;
  private constructor(
    readonly appender: Appender,
    readonly log: LogReader,
  ) {}

  /** Claims epoch 1 of an empty log. */
  static async claim(journal: Journal, shard: number): Promise<OneShard> {
    await journal.append(shard, [encodeRecord({ kind: 'claim', epoch: 1, nonce: 'x', owner: 'a/1' })]);
    const life = new Life();
    const log = new LogReader(journal, shard, new RecordRule({ epoch: 1, n: 0, owner: 'a/1' }), (await journal.ends([shard])).get(shard)!.end, READ_BYTES);
    const retry = new Retry(systemTimers({ keepAlive: false }), systemRandom, life, { retryMsMin: 5, retryMsMax: 100 });
    return new OneShard(new Appender(journal, log, retry, life), log);
  }

  /** Appends the next `count` records. */
  append(count = 1): Promise<AppendOutcome> {
    return this.appender.append(Array.from({ length: count }, (): Numbered => {
      const record = { kind: 'fence', epoch: 1, n: ++this.n, at: this.n } as const;
      return { record, bytes: encodeRecord(record), entityId: '' };
    }));
  }
}

export interface Judged {
  /** Numbers of the accepted records, in their order. */
  readonly accepted: readonly number[];
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
}

/** Reads the shard's log from its start, as anybody would. */
export async function judgeAll(journal: Journal, shard: number): Promise<Judged> {
  const accepted: number[] = [];
  const verdicts: Partial<Record<Verdict, number>> = {};
  const log = new LogReader(journal, shard, new RecordRule(), (await journal.ends([shard])).get(shard)!.start, READ_BYTES);
  for (let step = 'more'; step === 'more'; ) {
    step = await log.step(({ record, verdict }) => {
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
      if (verdict === 'accepted' && record.kind !== 'claim') accepted.push(record.n);
    });
  }
  return { accepted, verdicts };
}

export const counting = (to: number): number[] => Array.from({ length: to }, (_, i) => i + 1);
