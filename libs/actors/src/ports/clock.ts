/** Time comes in as an argument. */
export interface Clock {
  /** Monotonic, ms, of this process; fractions allowed. */
  mono(): number;
  /** Wall clock, ms since 1970. May jump. */
  wall(): number;
}

export interface Timers {
  /** Calls `fn` once, `ms` from now at the earliest. @returns cancels. */
  after(ms: number, fn: () => void): () => void;
  /** Calls `fn` soon, after I/O that is due has been polled. */
  soon(fn: () => void): void;
}

export interface Random {
  bytes(length: number): Uint8Array;
  /** In [0, 1). */
  fraction(): number;
}
