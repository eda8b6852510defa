/** How full a table may be: with more, chains of neighbours grow long. */
const FULL_MAX = 0.7;

/** From a fingerprint to the rows that have it: open addressing, up to 12 bytes a row, at most 7/10 full. Nothing is taken out; whoever asks checks what he finds. */
export class HashIndex {
  private table: Int32Array;
  private used = 0;

  constructor(rows: number) {
    let size = 64;
    while (size * FULL_MAX < rows) size *= 2;
    this.table = new Int32Array(size);
  }

  /** True if another row may be added; otherwise make a new one. */
  get hasRoom(): boolean {
    return this.used + 1 <= this.table.length * FULL_MAX;
  }

  add(hash: number, row: number): void {
    const mask = this.table.length - 1;
    let slot = hash & mask;
    while (this.table[slot] !== 0) slot = (slot + 1) & mask;
    this.table[slot] = row + 1;
    this.used += 1;
  }

  /** The first row under `hash` for which `matches` is true, or −1. */
  find(hash: number, matches: (row: number) => boolean): number {
    const mask = this.table.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = (this.table[slot] as number) - 1;
      if (row < 0) return -1;
      if (matches(row)) return row;
    }
  }
}
