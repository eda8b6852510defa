/** Waiting for a condition, with a deadline: looked at whenever something happened, and never by sleeping. */
interface Waiter {
  readonly look: () => boolean;
  readonly reject: (error: Error) => void;
}

export class Waiting {
  private readonly waiters = new Set<Waiter>();
  private failure: Error | null = null;

  /** `tell` describes what is known, for the message of a wait that failed. */
  constructor(private readonly tell: () => string) {}

  /** Resolves with the first value of `find` that is not undefined. @throws after `withinMs`, and after `fail`. */
  until<T>(find: () => T | undefined, withinMs: number, what: string): Promise<T> {
    const at = new Error(`no ${what}`);
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.waiters.delete(waiter);
      };
      const waiter: Waiter = {
        look: () => {
          const found = find();
          if (found === undefined) return false;
          settle();
          resolve(found);
          return true;
        },
        reject: (error) => {
          settle();
          at.message = `no ${what}: ${error.message}`;
          reject(at);
        },
      };
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        at.message = `no ${what} within ${withinMs} ms; ${this.tell()}`;
        reject(at);
      }, withinMs);
      if (waiter.look()) return;
      if (this.failure) waiter.reject(this.failure);
      else this.waiters.add(waiter);
    });
  }

  look(): void {
    for (const waiter of [...this.waiters]) waiter.look();
  }

  /** Nothing more will happen: who waits for what is not there yet is told why. */
  fail(why: string): void {
    this.look();
    this.failure = new Error(why);
    for (const waiter of [...this.waiters]) waiter.reject(this.failure);
  }

  /** Things happen again. */
  goOn(): void {
    this.failure = null;
  }
}

const POLL_MS = 25;

/** For what nobody tells: asks again and again until the answer is not undefined. */
export async function eventually<T>(ask: () => Promise<T | undefined> | T | undefined, what: string, withinMs = 10_000): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > until) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
