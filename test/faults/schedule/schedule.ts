/** Lets faults happen, drawn from a seed: sometimes together, never two on one target. Owns those that are under way, and the log of all. */
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultContext, Kind } from './kinds.js';

export interface FaultNote {
  /** On the clock of the histories, ms. */
  readonly from: number;
  to: number | null;
  readonly kind: string;
  readonly about: string;
  readonly down: string | undefined;
  error?: string;
}

export interface ScheduleOptions {
  readonly kinds: readonly Kind[];
  /** Mean time between two faults, ms. */
  readonly everyMs: number;
  /** So many at once at most. */
  readonly together: number;
  /** At the end of each minute nothing goes wrong for so long, ms. */
  readonly restMs: number;
  note(fault: FaultNote): void;
}

const MINUTE_MS = 60_000;
const TRIES_MAX = 20;

/** Resolves when the time is over and everything is undone. */
export async function injectFaults(context: FaultContext, { kinds, everyMs, together, restMs, note }: ScheduleOptions, forMs: number): Promise<FaultNote[]> {
  const { chance } = context;
  const began = performance.now();
  const end = began + forMs;
  const notes: FaultNote[] = [];
  const underWay = new Map<string, Promise<void>>();
  while (performance.now() < end) {
    // From the shortest to the longest gap all are equally likely.
    await wait(chance.between(0, 2 * everyMs));
    const inMinute = (performance.now() - began) % MINUTE_MS;
    if (performance.now() >= end || inMinute > MINUTE_MS - restMs || underWay.size >= together) continue;
    const planned = plan(context, kinds, underWay);
    if (planned === undefined) continue;
    const { kind, target, about, down, run } = planned;
    const fault: FaultNote = { from: performance.now(), to: null, kind, about, down };
    notes.push(fault);
    note(fault);
    const work = run()
      .catch((error: unknown) => {
        fault.error = error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        fault.to = performance.now();
        underWay.delete(target);
        note(fault);
      });
    underWay.set(target, work);
  }
  await Promise.all(underWay.values());
  return notes;
}

function plan(context: FaultContext, kinds: readonly Kind[], underWay: ReadonlyMap<string, unknown>) {
  const { chance } = context;
  const total = kinds.reduce((sum, { weight }) => sum + weight, 0);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    let left = chance.fraction() * total;
    const kind = kinds.find(({ weight }) => (left -= weight) < 0);
    const planned = kind === undefined ? undefined : safely(() => kind.plan(context));
    if (kind !== undefined && planned !== undefined && !underWay.has(planned.target)) return { kind: kind.name, ...planned, run: () => planned.run() };
  }
  return undefined;
}

/** Nobody of that kind runs at the moment. */
function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
