// Owns: the requests under way, those that wait, and how often one is tried. Does not own: what they say.
// The SDK's own retries are off: whoever writes under a condition has to know that an earlier attempt may have succeeded.
// Every attempt of one call is the same request, with the same nonce in its row.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock, Random, Timers } from '../../ports/clock.js';
import { busyError, failedCondition, storeError, troubleOf } from './errors.js';
import { observeRequests } from './observed.js';
import { defaultDynamoLimits, type DynamoLimits, type DynamoObserver, type DynamoOptions } from './options.js';

const NONCE_BYTES = 12;

/** What became of a write under a condition. `doubtful`: an earlier attempt of it may have succeeded. */
export type Written<T> =
  | { readonly done: true; readonly output: T }
  | { readonly done: false; readonly found: Record<string, unknown> | undefined; readonly doubtful: boolean };

export class Calls {
  readonly document: DynamoDBDocumentClient;
  readonly limits: DynamoLimits;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly observer: DynamoObserver;
  readonly #random: Random;
  readonly #client: DynamoDBClient;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: DynamoOptions) {
    this.limits = { ...defaultDynamoLimits, ...options.limits };
    this.clock = options.clock;
    this.timers = options.timers;
    this.observer = options.observer ?? {};
    this.#random = options.random;
    const agent = { keepAlive: true, maxSockets: this.limits.concurrentMax };
    this.#client = new DynamoDBClient({
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
      ...(options.region === undefined ? {} : { region: options.region }),
      ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
      maxAttempts: 1,
      requestHandler: {
        connectionTimeout: this.limits.connectMsMax,
        requestTimeout: this.limits.requestMsMax,
        // The one above ends with the head of the answer.
        socketTimeout: this.limits.requestMsMax,
        throwOnRequestTimeout: true,
        httpAgent: agent,
        httpsAgent: agent,
      },
    });
    this.document = DynamoDBDocumentClient.from(this.#client);
    observeRequests(this.#client, this.clock, this.observer);
  }

  /** Tells the writes of all callers apart. */
  nonce(): string {
    return Buffer.from(this.#random.bytes(NONCE_BYTES)).toString('base64url');
  }

  /**
   * Makes the request until it succeeds, attempts are used up or trying is of no use.
   * @throws JournalError STORE_AWAY, STORE_THROTTLED, STORE_REFUSED or STORE_BUSY (unknown); STORE_TABLE_MISSING or STORE_INVALID (permanent)
   */
  async run<T>(what: string, attempt: (doubtful: boolean) => Promise<T>): Promise<T> {
    await this.#enter(what);
    try {
      const until = this.clock.mono() + this.limits.callMsMax;
      let doubtful = false;
      for (let failures = 1; ; failures += 1) {
        try {
          return await attempt(doubtful);
        } catch (error) {
          const trouble = troubleOf(error);
          if (trouble === undefined) throw error;
          if (!trouble.passing || failures >= this.limits.attemptsMax || this.clock.mono() >= until) {
            this.observer.failed?.(trouble.code, what);
            throw storeError(trouble, what, error);
          }
          doubtful ||= trouble.doubtful;
          this.observer.retried?.(trouble.code, what);
        }
        await this.pause(failures);
      }
    } finally {
      this.#leave();
    }
  }

  /** A write under a condition: that it does not hold is an outcome. */
  write<T>(what: string, attempt: () => Promise<T>): Promise<Written<T>> {
    return this.run(what, async (doubtful): Promise<Written<T>> => {
      try {
        return { done: true, output: await attempt() };
      } catch (error) {
        const failed = failedCondition(error);
        if (failed === undefined) throw error;
        return { done: false, found: failed.found, doubtful };
      }
    });
  }

  /** Before attempt `attempt + 1`. */
  pause(attempt: number): Promise<void> {
    const { backoffMsMin, backoffMsMax } = this.limits;
    const ceiling = Math.min(backoffMsMax, backoffMsMin * 2 ** Math.min(attempt, 20));
    return new Promise((resolve) => {
      this.timers.after(ceiling * (0.5 + this.#random.fraction() / 2), resolve);
    });
  }

  close(): void {
    this.#client.destroy();
  }

  async #enter(what: string): Promise<void> {
    if (this.#running < this.limits.concurrentMax) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.limits.waitingMax) {
      this.observer.failed?.('STORE_BUSY', what);
      throw busyError(what);
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Who waits longest takes the place over. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}
