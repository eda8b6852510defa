/** P13, the limit: the same file read from end to end, each record as JSON; no checksums, no record rule, no state. */
import { join } from 'node:path';
import { open, type Database } from 'lmdb';
import type { SideResult } from '../harness/types.js';
import { Stopwatch } from '../scoring/stopwatch.js';
import { copyOfJournal, preparedFolder } from './journal.js';

const CHECKSUM_BYTES = 4;

export async function run(): Promise<SideResult> {
  const { data, written, dispose } = copyOfJournal(preparedFolder());
  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;
  const watch = new Stopwatch();
  watch.start();
  const root = open<Buffer, Buffer>({ ...binary, path: join(data, 'data.mdb'), noSubdir: true, readOnly: true, maxDbs: 8 });
  const table: Database<Buffer, Buffer> = root.openDB<Buffer, Buffer>({ ...binary, name: 'journal' });
  let events = 0;
  for (const { value } of table.getRange()) {
    const record = JSON.parse(value.toString('utf8', CHECKSUM_BYTES)) as { events?: readonly unknown[] };
    events += record.events?.length ?? 0;
  }
  watch.stop();
  if (events !== written.events) throw new Error(`${events} events were read, ${written.events} were written`);
  await root.close();
  dispose();
  return { values: { cpuUs: watch.cpuUs / events, perSecond: (events / watch.wallMs) * 1000 }, verified: `number of events, ${events.toLocaleString('en')}` };
}
