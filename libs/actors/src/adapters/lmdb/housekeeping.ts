// Owns: the periodic work on a data folder: removing expired records, and looking at the room that is left.
import { statfs } from 'node:fs/promises';
import type { Timers } from '../../ports/clock.js';

export interface HousekeepingOptions {
  readonly folder: string;
  readonly everyMs: number;
  readonly bytesFreeMin: number;
  readonly timers: Timers;
  /** What the tables may still grow by, bytes. */
  freeBytes(): number;
  sweep(): Promise<void>;
  /** Nobody waits for a round that fails; the next one tries again. */
  onProblem(error: unknown): void;
}

export class Housekeeping {
  readonly #options: HousekeepingOptions;
  #cancel: () => void = () => undefined;
  #round: Promise<void> | undefined;
  #closed = false;
  #low = false;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
    this.#arm();
  }

  /** Less than `bytesFreeMin` was left at the last look. */
  get low(): boolean {
    return this.#low;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#round;
  }

  #arm(): void {
    if (this.#closed) return;
    this.#cancel = this.#options.timers.after(this.#options.everyMs, () => {
      this.#round = this.#work().finally(() => {
        this.#arm();
      });
    });
  }

  async #work(): Promise<void> {
    const { folder, bytesFreeMin, freeBytes, sweep, onProblem } = this.#options;
    try {
      const { bavail, bsize } = await statfs(folder);
      this.#low = Math.min(bavail * bsize, freeBytes()) < bytesFreeMin;
      await sweep();
    } catch (error) {
      onProblem(error);
    }
  }
}
