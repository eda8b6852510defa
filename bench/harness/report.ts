/** From runs to figures: medians, paired ratios, and whether the goals are met. Pure. */
import type { CaseRuns } from './runner.js';
import { pairedRatios, spread, type Spread } from './statistics.js';
import type { Goal, Metric } from './types.js';

export interface SideFigures {
  readonly side: string;
  readonly role: string;
  readonly value: Spread;
  /** How many times better ours is: paired within each repetition. Absent for ours. */
  readonly oursBetter?: Spread;
  /** Why the value says nothing. */
  readonly voided?: string;
}

export interface MetricFigures {
  readonly metric: Metric;
  readonly sides: readonly SideFigures[];
}

export interface GoalVerdict {
  readonly id: string;
  readonly wanted: string;
  readonly found: string;
  readonly met: boolean | null;
}

export function figuresOf({ case: { metrics }, sides, results }: CaseRuns): MetricFigures[] {
  const ours = sides.find(({ role }) => role === 'ours')!.name;
  return metrics.map((metric) => {
    const values = (side: string): number[] => results[side]!.map((result) => result.values[metric.key] ?? NaN);
    return {
      metric,
      sides: sides
        .filter(({ name }) => !values(name).some(Number.isNaN))
        .map(({ name, role }) => {
          const voided = results[name]!.map((result) => result.voided?.[metric.key]).find((reason) => reason !== undefined);
          const ratio = name === ours || Number.isNaN(values(ours)[0]) ? {} : { oursBetter: spread(pairedRatios(metric.better, values(ours), values(name))) };
          return { side: name, role, value: spread(values(name)), ...ratio, ...(voided === undefined ? {} : { voided }) };
        }),
    };
  });
}

/** `met` is null where the peer is missing. */
export function verdictsOf(runs: CaseRuns, figures: readonly MetricFigures[]): GoalVerdict[] {
  return runs.case.goals.map((goal) => verdict(goal, figures, runs.missing));
}

function verdict(goal: Goal, figures: readonly MetricFigures[], missing: CaseRuns['missing']): GoalVerdict {
  const { metric, sides } = figures.find((each) => each.metric.key === goal.metric)!;
  if ('bound' in goal) {
    const own = sides.find(({ role }) => role === 'ours')!.value.median;
    const met = metric.better === 'less' ? own <= goal.bound : own >= goal.bound;
    return { id: goal.id, wanted: `${metric.label} ${metric.better === 'less' ? '≤' : '≥'} ${shown(goal.bound)} ${metric.unit}`, found: `${shown(own)} ${metric.unit}`, met };
  }
  const wanted = `${metric.label}: ≥ ${goal.timesMin} × ${goal.against}`;
  const other = sides.find(({ side }) => side === goal.against);
  if (other?.oursBetter === undefined) return { id: goal.id, wanted, found: missing[goal.against] ?? 'not measured', met: null };
  return { id: goal.id, wanted, found: `${shown(other.oursBetter.median)} ×`, met: other.oursBetter.median >= goal.timesMin };
}

/** Three digits that count, thousands with commas. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1000) return Math.round(Number(value.toPrecision(3))).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
