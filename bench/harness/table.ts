/** The figures as text for a terminal, in columns; it reads as Markdown too. */
import type { Machine } from './machine.js';
import { raisedLimits } from '../servers/product.js';
import { figuresOf, shown, verdictsOf } from './report.js';
import type { CaseRuns } from './runner.js';
import type { Spread } from './statistics.js';

const range = ({ median, min, max }: Spread): string => `${shown(median)} (${shown(min)}–${shown(max)})`;

export function machineLines({ cores, cpu, memoryGiB, kernel, node, openFilesMax, pins, programs }: Machine): string[] {
  const peers = [`Redis ${programs.redis ?? 'is missing: its peers are skipped'}`, `nginx ${programs.nginx ?? 'is missing: its peers are skipped'}`];
  return [
    `${cores} cores (${cpu}), ${memoryGiB} GiB, Linux ${kernel}, Node ${node}, ${openFilesMax.toLocaleString('en')} open files a process; ${peers.join('; ')}`,
    `Limits of router and quiz-node above their defaults: ${Object.entries(raisedLimits).map(([name, value]) => `${name}=${value}`).join(' ')}`,
    pins ? 'Servers run on core 0; load generator, Redis and other helpers on core 1.' : 'taskset or a second core is missing: nothing is pinned, and CPU figures are worse for it.',
  ];
}

export function caseTable(runs: CaseRuns): string {
  const figures = figuresOf(runs);
  const rows = figures.flatMap(({ metric, sides }) =>
    sides.map(({ side, role, value, oursBetter, voided }) => [
      `${metric.label}, ${metric.unit}`,
      role === 'limit' ? `${side} (limit)` : side,
      voided === undefined ? range(value) : `void: ${voided}`,
      oursBetter === undefined || voided !== undefined ? '' : `${range(oursBetter)} ×`,
    ]),
  );
  const noisy = runs.noise.filter(({ quiet }) => !quiet);
  return [
    `\n${runs.case.name}: ${runs.case.title}`,
    ...columns([['', 'side', 'median (min–max)', 'ours better by'], ...rows]),
    ...Object.entries(runs.missing).map(([side, why]) => `  ${side} was skipped: ${why}`),
    ...verdictsOf(runs, figures).map(({ id, wanted, found, met }) => `  goal ${id}  ${wanted}: ${found}  ${met === null ? 'not judged' : met ? 'met' : 'NOT met'}`),
    ...runs.sides.map(({ name, what }) => `  ${name}: ${what}; verified: ${runs.results[name]![0]!.verified}`),
    ...(noisy.length > 0 ? [`  the machine was noisy before ${noisy.length} of ${runs.noise.length} runs (worst ×${Math.max(...noisy.map(({ factor }) => factor)).toFixed(1)})`] : []),
  ].join('\n');
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => [...row[column]!].length)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length)).join(' | ')} |`;
  return [line(rows[0]!), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.slice(1).map(line)];
}
