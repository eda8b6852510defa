/** When a program that died is started again: soon, then later and later; not at all once it keeps dying. */
export interface RestartLimits {
  readonly deathsMax: number;
  readonly windowMs: number;
  readonly delayMinMs: number;
  readonly delayMaxMs: number;
}

export const restartDefaults: RestartLimits = { deathsMax: 5, windowMs: 60_000, delayMinMs: 100, delayMaxMs: 5_000 };

export class RestartPolicy {
  private deathsAt: number[] = [];

  constructor(private readonly limits: RestartLimits = restartDefaults) {}

  /**
   * Notes a death at `nowMs`.
   * @returns how long to wait before the next start, ms, or null when it has died too often to go on.
   */
  died(nowMs: number): number | null {
    this.deathsAt = this.deathsAt.filter((at) => nowMs - at < this.limits.windowMs);
    this.deathsAt.push(nowMs);
    const deaths = this.deathsAt.length;
    if (deaths >= this.limits.deathsMax) return null;
    return Math.min(this.limits.delayMinMs * 4 ** (deaths - 1), this.limits.delayMaxMs);
  }
}
