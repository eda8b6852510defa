/** What a writer was told, beside what is in the log. */

export interface Tally {
  /** Records that were given to the client. */
  readonly given: number;
  /** Of these, the client said that they are in the log. */
  readonly acknowledged: number;
  /** Acknowledged, and not in the log. */
  readonly lost: number;
  /** In the log more than once. */
  readonly twice: number;
  /** In the log, and the client said that they could not be sent. */
  readonly unheard: number;
  /** Answers that the proxy kept to itself. */
  readonly cut: number;
  /** Why sends failed, by name. */
  readonly errors: Readonly<Record<string, number>>;
}

/** A record's name: partition and number in it. */
export type Id = `${number}/${number}`;

export class Ledger {
  readonly #given = new Set<Id>();
  readonly #acknowledged = new Set<Id>();
  readonly #numbers = new Map<number, number>();
  readonly #errors: Record<string, number> = {};

  /** Names for the next records of a partition. */
  next(partition: number, count: number): Id[] {
    const from = this.#numbers.get(partition) ?? 0;
    this.#numbers.set(partition, from + count);
    const ids = Array.from({ length: count }, (_, i): Id => `${partition}/${from + i + 1}`);
    for (const id of ids) this.#given.add(id);
    return ids;
  }

  acknowledge(ids: readonly Id[]): void {
    for (const id of ids) this.#acknowledged.add(id);
  }

  fail(name: string): void {
    this.#errors[name] = (this.#errors[name] ?? 0) + 1;
  }

  /** @param log names of the records that are there, as often as they are */
  close(log: readonly Id[], cut: number): Tally {
    const times = new Map<Id, number>();
    for (const id of log) times.set(id, (times.get(id) ?? 0) + 1);
    return {
      given: this.#given.size,
      acknowledged: this.#acknowledged.size,
      lost: [...this.#acknowledged].filter((id) => !times.has(id)).length,
      twice: [...times.values()].filter((count) => count > 1).length,
      unheard: [...times.keys()].filter((id) => !this.#acknowledged.has(id)).length,
      cut,
      errors: this.#errors,
    };
  }
}
