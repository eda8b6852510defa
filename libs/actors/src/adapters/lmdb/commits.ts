// Owns: the order of all writes to one data file, and who is told what about them. Does not own: keys, values, files.
// Group commit (L4): one transaction at a time; what is submitted while it is on its way makes the next one. A plan runs
// when its transaction is put together, so that it sees everything that was written before it and two plans never race.
// Nobody is answered before the transaction is durable. After a failure that is not "no room" nothing is written again:
// a later sync could succeed without the bytes that the failed one lost.
import { Changes, type Change, type Draft, type Table } from './draft.js';
import { closedError, fullError, isFull, storeError } from './errors.js';

export interface CommitQueueOptions<T extends Table> {
  readonly path: string;
  /** Makes all changes durable, or none. Called for every transaction, with no changes too. */
  commit(changes: readonly Change<T>[]): Promise<void>;
  /** Makes sure that there is room for a transaction that writes about so many bytes, else throws. */
  reserve(bytes: number, frees: boolean): void;
  soon(fn: () => void): void;
  /** The process should end: nothing can be written any more. */
  onFatal(error: Error): void;
}

/** A transaction is cut after this many bytes, so that one huge write does not hold up everybody for long. */
const TRANSACTION_BYTES_MAX = 64 * 1024 * 1024;

export interface Weight {
  /** About how much the plan writes, keys included; for removals a page or so for each. */
  readonly bytes: number;
  /** It only removes: it is let through when there is no room, for it makes some. */
  readonly frees?: boolean;
}

interface Submission<T extends Table> {
  readonly weight: Weight;
  plan(draft: Draft<T>): void;
  answer(): void;
  refuse(error: unknown): void;
}

export class CommitQueue<T extends Table> {
  readonly #options: CommitQueueOptions<T>;
  #queue: Submission<T>[] = [];
  #running: Promise<void> | undefined;
  #failure: Error | undefined;
  #closed = false;
  #full = false;

  constructor(options: CommitQueueOptions<T>) {
    this.#options = options;
  }

  /** Whether the last write that needed room found none. */
  get full(): boolean {
    return this.#full;
  }

  /** @returns what the plan returned, once everything that it wrote is durable. */
  submit<R>(weight: Weight, plan: (draft: Draft<T>) => R): Promise<R> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#closed) return Promise.reject(closedError(this.#options.path));
    return new Promise<R>((resolve, reject) => {
      let result: R;
      this.#queue.push({
        weight,
        plan: (draft) => {
          result = plan(draft);
        },
        answer: () => {
          resolve(result);
        },
        refuse: reject,
      });
      this.#running ??= this.#run();
    });
  }

  /** Refuses new work and waits for what was submitted. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // Everybody whose write was just answered gets the chance to be part of the next transaction.
      await new Promise<void>((resolve) => {
        this.#options.soon(resolve);
      });
      await this.#transaction();
    }
    this.#running = undefined;
  }

  async #transaction(): Promise<void> {
    const draft = new Changes<T>();
    const planned = this.#put(draft);
    let error: unknown;
    try {
      await this.#options.commit(draft.changes);
    } catch (cause) {
      error = storeError(this.#options.path, cause);
    }
    for (const settled of draft.settled) settled(error === undefined);
    if (error !== undefined) {
      for (const { refuse } of planned) refuse(error);
      if (isFull(error)) this.#full = true;
      else this.#fail(error as Error);
      return;
    }
    if (planned.some(({ weight }) => weight.frees !== true)) this.#full = false;
    for (const { answer } of planned) answer();
  }

  /** Runs the plans that fit into one transaction. @returns those that wait for it. */
  #put(draft: Changes<T>): Submission<T>[] {
    const planned: Submission<T>[] = [];
    let bytes = 0;
    let taken = 0;
    for (const submission of this.#queue) {
      const { weight } = submission;
      if (taken > 0 && bytes + weight.bytes > TRANSACTION_BYTES_MAX) break;
      taken += 1;
      try {
        this.#options.reserve(weight.bytes, weight.frees === true);
        submission.plan(draft);
        bytes += weight.bytes;
        planned.push(submission);
      } catch (cause) {
        const full = isFull(cause);
        if (full) this.#full = true;
        submission.refuse(full ? fullError(this.#options.path, cause) : cause);
      }
    }
    this.#queue = this.#queue.slice(taken);
    return planned;
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const { refuse } of this.#queue) refuse(error);
    this.#queue = [];
    this.#options.onFatal(error);
  }
}
