/** P13, our side: from the start of a node to the ownership of all its shards, with every session's state. */
import type { SideResult } from '../harness/types.js';
import { Stopwatch } from '../scoring/stopwatch.js';
import { checkSessions, copyOfJournal, openNode, preparedFolder, serves } from './journal.js';

export async function run(): Promise<SideResult> {
  const { data, written, dispose } = copyOfJournal(preparedFolder());
  const watch = new Stopwatch();
  watch.start();
  const node = await openNode(data);
  await serves(node);
  watch.stop();
  const verified = await checkSessions(node, written);
  node.region.stop();
  await node.ports.close();
  dispose();
  return { values: { cpuUs: watch.cpuUs / written.events, perSecond: (written.events / watch.wallMs) * 1000 }, verified };
}
