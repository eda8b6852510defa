/** A data folder of its own for each test, with a clock and timers that the test moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Timers } from '@ringmaster/actors';
import { openLmdbStore, type LmdbStore, type LmdbStoreOptions } from '@ringmaster/actors/adapters/lmdb/store';

export class LmdbFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'ringmaster-lmdb-'));
  readonly fatal: Error[] = [];
  wall = 1_800_000_000_000;
  /** Timers that have been set and not cancelled. */
  readonly due = new Set<() => void>();
  #store: LmdbStore | undefined;

  readonly clock: Clock = { mono: () => 0, wall: () => this.wall };
  readonly timers: Timers = {
    after: (_ms, fn) => {
      this.due.add(fn);
      return () => this.due.delete(fn);
    },
    soon: (fn) => {
      setImmediate(fn);
    },
  };

  async open(options: Partial<LmdbStoreOptions> = {}): Promise<LmdbStore> {
    this.#store = await openLmdbStore({
      folder: this.path,
      shards: 256,
      clock: this.clock,
      timers: this.timers,
      onFatal: (error) => {
        this.fatal.push(error);
      },
      ...options,
    });
    return this.#store;
  }

  async reopen(options: Partial<LmdbStoreOptions> = {}): Promise<LmdbStore> {
    await this.#store?.close();
    return this.open(options);
  }

  /** Lets all timers fire that are set now. */
  fire(): void {
    const fns = [...this.due];
    this.due.clear();
    for (const fn of fns) fn();
  }

  async dispose(): Promise<void> {
    await this.#store?.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}
