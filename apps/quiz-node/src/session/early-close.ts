/**
 * Looks once a second whether an open question can be closed because everybody who could still answer has been gone for long. Owns the timer of one session.
 * The session's turn decides; this only saves turns that could not change anything.
 */
import type { Timers } from '@ringmaster/actors';

export interface EarlyCloseDeps {
  readonly timers: Timers;
  readonly look: () => void;
  /** Players connected through this node. */
  readonly connected: () => number;
}

const LOOK_EVERY_MS = 1_000;

export class EarlyClose {
  #cancel: (() => void) | null = null;
  /** Null: not known yet, as after a change of owner. */
  #answered: number | null = null;
  /** Players that came while the question was open; they may not be among the eligible. */
  #arrived = 0;

  constructor(private readonly deps: EarlyCloseDeps) {}

  /** A question is open, from now on or still. */
  opened(): void {
    if (this.#cancel !== null) return;
    this.#answered = null;
    this.#arrived = 0;
    this.#arm();
  }

  progress(answered: number, eligible: number): void {
    this.opened();
    this.#answered = answered;
    if (answered >= eligible) this.closed();
  }

  arrived(): void {
    this.#arrived++;
  }

  closed(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  stop(): void {
    this.closed();
  }

  #arm(): void {
    this.#cancel = this.deps.timers.after(LOOK_EVERY_MS, () => {
      this.#arm();
      const present = this.deps.connected();
      // As long as somebody who is here and eligible has not answered, nothing can come of it.
      const allHereMayHaveAnswered = this.#answered === null || this.#answered + this.#arrived >= present;
      if (present > 0 && allHereMayHaveAnswered) this.deps.look();
    });
  }
}
