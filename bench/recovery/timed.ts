/** P13, ours from any journal: from the opening of a node to the ownership of all its shards, with every session's state. */
import type { SideResult } from '../harness/types.js';
import { Stopwatch } from '../scoring/stopwatch.js';
import { checkSessions, copyOfJournal, preparedFolder, serves, type OpenNode } from './journal.js';

/** `open` is given a copy of the prepared folder that it may change. @throws when a session did not come back as it was written */
export async function timed(open: (data: string) => Promise<OpenNode>): Promise<SideResult> {
  const { data, written, dispose } = copyOfJournal(preparedFolder());
  const watch = new Stopwatch();
  watch.start();
  const node = await open(data);
  await serves(node);
  watch.stop();
  const verified = await checkSessions(node, written);
  node.region.stop();
  await node.ports.close();
  dispose();
  return { values: { cpuUs: watch.cpuUs / written.events, perSecond: (written.events / watch.wallMs) * 1000 }, verified };
}
