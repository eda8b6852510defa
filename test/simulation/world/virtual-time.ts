/**
 * The one queue of events of a run. Owns the time, in ms since the run began, and the order of what happens: by time, then by the order of asking.
 * Between two events all promises settle: the queue of microtasks is empty when the next tick of the process begins, so no event overtakes a continuation.
 */
import TinyQueue from 'tinyqueue';

export interface Happening {
  readonly at: number;
  readonly order: number;
  /** Null: called off. */
  act: (() => void) | null;
}

/** A run that needs more steps goes round in circles. */
const STEPS_MAX = 200_000;

export class VirtualTime {
  now = 0;
  /** Events that have happened. */
  steps = 0;
  readonly #queue = new TinyQueue<Happening>([], (a, b) => a.at - b.at || a.order - b.order);
  #order = 0;

  at(time: number, act: () => void): Happening {
    const happening = { at: Math.max(time, this.now), order: this.#order++, act };
    this.#queue.push(happening);
    return happening;
  }

  after(ms: number, act: () => void): Happening {
    return this.at(this.now + ms, act);
  }

  /** Lets everything happen up to `until`, or to the moment at which `done` says so. @returns whether it did. */
  async run(until: number, done: () => boolean = () => false): Promise<boolean> {
    for (;;) {
      if (done()) return true;
      const next = this.#queue.peek();
      if (next === undefined || next.at > until || this.steps > STEPS_MAX) {
        this.now = Math.max(this.now, until);
        return done();
      }
      this.#queue.pop();
      const { act } = next;
      if (act === null) continue;
      this.now = next.at;
      this.steps++;
      next.act = null;
      act();
      await settled();
    }
  }
}

/** Resolves when no microtask is left: Node drains them all before it takes the next tick. */
export function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
