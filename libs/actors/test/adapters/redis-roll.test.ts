/** Who is alive as far as one process has seen: by time alone, without Redis. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Roll, viewOf } from '@ringmaster/actors/adapters/redis/roll';
import { decodeRow, encodeRow, fieldOf, ringHashOf, type MemberRow } from '@ringmaster/actors/adapters/redis/rows';

const limits = { deadAfterMs: 2_000, graceMs: 3_000, forgetAfterMs: 10_000 };
const EVERY_MS = 500;
const row = (name: string, beat: number, more: Partial<MemberRow> = {}): MemberRow => ({ kind: 'node', name, boot: 'b1', address: '127.0.0.1:1', since: 1_000, ringHash: 'h', beat, ...more });
const rowsOf = (rows: readonly MemberRow[]) => new Map(rows.map((each) => [fieldOf(each), each]));

let roll: Roll;
let now: number;
let beat: number;
beforeEach(() => {
  roll = new Roll(limits);
  now = 50_000;
  beat = 0;
});

const names = (): string[] => roll.members().map(({ name }) => name);
/** Reads every 500 ms for so long: `alive` beat, `silent` are there and do not. */
function pass(ms: number, alive: readonly string[], silent: readonly MemberRow[] = []): void {
  for (const end = now + ms; now < end; ) {
    now += EVERY_MS;
    beat += 1;
    roll.read(rowsOf([...alive.map((name) => row(name, beat)), ...silent]), now, false);
  }
}

describe('silence', () => {
  test('a member that stands still is dropped after deadAfterMs, and not before', () => {
    pass(5_000, ['a', 'b']);
    const last = row('b', beat);
    pass(1_500, ['a'], [last]);
    expect(names()).toEqual(['a', 'b']);
    pass(500, ['a'], [last]);
    expect(names()).toEqual(['a']);
  });

  test('a row that is missing is a silence like any other', () => {
    pass(1_000, ['a', 'b']);
    pass(1_500, ['a']);
    expect(names()).toEqual(['a', 'b']);
    pass(500, ['a', 'b']);
    pass(1_500, ['a']);
    expect(names()).toEqual(['a', 'b']);
    pass(500, ['a']);
    expect(names()).toEqual(['a']);
  });

  test('who comes back is a member again', () => {
    pass(1_000, ['a', 'b']);
    pass(3_000, ['a'], [row('b', 1)]);
    expect(names()).toEqual(['a']);
    pass(500, ['a', 'b']);
    expect(names()).toEqual(['a', 'b']);
  });

  test('an old row that is restored is no sign of life', () => {
    pass(1_000, ['a', 'b']);
    pass(3_000, ['a'], [row('b', 1)]);
    pass(500, ['a'], [row('b', 1)]);
    expect(names()).toEqual(['a']);
  });

  test('rows are forgotten long after their member was dropped, and only then', () => {
    pass(1_000, ['a', 'b']);
    const last = row('b', beat);
    pass(9_500, ['a'], [last]);
    expect(roll.forgettable()).toEqual([]);
    pass(500, ['a'], [last]);
    expect(roll.forgettable()).toEqual([fieldOf(last)]);
    pass(500, ['a']);
    expect(roll.forgettable()).toEqual([]);
  });
});

describe('outages', () => {
  test('time in which nothing could be read makes nobody older', () => {
    pass(1_000, ['a', 'b', 'c']);
    now += 3_600_000;
    pass(500, ['a']);
    expect(names()).toEqual(['a', 'b', 'c']);
  });

  test('after one, members have the grace and then deadAfterMs', () => {
    pass(1_000, ['a', 'b']);
    now += 60_000;
    pass(500 + limits.graceMs + 1_000, ['a']);
    expect(names()).toEqual(['a', 'b']);
    pass(1_000, ['a']);
    expect(names()).toEqual(['a']);
  });

  test('what Redis has forgotten is an outage too', () => {
    pass(1_000, ['a', 'b']);
    roll.read(rowsOf([row('a', (beat += 1))]), (now += EVERY_MS), true);
    pass(4_000, ['a']);
    expect(names()).toEqual(['a', 'b']);
    pass(1_500, ['a']);
    expect(names()).toEqual(['a']);
  });

  test('a short gap counts', () => {
    pass(1_000, ['a', 'b']);
    now += 1_000;
    pass(500, ['a']);
    expect(names()).toEqual(['a', 'b']);
    pass(500, ['a']);
    expect(names()).toEqual(['a']);
  });
});

