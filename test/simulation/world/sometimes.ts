/** Counts how often a rare branch was reached, by name, over all seeds of a run. A branch that never was has not been tested. */

export class Sometimes {
  readonly counts = new Map<string, number>();

  note(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  add(other: ReadonlyMap<string, number>): void {
    for (const [name, count] of other) this.counts.set(name, (this.counts.get(name) ?? 0) + count);
  }
}
