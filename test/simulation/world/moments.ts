/** Points in a run at which a fault hurts most. Faults that wait for one hear of it here, at the very instant, before anything else happens. */

/** claimed: a claim of that node has landed. pointersRead: the store has looked at a page of pointers for its recovery. owned: it calls itself the owner. pointerSent:
 * it has asked the store to write a pointer. tooLate: what it has sent to the store arrives behind what a later one has written. buried: its pointer says that an
 * entity is gone. passed: its replayFrom lies above such a pointer for the first time. */
export type Moment = 'claimed' | 'pointersRead' | 'owned' | 'pointerSent' | 'tooLate' | 'buried' | 'passed';

type Listener = (moment: Moment, node: string) => void;

export class Moments {
  readonly #listeners = new Set<Listener>();

  happened(moment: Moment, node: string): void {
    for (const listener of [...this.#listeners]) listener(moment, node);
  }

  /** @returns ends it. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
