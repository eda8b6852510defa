/** Small documents by key: quizzes, decks, idempotency marks, the session index. */
export interface Records {
  get(key: string): Promise<StoredRecord | undefined>;
  /**
   * Writes `value` if the stored version is `expected` (0: if there is none; undefined: whatever is there).
   * @returns the new version, or undefined when another version stands there.
   */
  put(key: string, value: Uint8Array, options?: PutOptions): Promise<number | undefined>;
  /** @returns false when `expected` is given and another version stands there. */
  delete(key: string, expected?: number): Promise<boolean>;
  /** Keys with `prefix` in key order, after `cursor`. Expired records are left out. */
  list(prefix: string, options: { limit: number; cursor?: string }): Promise<RecordPage>;
}

export interface PutOptions {
  readonly expected?: number;
  /** Wall-clock time after which the record may be forgotten and is not returned, ms. */
  readonly expiresAt?: number;
}

export interface StoredRecord {
  readonly value: Uint8Array;
  /** 1 at the first write, then one more with each. */
  readonly version: number;
}

export interface RecordPage {
  readonly items: readonly ({ readonly key: string } & StoredRecord)[];
  readonly nextCursor?: string;
}
