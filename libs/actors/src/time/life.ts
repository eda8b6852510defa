/** Thrown in work whose life has ended: it stops quietly, whatever it was waiting for. */
export class Ended extends Error {
  constructor() {
    super('this work was given up');
    this.name = 'Ended';
  }
}

/**
 * A stretch of work that can be given up from outside: an epoch of ownership, an attempt at a claim.
 * What it awaits may still answer later; whoever awaits asks `check` before acting on the answer.
 */
export class Life {
  private ended = false;
  private readonly endings = new Set<() => void>();

  get over(): boolean {
    return this.ended;
  }

  /** @throws Ended */
  check(): void {
    if (this.ended) throw new Ended();
  }

  /** Calls `fn` at the end of this life. @returns a function that forgets it. */
  onEnd(fn: () => void): () => void {
    this.endings.add(fn);
    return () => this.endings.delete(fn);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const fn of this.endings) fn();
    this.endings.clear();
  }
}
