/**
 * `Idempotency-Key`: the same POST again gives the first answer (24 h), 409 while the first is under way (a mark that lapses
 * after 60 s, so that a node's death does not block the key), 422 for another payload. Owns the marks in Records.
 * An answer may hold tokens, of which only digests may lie in the store: it is kept sealed with the key of its caller.
 */
import { createHash } from 'node:crypto';
import type { Clock, Random, Records } from '@ringmaster/actors';
import { Problem } from './problem.js';
import { readRow, rowBytes } from './rows.js';
import { openSealed, sealWith } from './sealed.js';

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface MarkPlace {
  /** Id of the key that calls. */
  readonly caller: string;
  /** What seals the answer: known to the caller, stored nowhere. */
  readonly secret: string;
  readonly route: string;
  /** As the caller sent it. */
  readonly key: string | undefined;
}

interface Mark {
  readonly payload: string;
  readonly startedAt: number;
  /** Base64 of the sealed answer. */
  readonly answer?: string;
}

const keepMs = 24 * 3_600_000;
const underWayMs = 60_000;
export const idempotencyKeyCharsMax = 200;

export class Idempotency {
  constructor(
    private readonly records: Records,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * Runs `work` once for (caller, route, key). An attempt that throws frees the key.
   * @throws Problem 409 while the same request is under way, 422 when the key came with another payload.
   */
  async once({ caller, secret, route, key }: MarkPlace, payload: Uint8Array, work: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
    if (key === undefined) return work();
    if (key === '' || key.length > idempotencyKeyCharsMax) throw new Problem(422, `Idempotency-Key takes 1 to ${idempotencyKeyCharsMax} characters`);
    const place = `idempotency/${digest(`${caller}\n${route}\n${key}`)}`;
    const payloadDigest = digest(payload);
    const begun = await this.begin(place, payloadDigest);
    if (typeof begun === 'string') return JSON.parse(openSealed(secret, place, begun)) as StoredAnswer;
    let answer: StoredAnswer;
    try {
      answer = await work();
    } catch (error) {
      // Should this fail too, the mark lapses by itself.
      await this.records.delete(place, begun).catch(() => false);
      throw error;
    }
    const sealed = sealWith(secret, place, JSON.stringify(answer), this.random);
    await this.write(place, { payload: payloadDigest, startedAt: this.clock.wall(), answer: sealed }, begun);
    return answer;
  }

  /** @returns the version of the mark now set, or the answer given before, sealed. */
  private async begin(place: string, payload: string): Promise<number | string> {
    const now = this.clock.wall();
    const stored = await this.records.get(place);
    if (stored) {
      const mark = readRow<Mark>(stored.value);
      if (mark.payload !== payload) throw new Problem(422, 'this Idempotency-Key was used with another payload');
      if (mark.answer !== undefined) return mark.answer;
      if (now - mark.startedAt < underWayMs) throw underWay();
    }
    const version = await this.write(place, { payload, startedAt: now }, stored?.version ?? 0);
    if (version === undefined) throw underWay();
    return version;
  }

  private write(place: string, mark: Mark, expected: number): Promise<number | undefined> {
    return this.records.put(place, rowBytes(mark), { expected, expiresAt: this.clock.wall() + keepMs });
  }
}

const underWay = (): Problem => new Problem(409, 'the same request is under way', { headers: { 'retry-after': '1' } });
const digest = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
