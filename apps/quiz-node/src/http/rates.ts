/** How often a key may ask, and how often an address may come with a wrong one. Owns the counts of this node. */
import type { Request } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from './problem.js';
import type { Caller } from './route.js';

const refusalsPerSecondMax = 20;

export class RequestRates {
  readonly #keys: RateLimiterMemory;
  readonly #refused = new RateLimiterMemory({ points: refusalsPerSecondMax, duration: 1 });

  constructor(requestsPerSecondMax: number) {
    this.#keys = new RateLimiterMemory({ points: requestsPerSecondMax, duration: 1 });
  }

  /** @throws Problem 429 */
  async count({ id }: Caller): Promise<void> {
    if (id !== '') await this.#take(this.#keys, id, 'too many requests with this key');
  }

  /** Counts a 401 against the address that it goes to. @throws what `work` throws; Problem 429 in place of one 401 too many */
  async watchingRefusals<T>({ headers, socket }: Pick<Request, 'headers' | 'socket'>, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const address = headers['x-forwarded-for'] ?? socket.remoteAddress ?? '';
      if (error instanceof Problem && error.status === 401) await this.#take(this.#refused, String(address), 'too many requests without a valid key');
      throw error;
    }
  }

  async #take(limiter: RateLimiterMemory, key: string, detail: string): Promise<void> {
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw new Problem(429, detail, { headers: { 'retry-after': String(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))) } });
    }
  }
}
