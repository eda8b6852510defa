/** What a series of runs has met: faults by kind, answers checked, rare branches reached. */
import type { RunResult } from './run-seed.js';
import type { Scenario } from './scenario.js';
import { Sometimes } from './world/sometimes.js';

/** So rare that only some thousand seeds are sure to meet them. */
export const rareBranches: readonly string[] = ['held 301 rejudged and accepted', 'closeWaitMs excused', 'chunk missing restart', 'attached to another epoch', 'opened again for a gap', 'second reply dropped'];

/** Branches that a series of some hundred seeds must have reached: one that never was is not tested. */
export const expectedBranches: readonly string[] = [
  'fenced owner woke up', 'read-back found own bytes', 'duplicate record skipped', 'stale record skipped', 'stale claim skipped', 'kept frames sent again', 'late answer held',
  'held 301 rejudged', 'delta resume', 'snapshot resume', 'hand-off', 'drained', 'extension after failover', 'outage accounted for', 'superseded 4510',
  'deadline of a session without sockets', 'session restored from a snapshot', 'older pointer refused', 'log trimmed', 'journal stalled',
  'router left', 'linked to a node that only others told of', 'linked at an address that only others told', 'REST correctKey', 'REST void', 'REST kick', 'REST ban', 'REST cancel', 'REST purge', 'tombstone removed',
];

export class Tally {
  runs = 0;
  acknowledged = 0;
  steps = 0;
  virtualMs = 0;
  readonly faults = new Sometimes();
  readonly branches = new Sometimes();

  add({ faults }: Scenario, { acknowledged, steps, tookMs, sometimes }: RunResult): void {
    this.runs++;
    this.acknowledged += acknowledged;
    this.steps += steps;
    this.virtualMs += tookMs;
    for (const { kind } of faults) this.faults.note(kind);
    this.branches.add(sometimes);
  }

  missing(): string[] {
    return [...expectedBranches, ...rareBranches].filter((name) => !this.branches.counts.has(name));
  }

  table(): string {
    const lines = [
      `runs                 ${this.runs}`,
      `simulated            ${Math.round(this.virtualMs / 1_000)} s in ${this.steps} steps`,
      `acknowledged answers ${this.acknowledged}, each looked for in the journal and in the final standings`,
      '',
      'faults',
      ...rows(this.faults.counts),
      '',
      'branches',
      ...rows(this.branches.counts),
    ];
    const missing = this.missing();
    if (missing.length > 0) lines.push('', `never reached: ${missing.join(', ')}`);
    return lines.join('\n');
  }
}

function rows(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `  ${name.padEnd(44)}${String(count).padStart(8)}`);
}
