/** P13, our side: from the start of a node to the ownership of all its shards, with every session's state. */
import type { SideResult } from '../harness/types.js';
import { Stopwatch } from '../scoring/stopwatch.js';
import { copyOfJournal, openNode, preparedFolder, serves, sessionIdOf } from './journal.js';

export async function run(): Promise<SideResult> {
  const { data, written, dispose } = copyOfJournal(preparedFolder());
  const { sessions, players, events } = written;
  const watch = new Stopwatch();
  watch.start();
  const node = await openNode(data);
  await serves(node);
  watch.stop();
  for (let index = 0; index < sessions; index += 1) {
    const found = await node.edge.desk.view(sessionIdOf(index), ({ players: { count }, runs }) => ({ count, answered: runs[0]?.answered }));
    if (found?.count !== players + 1 || found.answered !== players) throw new Error(`session ${index} came back as ${JSON.stringify(found)}`);
  }
  node.region.stop();
  await node.ports.close();
  dispose();
  return {
    values: { cpuUs: watch.cpuUs / events, perSecond: (events / watch.wallMs) * 1000 },
    verified: `players and answers of all ${sessions} sessions, ${events.toLocaleString('en')} events`,
  };
}
