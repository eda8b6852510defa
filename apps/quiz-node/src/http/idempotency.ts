/**
 * `Idempotency-Key`: the same POST again gives the first answer (24 h), 409 while the first is under way (a mark that lapses
 * after 60 s, so that a node's death does not block the key), 422 for another payload. Owns the marks in Records.
 */
import { createHash } from 'node:crypto';
import type { Clock, Records } from '@ringmaster/actors';
import { Problem } from './problem.js';

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Mark {
  readonly payload: string;
  readonly startedAt: number;
  readonly answer?: StoredAnswer;
}

const keepMs = 24 * 3_600_000;
const underWayMs = 60_000;
export const idempotencyKeyCharsMax = 200;

export class Idempotency {
  constructor(
    private readonly records: Records,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs `work` once for (owner, route, key). An attempt that throws frees the key.
   * @throws Problem 409 while the same request is under way, 422 when the key came with another payload.
   */
  async once(owner: string, route: string, key: string | undefined, payload: Uint8Array, work: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
    if (key === undefined) return work();
    if (key === '' || key.length > idempotencyKeyCharsMax) throw new Problem(422, `Idempotency-Key takes 1 to ${idempotencyKeyCharsMax} characters`);
    const place = `idempotency/${digest(`${owner}\n${route}\n${key}`)}`;
    const payloadDigest = digest(payload);
    const version = await this.begin(place, payloadDigest);
    if (typeof version !== 'number') return version;
    try {
      const answer = await work();
      await this.records.put(place, encode({ payload: payloadDigest, startedAt: this.clock.wall(), answer }), {
        expected: version,
        expiresAt: this.clock.wall() + keepMs,
      });
      return answer;
    } catch (error) {
      await this.records.delete(place, version);
      throw error;
    }
  }

  /** @returns the version of the mark now set, or the answer given before. */
  private async begin(place: string, payload: string): Promise<number | StoredAnswer> {
    const now = this.clock.wall();
    const stored = await this.records.get(place);
    if (stored) {
      const mark = JSON.parse(new TextDecoder().decode(stored.value)) as Mark;
      if (mark.payload !== payload) throw new Problem(422, 'this Idempotency-Key was used with another payload');
      if (mark.answer) return mark.answer;
      if (now - mark.startedAt < underWayMs) throw underWay();
    }
    const version = await this.records.put(place, encode({ payload, startedAt: now }), { expected: stored?.version ?? 0, expiresAt: now + keepMs });
    if (version === undefined) throw underWay();
    return version;
  }
}

const underWay = () => new Problem(409, 'the same request is under way', { headers: { 'retry-after': '1' } });
const encode = (mark: Mark) => new TextEncoder().encode(JSON.stringify(mark));
const digest = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
