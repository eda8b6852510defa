import { Fifo } from './fifo.js';

/** At most `max` holders at a time, in order of asking. Bounds what a node recovers, loads or stores at once. */
export class Permits {
  private held = 0;
  private readonly waiting = new Fifo<() => void>();

  constructor(private readonly max: number) {}

  get free(): boolean {
    return this.held < this.max;
  }

  /** Takes a permit if one is free now. */
  tryTake(): boolean {
    if (this.held >= this.max) return false;
    this.held++;
    return true;
  }

  async take(): Promise<void> {
    if (this.tryTake()) return;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.held--;
  }

  /** Runs `work` under a permit. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    await this.take();
    try {
      return await work();
    } finally {
      this.give();
    }
  }
}
