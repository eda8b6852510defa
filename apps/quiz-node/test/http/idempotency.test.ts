/** `Idempotency-Key`, with a clock that the test moves and a store that can be looked into. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Records } from '@ringmaster/actors';
import { systemRandom } from '@ringmaster/actors/adapters/system/clock';
import { Idempotency, type MarkPlace, type StoredAnswer } from '../../src/http/idempotency.js';
import { Problem } from '../../src/http/problem.js';
import { MemoryRecords } from '../../../../libs/actors/test/fakes-memory/memory-records.js';

let wall: number;
let records: Records;
let marks: Idempotency;
let runs: number;

beforeEach(() => {
  wall = 1_800_000_000_000;
  const clock = { mono: () => wall, wall: () => wall };
  records = new MemoryRecords(() => wall);
  marks = new Idempotency(records, clock, systemRandom);
  runs = 0;
});

const place: MarkPlace = { caller: 'ann', secret: 'ann-key', route: 'post /v1/sessions', key: 'k1' };
const payload = (text: string): Uint8Array => new TextEncoder().encode(text);
const work = async (): Promise<StoredAnswer> => ({ status: 201, headers: { location: `/v1/sessions/${(runs += 1)}` }, body: { hostToken: 'very-secret' } });
const statusOf = (attempt: Promise<unknown>): Promise<unknown> => attempt.then(() => 'done', (error: unknown) => (error instanceof Problem ? error.status : error));

describe('the same request again', () => {
  test('gets the first answer, and is not done twice', async () => {
    const first = await marks.once(place, payload('a'), work);
    expect(await marks.once(place, payload('a'), work)).toEqual(first);
    expect(runs).toBe(1);
  });

  test('is done again after a day', async () => {
    await marks.once(place, payload('a'), work);
    wall += 24 * 3_600_000 + 1;
    await marks.once(place, payload('a'), work);
    expect(runs).toBe(2);
  });

  test('is done anew after it failed', async () => {
    await expect(marks.once(place, payload('a'), () => Promise.reject(new Problem(422, 'no')))).rejects.toThrow('no');
    await marks.once(place, payload('a'), work);
    expect(runs).toBe(1);
  });

  test('of another caller, route or key is another request', async () => {
    await marks.once(place, payload('a'), work);
    await marks.once({ ...place, caller: 'bob', secret: 'bob-key' }, payload('a'), work);
    await marks.once({ ...place, route: 'post /v1/quizzes' }, payload('a'), work);
    await marks.once({ ...place, key: 'k2' }, payload('a'), work);
    expect(runs).toBe(4);
  });
});

test('without a key nothing is kept', async () => {
  await marks.once({ ...place, key: undefined }, payload('a'), work);
  expect((await records.list('', { limit: 10 })).items).toEqual([]);
});

test('another payload under the same key: 422', async () => {
  await marks.once(place, payload('a'), work);
  expect(await statusOf(marks.once(place, payload('b'), work))).toBe(422);
});

test.each(['', 'x'.repeat(201)])('a key of a length that is not taken: 422', async (key) => {
  expect(await statusOf(marks.once({ ...place, key }, payload('a'), work))).toBe(422);
});

describe('while the first is under way', () => {
  test('409, and the first goes on', async () => {
    let finish = (): void => undefined;
    const first = marks.once(place, payload('a'), async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return work();
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await statusOf(marks.once(place, payload('a'), work))).toBe(409);
    finish();
    await first;
    expect(runs).toBe(1);
  });

  test('of many at once one is done', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => statusOf(marks.once(place, payload('a'), work))));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 409)).toHaveLength(19);
    expect(runs).toBe(1);
  });

  test('the mark lapses after 60 s: a node that died does not block the key', async () => {
    void marks.once(place, payload('a'), () => new Promise(() => undefined));
    await new Promise((resolve) => setImmediate(resolve));
    wall += 59_999;
    expect(await statusOf(marks.once(place, payload('a'), work))).toBe(409);
    wall += 1;
    expect(await statusOf(marks.once(place, payload('a'), work))).toBe('done');
  });
});

test('an answer lies in the store sealed: its tokens are nobody\'s but the caller\'s', async () => {
  await marks.once(place, payload('a'), work);
  const { items } = await records.list('', { limit: 10 });
  expect(items).toHaveLength(1);
  expect(JSON.stringify(items.map(({ key, value }) => key + Buffer.from(value).toString('latin1')))).not.toContain('very-secret');
});
