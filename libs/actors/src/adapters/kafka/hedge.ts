/** Asks one after the other: the next when the last one failed, or has said nothing for a while. */
import type { Timers } from '../../ports/clock.js';

/**
 * @returns the first answer. @throws the last error, when all have failed
 * @param gapMs how long the asked ones may be silent before the next is asked too
 */
export function firstAnswer<T>(asks: readonly (() => Promise<T>)[], gapMs: number, timers: Timers): Promise<T> {
  return new Promise((resolve, reject) => {
    let next = 0;
    let open = 0;
    let done = false;
    let cancel = (): void => undefined;
    const settle = (how: () => void): void => {
      if (done) return;
      done = true;
      cancel();
      how();
    };
    const ask = (): void => {
      cancel();
      const attempt = asks[next];
      if (done || attempt === undefined) return;
      next += 1;
      open += 1;
      cancel = timers.after(gapMs, ask);
      attempt().then(
        (answer) => {
          settle(() => {
            resolve(answer);
          });
        },
        (error: unknown) => {
          open -= 1;
          if (next < asks.length) ask();
          else if (open === 0) settle(() => {
            reject(error instanceof Error ? error : new Error(String(error)));
          });
        },
      );
    };
    if (asks.length === 0) reject(new Error('nobody to ask'));
    else ask();
  });
}
