/**
 * L3: how a node comes to own a shard. Owns nothing but the attempt. The claim is written again with the same bytes until the
 * log shows it accepted or beaten; only having read it makes an owner, and everything up to it belongs to what is recovered.
 */
import { Halt, haltOf } from '../halt.js';
import type { Limits } from '../limits.js';
import { encodeRecord } from '../log/record.js';
import { LogReader, type JudgedHeader, type Step, type Visit } from '../log/log-reader.js';
import { RecordRule } from '../log/record-rule.js';
import type { Random } from '../ports/clock.js';
import type { Journal } from '../ports/journal.js';
import type { ReplayFrom, SnapshotStore } from '../ports/snapshot-store.js';
import type { Life } from '../time/life.js';
import type { Retry } from '../time/retry.js';

export interface ClaimPorts {
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly random: Random;
  readonly limits: Limits;
  readonly retry: Retry;
  readonly life: Life;
}

export type ClaimResult =
  | { readonly kind: 'won'; readonly epoch: number; /** Last number before the claim. */ readonly n: number; /** Of the claim. */ readonly offset: number }
  | { readonly kind: 'beaten'; readonly owner: string };

/** Where a replay starts in a shard that never had an owner. */
export const beginning: ReplayFrom = { offset: 0, n: 0, epoch: 0, owner: '', at: 0 };

/**
 * Reads the shard's log to its end without writing anything: who owns it, and what the next epoch is. Goes on where `warm` stands,
 * so that a node which watches a shard (O1, O3) reads each record once.
 * @throws Halt JOURNAL_GAP when the log starts above a freshly read `replayFrom` (S3)
 */
export async function survey(shard: number, ports: ClaimPorts, warm?: LogReader): Promise<LogReader> {
  if (warm && (await readToEnd(warm, ports, () => undefined)) !== 'trimmed') return warm;
  for (let below = -1; ; ) {
    const from = (await ports.retry.until(() => ports.snapshots.getReplayFrom(shard))) ?? beginning;
    if (from.offset <= below) throw new Halt('JOURNAL_GAP', `shard ${shard}: the log starts above replayFrom ${from.offset}`);
    const log = new LogReader(ports.journal, shard, new RecordRule(from, 0), from.offset, ports.limits.readBytesMax);
    if ((await readToEnd(log, ports, () => undefined)) !== 'trimmed') return log;
    below = log.position;
  }
}

/** Claims the epoch after the one at which `log`, read to its end, stands. @throws Halt; Ended */
export async function claim(log: LogReader, owner: string, ports: ClaimPorts): Promise<ClaimResult> {
  const epoch = log.rule.epoch + 1;
  const nonce = Buffer.from(ports.random.bytes(12)).toString('hex');
  const bytes = encodeRecord({ kind: 'claim', epoch, nonce, owner });
  for (let attempt = 0; ; attempt++) {
    await send(log.shard, bytes, ports);
    let result: ClaimResult | undefined;
    const step = await readToEnd(log, ports, ({ record, verdict, offset }) => {
      if (record.kind !== 'claim' || verdict !== 'accepted') return;
      const own = record.epoch === epoch && record.nonce === nonce; // L3 the nonce decides
      result = own ? { kind: 'won', epoch, n: log.rule.n, offset } : { kind: 'beaten', owner: record.owner };
      return 'stop';
    });
    if (result) return result; // L3 owner only after its own claim is read
    if (step === 'trimmed') return { kind: 'beaten', owner: '' };
    await ports.retry.pause(attempt);
  }
}

async function send(shard: number, bytes: Uint8Array, ports: ClaimPorts): Promise<void> {
  try {
    await ports.journal.append(shard, [bytes]);
  } catch (error) {
    const halt = haltOf(error);
    if (halt) throw halt;
  }
  ports.life.check();
}

async function readToEnd(log: LogReader, ports: ClaimPorts, visit: Visit<JudgedHeader>): Promise<Step> {
  for (;;) {
    const step = await ports.retry.until(() => log.skim(visit));
    if (step !== 'more') return step;
    await ports.retry.breathe();
  }
}
