/** What a run has shown, for people and for programs. */
import type { FullVerdict } from './checker/check.js';
import type { FaultOptions } from './command-line.js';
import type { RunResult } from './run.js';

const SHOWN_MAX = 40;

export function report(verdict: FullVerdict, result?: RunResult): string {
  const { counts, violations, remainingCompared } = verdict;
  const rows: [string, string | number][] = [
    ['sessions made, played to their end', `${counts.sessions}, ${counts.finished}`],
    ['clients, connections, frames', `${counts.clients}, ${counts.connections}, ${counts.frames}`],
    ['records in the journal', counts.records],
    ['  claims, stale, twice', `${counts.claims}, ${counts.stale}, ${counts.duplicate}`],
    ['acknowledged answers checked', counts.acknowledged],
    ['  acknowledged again', counts.repeated],
    ['  lost, changed, double, zombie', `${counts.lost}, ${counts.changed}, ${counts.double}, ${counts.zombie}`],
    ['refused as late', counts.refusedLate],
    ['  proved late, in time at a router that was cut off', `${counts.provedLate}, ${counts.cutOff}`],
    ['failovers in an open question with time compared', remainingCompared],
    ...failoverRows(verdict),
  ];
  if (result !== undefined) {
    rows.push(['answers of servers lost by proxies', result.answersLostByProxies], ['faults', result.faults.filter(({ error }) => error === undefined).length]);
    for (const [kind, count] of Object.entries(byKind(result))) rows.push([`  ${kind}`, count]);
    rows.push(['records trimmed before they were copied', result.copy.gone]);
    for (const failed of result.load.failed) rows.push(['not played', failed]);
  }
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const shown = violations.slice(0, SHOWN_MAX).map(({ invariant, about }) => `${invariant}: ${about}`);
  return [
    ...rows.map(([name, value]) => name.padEnd(width) + String(value)),
    '', violations.length === 0 ? 'No promise was broken.' : `BROKEN, ${violations.length} times: ${JSON.stringify(byInvariant(verdict))}`, ...shown,
    ...(violations.length > SHOWN_MAX ? [`… and ${violations.length - SHOWN_MAX} more`] : []),
  ].join('\n');
}

export function summaryOf({ seed, minutes, nodes, routers, brokers, shards, sessions, players }: FaultOptions, folder: string, result: RunResult) {
  const { verdict, copy, load, answersLostByProxies, ms } = result;
  return {
    seed, minutes, nodes, routers, brokers, shards, sessions, players, folder, ms: Math.round(ms),
    faults: byKind(result), answersLostByProxies, counts: verdict.counts, broken: verdict.violations.length, byInvariant: byInvariant(verdict),
    failover: { claimMs: spread(verdict.failovers.map(({ claimMs }) => claimMs)), answerMs: spread(verdict.failovers.flatMap(({ answerMs }) => answerMs ?? [])) },
    remainingCompared: verdict.remainingCompared, notPlayed: load.failed.length, recordsGone: copy.gone,
  };
}

function failoverRows({ failovers }: FullVerdict): [string, string][] {
  const text = (values: readonly number[]): string => {
    const { count, p50, max } = spread(values);
    return count === 0 ? 'none' : `${count}: median ${p50} ms, longest ${max} ms`;
  };
  return [
    ['from kill -9 of an owner to the next claim', text(failovers.map(({ claimMs }) => claimMs))],
    ['from kill -9 of an owner to the next accepted answer', text(failovers.flatMap(({ answerMs }) => answerMs ?? []))],
  ];
}

function spread(values: readonly number[]): { readonly count: number; readonly p50: number; readonly max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return { count: sorted.length, p50: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0), max: Math.round(sorted.at(-1) ?? 0) };
}

function byKind({ faults }: RunResult): Record<string, number> {
  return tally(faults.filter(({ error }) => error === undefined).map(({ kind }) => kind));
}

function byInvariant({ violations }: FullVerdict): Record<string, number> {
  return tally(violations.map(({ invariant }) => invariant));
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