describe('names', () => {
  const older = row('a', 1, { boot: 'old', since: 10 });
  const newer = row('a', 1, { boot: 'new', since: 11, address: '127.0.0.1:2' });
  const read = (...rows: readonly MemberRow[]): void => roll.read(rowsOf(rows), (now += 1), false);

  test('the later process is the member, whatever the order of the rows', () => {
    read(newer, older);
    expect(roll.members()).toEqual([newer]);
    expect(roll.rivalsOf(older)).toEqual([newer]);
  });

  test('an earlier one is a rival only when it is seen to live', () => {
    read(older, newer);
    expect(roll.rivalsOf(newer)).toEqual([]);
    read({ ...older, beat: 2 }, newer);
    expect(roll.rivalsOf(newer)).toEqual([{ ...older, beat: 2 }]);
  });

  test('at the same millisecond the boot id decides', () => {
    read(row('a', 1, { boot: 'x' }), row('a', 1, { boot: 'y' }));
    expect(roll.members().map(({ boot }) => boot)).toEqual(['y']);
  });

  test('a node and a router may have one name', () => {
    read(row('a', 1), row('a', 1, { kind: 'router' }));
    expect(roll.members()).toHaveLength(2);
    expect(viewOf(roll.members(), { version: 4, nodes: [], routers: [] })).toEqual({ version: 5, nodes: [{ name: 'a', boot: 'b1', address: '127.0.0.1:1' }], routers: ['a'] });
  });

  test('the address of one who has left is known for as long as its row is there', () => {
    read(older, row('b', 3), row('r', 1, { kind: 'router' }));
    read({ ...older, beat: 2, left: true }, row('b', 4));
    expect([names(), roll.addressOf('a'), roll.addressOf('r'), roll.addressOf('c')]).toEqual([['b', 'r'], '127.0.0.1:1', undefined, undefined]);
    read({ ...older, beat: 2, left: true }, newer, row('b', 5));
    expect(roll.addressOf('a')).toBe('127.0.0.1:2');
    pass(3_000, ['b']);
    expect(roll.addressOf('a')).toBeUndefined();
  });

  test('who says that it leaves is gone at once, and a beat that comes after it changes nothing', () => {
    read(row('a', 7), row('b', 3));
    read({ ...row('a', 8), left: true }, row('b', 4));
    expect(names()).toEqual(['b']);
    read(row('a', 7), row('b', 5));
    expect(names()).toEqual(['b']);
  });
});

test('a view changes its version when something in it changes, and is the same object otherwise', () => {
  const first = viewOf([row('a', 1)], { version: 0, nodes: [], routers: [] });
  expect(first.version).toBe(1);
  expect(viewOf([row('a', 2)], first)).toBe(first);
  expect(viewOf([row('a', 3, { boot: 'other' })], first).version).toBe(2);
});

test('rows come back as they were written, and nothing else is taken for one', () => {
  const text = fc.string();
  const rows = fc.record({ kind: fc.constantFrom('node' as const, 'router' as const), name: text, boot: text, address: text, since: fc.maxSafeNat(), beat: fc.maxSafeNat(), ringHash: text });
  fc.assert(fc.property(rows, fc.boolean(), (made, left) => expect(decodeRow(encodeRow({ ...made, ...(left ? { left } : {}) }))).toEqual({ ...made, ...(left ? { left } : {}) })));
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (other) => expect(decodeRow(other)).toBeUndefined()));
});

test('the hash is the same for the same nodes in any order, and another for others', () => {
  expect(ringHashOf(['b', 'a'])).toBe(ringHashOf(['a', 'b']));
  expect(ringHashOf(['a', 'b'])).not.toBe(ringHashOf(['ab']));
  expect(ringHashOf([])).toMatch(/^[0-9a-f]{16}$/);
});
