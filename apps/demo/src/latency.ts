/** Percentiles of what was measured so far, and a rate over the last second. */
export class Latencies {
  private readonly values: number[] = [];
  private readonly recent: number[] = [];

  add(ms: number, nowMs: number): void {
    this.values.push(ms);
    this.recent.push(nowMs);
  }

  get count(): number {
    return this.values.length;
  }

  /** Nearest-rank percentile, ms; null without values. `share` in (0, 1]. */
  percentile(share: number): number | null {
    if (this.values.length === 0) return null;
    const sorted = Float64Array.from(this.values).sort();
    return sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  }

  /** How many came within the second before `nowMs`. */
  perSecond(nowMs: number): number {
    let old = 0;
    while (old < this.recent.length && (this.recent[old] as number) <= nowMs - 1_000) old += 1;
    this.recent.splice(0, old);
    return this.recent.length;
  }
}
