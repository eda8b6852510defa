// Owns: how much the tables may still grow, and that the file is longer than what the next commit can reach.
// Both counts are on the safe side; the true figures are looked up only when a count comes to its end.
import type { GrowingFile } from './data-file.js';

export interface Usage {
  readonly pageSize: number;
  /** Of the tables' trees, without what is free. */
  readonly usedPages: number;
  /** Last page of the file that a committed transaction has ever used. */
  readonly lastPage: number;
}

/** Per submission, for the pages on the way from the root to the changed leaves, for splits and for the free list. */
const PATH_PAGES = 24;

export class Room {
  readonly #file: GrowingFile;
  readonly #bytesMax: number;
  readonly #look: () => Usage;
  readonly #pageSize: number;
  #left = 0;
  #reach = 0;
  #pending = 0;

  constructor(file: GrowingFile, bytesMax: number, look: () => Usage) {
    this.#file = file;
    this.#bytesMax = bytesMax;
    this.#look = look;
    this.#pageSize = look().pageSize;
  }

  /** Reserved for the transaction that is being put together or on its way, bytes; the look does not see it. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * @param frees removals are let through when the tables have no room left: they make some.
   * @returns false when there is no room.
   * @throws the system's error when the file cannot be made longer.
   */
  reserve(bytes: number, frees: boolean): boolean {
    // A value of more than half a page takes whole pages of its own: twice its bytes at the most.
    const needed = 2 * bytes + PATH_PAGES * this.#pageSize;
    if (needed > this.#left || this.#reach + needed > this.#file.length) this.#refresh();
    if (needed > this.#left && !frees) return false;
    this.#file.reach(this.#reach + needed);
    this.#left -= needed;
    this.#reach += needed;
    this.#pending += needed;
    return true;
  }

  /** Bytes up to the limit. */
  free(): number {
    this.#refresh();
    return this.#left;
  }

  /** The transaction for which room was reserved has ended. */
  settled(): void {
    this.#pending = 0;
  }

  #refresh(): void {
    const { usedPages, lastPage } = this.#look();
    this.#left = this.#bytesMax - usedPages * this.#pageSize - this.#pending;
    this.#reach = (lastPage + 1) * this.#pageSize + this.#pending;
  }
}
