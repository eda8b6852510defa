/** Medians, percentiles and paired ratios. */
import type { Metric } from './types.js';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** The mean of the two in the middle where their number is even. @throws RangeError for none. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  const upper = sorted[middle]!;
  return { median: sorted.length % 2 === 1 ? upper : (sorted[middle - 1]! + upper) / 2, min: sorted[0]!, max: sorted.at(-1)! };
}

/** The nearest-rank percentile, 0 < q ≤ 1. @throws RangeError for none. */
export function percentile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new RangeError('no values');
  return ascending(values)[Math.max(0, Math.ceil(q * values.length) - 1)]!;
}

/** How many times better ours was than the other's, repetition by repetition: above 1 ours is better, whichever way the metric points. */
export function pairedRatios(better: Metric['better'], ours: readonly number[], others: readonly number[]): number[] {
  return ours.map((own, rep) => (better === 'less' ? others[rep]! / own : own / others[rep]!));
}
