/** Nearest rank. @param share in (0, 1]; NaN without values */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}
