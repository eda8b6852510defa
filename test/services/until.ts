import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/**
 * Looks again and again until `look` gives something; what it throws counts as "not yet".
 * @throws Error after `withinMs`, with the last thing that went wrong
 */
export async function until<T>(what: string, withinMs: number, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      last = error;
    }
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms${last === undefined ? '' : `; last: ${String(last)}`}`, { cause: last });
    await pause(LOOK_EVERY_MS);
  }
}

/** Thrown by a `look`: there is nothing to wait for any more. */
export class Hopeless extends Error {}
