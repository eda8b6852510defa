/**
 * GONE: a session whose removal was acknowledged is never heard of again: it is in the log as its last event, whoever asks for it is told that it is not there, and
 * nobody who says hello afterwards gets in. In the store nothing is left of it but a pointer without chunks: as long as that is young or covers records from which a
 * replay begins, and then until the next recovery. A chunk that landed behind its tombstone, from an owner that died, may lie there as long as that.
 */
import type { AcceptedTurn } from '../../checker/turn.js';
import type { Remains } from '../aftermath.js';
import type { PersonHistory } from '../clients/history.js';
import type { PurgeHistory } from '../clients/purger.js';
import type { Violation } from '../cluster/observed.js';

export interface PurgeEvidence {
  readonly history: PurgeHistory;
  /** In the store before each of the recoveries after `tombstoneMs`, and at the end. */
  readonly remains: readonly Remains[];
}

const NOT_FOUND = 210;

export function checkPurged({ history, remains }: PurgeEvidence, turns: readonly AcceptedTurn[], people: readonly PersonHistory[]): Violation[] {
  const { sessionId, acknowledgedAt, asked } = history;
  const found: Violation[] = [];
  const wrong = (about: string): void => void found.push({ invariant: 'GONE', about: `${sessionId}: ${about}` });
  if (acknowledgedAt === null) return [{ invariant: 'LIVE', about: `${sessionId}: nobody ever said that it is removed` }];
  const last = turns.find(({ events }) => events.some(({ type }) => type === 'session.purged'));
  if (last === undefined || last.landedAt > acknowledgedAt) return [{ invariant: 'GONE', about: `${sessionId}: its removal was acknowledged and is not in the log` }];
  if (turns.at(-1) !== last) wrong(`record ${turns.at(-1)?.n} comes after its end, ${last.n}`);
  for (const { at, reply } of asked) if (reply === null || reply.ok || reply.code !== NOT_FOUND) wrong(`asked for at ${at.toFixed(0)}, the answer was ${JSON.stringify(reply)}`);
  for (const { name, tabs } of people) {
    for (const sent of tabs.flatMap((tab) => tab.sent)) {
      if (sent.t === 'hello' && sent.at > acknowledgedAt && sent.replies.some(({ frame }) => frame.t === 'welcome')) wrong(`${name} was welcomed, who came at ${sent.at.toFixed(0)}`);
    }
  }
  for (const { n, isTombstone } of remains) if (n !== null && (!isTombstone || n < last.n)) wrong(`it ended with record ${last.n}, and there is a pointer to it at ${n}`);
  const [then] = remains;
  if (then !== undefined && then.chunksBefore.length > 0) wrong(`chunks outlive it: ${then.chunksBefore.join(', ')}`);
  remains.slice(1).forEach(({ n, chunks }, index) => {
    const { n: before, replayN } = remains[index] as Remains;
    if (before === null && n !== null) wrong(`its pointer of ${n} is there again`);
    if (before === null || before <= replayN) {
      if (n !== null) wrong(`its pointer of ${n} is still there`);
      if (chunks.length > 0) wrong(`chunks outlive its tombstone: ${chunks.join(', ')}`);
    } else if (n !== before) wrong(`the log is replayed from ${replayN}, and its tombstone of ${before} has become ${n}`);
  });
  return found;
}
