/** Memory of this process that is in use after all garbage is gone, bytes. Needs --expose-gc. */
import { constants, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks';

export function usedBytes(): number {
  if (globalThis.gc === undefined) throw new Error('start with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Collections that we asked for are no load. */
function isForced(entry: PerformanceEntry): boolean {
  return ((entry as { detail?: { flags?: number } }).detail?.flags ?? 0) === constants.NODE_PERFORMANCE_GC_FLAGS_FORCED;
}

/** Pauses of the collector from now on. */
export class GcPauses {
  worstMs = 0;
  readonly #observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!isForced(entry)) this.worstMs = Math.max(this.worstMs, entry.duration);
  });

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  stop(): number {
    this.#observer.disconnect();
    return this.worstMs;
  }
}
