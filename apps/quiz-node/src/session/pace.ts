/** Lets something happen at most once in `everyMs`, late rather than early: what comes meanwhile is gathered by whoever asks. */
import type { Timers } from '@ringmaster/actors';

export class Pace {
  #cancel: (() => void) | null = null;

  constructor(
    private readonly timers: Timers,
    private readonly act: () => void,
  ) {}

  /** `act` follows within `everyMs`, unless it is due already. */
  ask(everyMs: number): void {
    this.#cancel ??= this.timers.after(everyMs, () => {
      this.#cancel = null;
      this.act();
    });
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
