// The order of writes and answers, with a disk that does what the test says.
import { beforeEach, describe, expect, test } from '@jest/globals';
import { CommitQueue } from '../../src/adapters/lmdb/commits.js';
import type { Change, Table } from '../../src/adapters/lmdb/draft.js';
import { fullError } from '../../src/adapters/lmdb/errors.js';
import { bytes, text } from '../contract/bytes.js';

interface MemoryTable extends Table {
  readonly rows: Map<string, Uint8Array>;
}

interface Commit {
  readonly changes: readonly Change<MemoryTable>[];
  succeed(): void;
  fail(error: unknown): void;
}

const key = (name: string) => Buffer.from(name);
const failure = (code: number) => Object.assign(new Error('of the disk'), { code });

let table: MemoryTable;
let commits: Commit[];
let reserved: { bytes: number; frees: boolean }[];
let hasRoom: boolean;
let fatal: Error[];
let queue: CommitQueue<MemoryTable>;

beforeEach(() => {
  const rows = new Map<string, Uint8Array>();
  table = { name: 't', rows, getBinary: (at) => rows.get(at.toString()) };
  commits = [];
  reserved = [];
  hasRoom = true;
  fatal = [];
  queue = new CommitQueue<MemoryTable>({
    path: '/data.mdb',
    commit: (changes) =>
      new Promise((resolve, reject) => {
        const succeed = () => {
          for (const { key: at, value } of changes) {
            if (value === undefined) rows.delete(at.toString());
            else rows.set(at.toString(), value);
          }
          resolve();
        };
        commits.push({ changes, succeed, fail: reject });
      }),
    reserve: (weight, frees) => {
      reserved.push({ bytes: weight, frees });
      if (!hasRoom && !frees) throw fullError('/data.mdb');
    },
    soon: (fn) => {
      setImmediate(fn);
    },
    onFatal: (error) => {
      fatal.push(error);
    },
  });
});

/** Lets everything happen that can. */
const settle = async () => {
  for (let i = 0; i < 10; i += 1) await new Promise((resolve) => setImmediate(resolve));
};
const put = (name: string, value: string, weight = 1) =>
  queue.submit({ bytes: weight }, (draft) => {
    draft.put(table, key(name), bytes(value));
    return name;
  });
const keysOf = ({ changes }: Commit) => changes.map((change) => change.key.toString());

