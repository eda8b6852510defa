// Owns: how much the tables may still grow, and that the file is longer than what the next commit can reach.
// Both counts are on the safe side; the true figures are looked up only when a count comes to its end. The room on the disk,
// which others use as well, is looked up for every transaction: lmdb's native code was seen to damage its heap when it ran out of it.
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

/** Left free on the disk, for what others write between the look and the commit, bytes; removals, which make room, may use half of it. */
const DISK_BYTES_MIN = 8 * 2 ** 20;

type Growing = Pick<GrowingFile, 'length' | 'reach'>;

export class Room {
  readonly #file: Growing;
  readonly #bytesMax: number;
  readonly #look: () => Usage;
  readonly #freeOnDisk: () => number;
  readonly #pageSize: number;
  #left = 0;
  #reach = 0;
  #pending = 0;
  #disk = 0;

  constructor(file: Growing, bytesMax: number, look: () => Usage, freeOnDisk: () => number) {
    this.#file = file;
    this.#bytesMax = bytesMax;
    this.#look = look;
    this.#freeOnDisk = freeOnDisk;
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
    if (this.#pending === 0) this.#disk = this.#freeOnDisk();
    if (this.#pending + needed + (frees ? DISK_BYTES_MIN / 2 : DISK_BYTES_MIN) > this.#disk) return false;
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
