/** What the plans of one transaction have written so far, and what of it later plans see. */

/** One of the named tables of the data file. */
export interface Table {
  readonly name: string;
  getBinary(key: Buffer): Uint8Array | undefined;
}

export interface Change<T extends Table = Table> {
  readonly table: T;
  readonly key: Buffer;
  /** undefined removes the key. */
  readonly value: Uint8Array | undefined;
}

/** What a plan reads and writes. A plan refuses (throws) before its first write, or not at all. */
export interface Draft<T extends Table = Table> {
  /** As the transaction will find it: what earlier plans of it write included. */
  get(table: T, key: Buffer): Uint8Array | undefined;
  put(table: T, key: Buffer, value: Uint8Array): void;
  /** For keys that no plan reads or removes in the same transaction. */
  append(table: T, key: Buffer, value: Uint8Array): void;
  remove(table: T, key: Buffer): void;
  /** Called before anybody is answered and before the next transaction is put together. */
  after(settled: (committed: boolean) => void): void;
}

export class Changes<T extends Table> implements Draft<T> {
  readonly changes: Change<T>[] = [];
  readonly settled: ((committed: boolean) => void)[] = [];
  readonly #latest = new Map<T, Map<string, Uint8Array | undefined>>();

  get(table: T, key: Buffer): Uint8Array | undefined {
    const latest = this.#latest.get(table);
    const name = key.toString('latin1');
    return latest?.has(name) === true ? latest.get(name) : table.getBinary(key);
  }

  put(table: T, key: Buffer, value: Uint8Array): void {
    this.#note(table, key, value);
    this.append(table, key, value);
  }

  append(table: T, key: Buffer, value: Uint8Array): void {
    this.changes.push({ table, key, value });
  }

  remove(table: T, key: Buffer): void {
    this.#note(table, key, undefined);
    this.changes.push({ table, key, value: undefined });
  }

  after(settled: (committed: boolean) => void): void {
    this.settled.push(settled);
  }

  #note(table: T, key: Buffer, value: Uint8Array | undefined): void {
    let latest = this.#latest.get(table);
    if (latest === undefined) this.#latest.set(table, (latest = new Map()));
    latest.set(key.toString('latin1'), value);
  }
}