describe('commit queue', () => {
  test('L6: nobody is answered before the commit is', async () => {
    const answered: string[] = [];
    void put('a', '1').then((name) => answered.push(name));
    void put('b', '1').then((name) => answered.push(name));
    await settle();
    expect(commits).toHaveLength(1);
    expect(answered).toEqual([]);
    commits[0]!.succeed();
    await settle();
    expect(answered).toEqual(['a', 'b']);
  });

  test('L4: what one tick submits is one transaction; what comes while it flies gathers for the next', async () => {
    const all = [put('a', '1'), put('b', '1')];
    await Promise.resolve().then(() => all.push(put('c', '1')));
    await settle();
    all.push(put('d', '1'), put('e', '1'));
    await settle();
    all.push(put('f', '1'));
    await settle();
    expect(commits.map(keysOf)).toEqual([['a', 'b', 'c']]);
    commits[0]!.succeed();
    await settle();
    expect(commits.map(keysOf)).toEqual([['a', 'b', 'c'], ['d', 'e', 'f']]);
    commits[1]!.succeed();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  test('who was answered takes part in the very next transaction', async () => {
    const again = ['a', 'b', 'c'].map((name) => put(name, '1').then(() => put(`${name}2`, '1')));
    const waiting = put('w', '1');
    await settle();
    commits[0]!.succeed();
    await settle();
    expect(keysOf(commits[1]!)).toEqual(['a2', 'b2', 'c2']);
    commits[1]!.succeed();
    await Promise.all([...again, waiting]);
  });

  test('a plan sees what earlier plans of its transaction wrote', async () => {
    table.rows.set('k', bytes('stored'));
    const read = () => queue.submit({ bytes: 1 }, (draft) => text(draft.get(table, key('k'))));
    const results = [
      read(),
      put('k', 'new'),
      read(),
      queue.submit({ bytes: 0, frees: true }, (draft) => {
        draft.remove(table, key('k'));
        return 'removed';
      }),
      read(),
    ];
    await settle();
    commits[0]!.succeed();
    expect(await Promise.all(results)).toEqual(['stored', 'k', 'new', 'removed', undefined]);
    expect(table.rows.has('k')).toBe(false);
  });

  test('a plan that throws is refused alone', async () => {
    const refusal = new Error('no');
    const refused = queue.submit({ bytes: 1 }, () => {
      throw refusal;
    });
    const done = put('a', '1');
    await expect(refused).rejects.toBe(refusal);
    commits[0]!.succeed();
    expect(await done).toBe('a');
    expect(fatal).toEqual([]);
  });

  test('a transaction that finds no room is refused as a whole; the next one is tried', async () => {
    const all = Promise.allSettled([put('a', '1'), put('b', '1')]);
    await settle();
    const later = put('c', '1');
    commits[0]!.fail(failure(28));
    for (const result of await all) expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'unknown', code: 'JOURNAL_FULL' } });
    expect(queue.full).toBe(true);
    await settle();
    commits[1]!.succeed();
    expect(await later).toBe('c');
    expect(queue.full).toBe(false);
    expect(fatal).toEqual([]);
    expect([...table.rows.keys()]).toEqual(['c']);
  });

  test('without room, only what frees is let through', async () => {
    hasRoom = false;
    const refused = put('a', '1');
    const freed = queue.submit({ bytes: 5, frees: true }, (draft) => {
      draft.remove(table, key('x'));
      return 'freed';
    });
    await expect(refused).rejects.toMatchObject({ code: 'JOURNAL_FULL' });
    commits[0]!.succeed();
    expect(await freed).toBe('freed');
    expect(queue.full).toBe(true);
    expect(reserved).toEqual([{ bytes: 1, frees: false }, { bytes: 5, frees: true }]);
  });

  test.each([
    ['a failed sync', failure(5), { kind: 'unknown', code: 'JOURNAL_IO' }],
    ['a damaged tree', failure(-30796), { kind: 'corrupt', code: 'JOURNAL_CORRUPT' }],
    ['an error without a number', new Error('what'), { kind: 'unknown', code: 'JOURNAL_IO' }],
  ])('after %s nothing is written again', async (_what, error, expected) => {
    const first = put('a', '1');
    await settle();
    const gathered = put('b', '1');
    commits[0]!.fail(error);
    await expect(first).rejects.toMatchObject(expected);
    await expect(gathered).rejects.toMatchObject(expected);
    await expect(put('c', '1')).rejects.toMatchObject(expected);
    await settle();
    expect(commits).toHaveLength(1);
    expect(fatal).toHaveLength(1);
    expect(fatal[0]).toMatchObject(expected);
  });

  test('plans are told of success and failure before anybody is answered, and before the next plans run', async () => {
    const told: string[] = [];
    const noted = (name: string) =>
      queue.submit({ bytes: 1 }, (draft) => {
        told.push(`plan ${name}`);
        draft.append(table, key(name), bytes('1'));
        draft.after((committed) => told.push(`${name} ${committed ? 'stands' : 'failed'}`));
      });
    const answered = (name: string) => () => {
      told.push(`answer ${name}`);
    };
    const first = noted('a').then(answered('a'), answered('a'));
    await settle();
    const second = noted('b').then(answered('b'));
    commits[0]!.fail(failure(28));
    await settle();
    commits[1]!.succeed();
    await Promise.all([first, second]);
    expect(told).toEqual(['plan a', 'a failed', 'answer a', 'plan b', 'b stands', 'answer b']);
  });

  test('a transaction is cut when it has grown large', async () => {
    const mib = 2 ** 20;
    const all = [put('a', '1', 40 * mib), put('b', '1', 24 * mib), put('c', '1', mib), put('d', '1', 200 * mib), put('e', '1')];
    for (const i of [0, 1, 2, 3]) {
      await settle();
      commits[i]?.succeed();
    }
    await Promise.all(all);
    expect(commits.map(keysOf)).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
  });

  test('closing waits for what was submitted and refuses the rest', async () => {
    const first = put('a', '1');
    let closed = false;
    const closing = queue.close().then(() => {
      closed = true;
    });
    await expect(put('b', '1')).rejects.toMatchObject({ kind: 'permanent', code: 'JOURNAL_CLOSED' });
    await settle();
    expect(closed).toBe(false);
    commits[0]!.succeed();
    await closing;
    expect(await first).toBe('a');
  });
});
