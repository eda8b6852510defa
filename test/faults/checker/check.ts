/**
 * The verdict on a run, from what lies in its folder: the raw journal, the histories of the clients and the log of the faults. Nothing of the engine is used,
 * and nothing is asked of the cluster, so a run can be judged again at any time. O(N log N) in the number of lines.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readLines, type HistoryEvent } from '../history.js';
import type { RawRecord } from '../journal/recorder.js';
import type { FaultNote } from '../schedule/schedule.js';
import { checkAnswers, checkOrder, type Acknowledged } from './answers.js';
import { failovers, type Failover } from './failovers.js';
import { checkLate } from './late.js';
import { LogReader, type ShardLog } from './log.js';
import type { AcceptedTurn } from '../../checker/turn.js';
import { HistoryReader, type SessionHistory } from './people.js';
import { checkRemaining, type Down } from './remaining.js';
import { evidenceOf } from './session.js';
import { checkStandings } from './standings.js';
import { checkStreams } from './streams.js';
import { noCounts, type Counts, type Verdict, type Violation, type Wrong } from './verdict.js';

/** Names of the files in the folder of a run. */
export const files = { history: 'history.ndjson', journal: 'journal.ndjson', faults: 'faults.ndjson' } as const;

export interface Evidence {
  readonly shards: number;
  readonly journal: Iterable<RawRecord> | AsyncIterable<RawRecord>;
  readonly history: Iterable<HistoryEvent> | AsyncIterable<HistoryEvent>;
  readonly faults: Iterable<FaultNote> | AsyncIterable<FaultNote>;
}

export interface FullVerdict extends Verdict {
  readonly failovers: readonly Failover[];
  /** Changes of owner under an open question, where it could be checked that nobody lost time. */
  readonly remainingCompared: number;
}

/** @throws Error for a folder without the files of a run */
export function checkFolder(folder: string, shards: number): Promise<FullVerdict> {
  for (const name of Object.values(files)) if (!existsSync(join(folder, name))) throw new Error(`${folder} has no ${name}`);
  return check({
    shards, journal: readLines<RawRecord>(join(folder, files.journal)), history: readLines<HistoryEvent>(join(folder, files.history)), faults: readLines<FaultNote>(join(folder, files.faults)),
  });
}

export async function check({ shards, journal, history, faults }: Evidence): Promise<FullVerdict> {
  const violations: Violation[] = [];
  const counts = noCounts();
  const wrong: Wrong = (invariant, about) => void violations.push({ invariant, about });
  const logs = await readLogs(journal, counts, wrong);
  const sessions = await readHistory(history, counts);
  const downs = await readDowns(faults);
  const turns = bySession(logs.values());
  const acknowledged: Acknowledged[] = [];
  let remainingCompared = 0;
  for (const session of sessions) {
    const { sid } = session;
    const of: Wrong = (invariant, about) => wrong(invariant, `${sid}: ${about}`);
    const shard = crc32(sid) % shards;
    const log = logs.get(shard);
    const evidence = log === undefined ? null : evidenceOf(session, shard, log, turns.get(sid) ?? []);
    if (evidence === null) {
      of('I1', 'the host was told that it is made, and the log does not have it');
      continue;
    }
    acknowledged.push(...checkAnswers(evidence, counts, of));
    checkLate(evidence, counts, of);
    checkStreams(evidence, of);
    checkStandings(evidence, of);
    remainingCompared += checkRemaining(evidence, downs, of);
    if (evidence.facts.finished) counts.finished++;
    if (session.stuck !== null) of('LIVE', `after healing it did not come to its end for ${session.stuck}`);
  }
  checkOrder(acknowledged, wrong);
  return { counts, violations, remainingCompared, failovers: failovers(logs.values(), downs) };
}

async function readLogs(journal: Evidence['journal'], counts: Counts, wrong: Wrong): Promise<Map<number, ShardLog>> {
  const readers = new Map<number, LogReader>();
  for await (const record of journal) {
    const reader = readers.get(record.shard) ?? new LogReader(record.shard, wrong);
    readers.set(record.shard, reader);
    reader.take(record);
    if (record.gone !== true) counts.records++;
  }
  const logs = new Map([...readers].map(([shard, { log }]) => [shard, log]));
  for (const { counts: { stale, duplicate }, claims } of logs.values()) {
    counts.stale += stale;
    counts.duplicate += duplicate;
    counts.claims += claims.length;
  }
  return logs;
}

async function readHistory(history: Evidence['history'], counts: Counts): Promise<SessionHistory[]> {
  const reader = new HistoryReader();
  for await (const event of history) reader.take(event);
  const sessions = [...reader.sessions.values()];
  for (const { people } of sessions) {
    counts.sessions++;
    counts.clients += people.size;
    for (const { talks } of people.values()) {
      counts.connections += talks.length;
      for (const { heard } of talks) counts.frames += heard.length;
    }
  }
  return sessions;
}

async function readDowns(faults: Evidence['faults']): Promise<Down[]> {
  const downs: Down[] = [];
  for await (const { down, from, to, kind } of faults) {
    // Whoever is killed never wakes: what comes back is another process.
    if (down !== undefined && to !== null) downs.push({ name: down, from, to: kind.startsWith('kill') ? Infinity : to });
  }
  return downs;
}

function bySession(logs: Iterable<ShardLog>): Map<string, AcceptedTurn[]> {
  const turns = new Map<string, AcceptedTurn[]>();
  for (const log of logs) {
    for (const turn of log.turns) {
      const list = turns.get(turn.sessionId);
      if (list === undefined) turns.set(turn.sessionId, [turn]);
      else list.push(turn);
    }
  }
  return turns;
}
