/** Waiting for a number of things to happen. */
export class Countdown {
  readonly done: Promise<void>;
  #left: number;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  readonly #watchdog: NodeJS.Timeout;

  /** @param withinMs after which `done` rejects and says how many are missing. */
  constructor(count: number, what: string, withinMs: number) {
    this.#left = count;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#watchdog = setTimeout(() => this.#reject(new Error(`${this.#left} of ${count} ${what} missing after ${withinMs} ms`)), withinMs);
    if (count === 0) this.#finish();
  }

  hit(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#finish();
  }

  fail(error: Error): void {
    clearTimeout(this.#watchdog);
    this.#reject(error);
  }

  #finish(): void {
    clearTimeout(this.#watchdog);
    this.#resolve();
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
