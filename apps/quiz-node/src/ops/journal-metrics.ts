/** How long the journal takes to make a batch durable, and why it does not: the same for every backend. */
import { JournalError, type Clock, type Journal } from '@ringmaster/actors';
import { Counter, Histogram, type Registry } from 'prom-client';

const PREFIX = 'ringmaster_node_journal_';
/** A sync of a local disk at one end, the time-out of a request at the other. */
const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The same journal, with its calls counted. */
export function watchJournal(registry: Registry, journal: Journal, clock: Pick<Clock, 'mono'>): Journal {
  const registers = [registry];
  const appends = new Histogram({ name: `${PREFIX}append_seconds`, help: 'Appends that became durable, one batch of one shard each', buckets: BUCKETS_S, registers });
  const failures = new Counter({
    name: `${PREFIX}failures_total`, help: 'Calls of the journal that failed or whose outcome is open', labelNames: ['call', 'code'] as const, registers,
  });
  const failed = (call: string) => (error: unknown): never => {
    failures.inc({ call, code: error instanceof JournalError ? error.code : 'other' });
    throw error;
  };
  return {
    ...(journal.readBytesBest === undefined ? {} : { readBytesBest: journal.readBytesBest }),
    append: async (shard, records) => {
      const began = clock.mono();
      const offset = await journal.append(shard, records).catch(failed('append'));
      appends.observe((clock.mono() - began) / 1000);
      return offset;
    },
    read: (shard, from, maxBytes) => journal.read(shard, from, maxBytes).catch(failed('read')),
    ends: (shards) => journal.ends(shards).catch(failed('ends')),
    trim: (shard, below) => journal.trim(shard, below).catch(failed('trim')),
    close: () => journal.close(),
  };
}
