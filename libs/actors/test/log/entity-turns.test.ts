/** What one entity did, read from a log in which others write, owners change, and records land twice or too late. */
import { describe, expect, test } from '@jest/globals';
import { entityTurns, TrimmedError, type TurnRecord, type TurnsOf } from '@ringmaster/actors';
import { encodeRecord, type LogRecord } from '../../src/log/record.js';
import { MemoryJournal } from '../fakes-memory/memory-journal.js';

const claim = (epoch: number): LogRecord => ({ kind: 'claim', epoch, nonce: `nonce-${epoch}`, owner: `node/${epoch}` });
const turn = (epoch: number, n: number, entityId: string): LogRecord => ({ kind: 'turn', epoch, n, at: 1_000 + n, entityId, v: 1, events: [{ n }] });
const fence = (epoch: number, n: number): LogRecord => ({ kind: 'fence', epoch, n, at: 1_000 + n });

async function journalOf(records: readonly LogRecord[]): Promise<MemoryJournal> {
  const journal = new MemoryJournal();
  await journal.append(0, records.map(encodeRecord));
  return journal;
}

async function numbersOf(records: readonly LogRecord[], wanted: Partial<TurnsOf> = {}, readBytesMax?: number): Promise<number[]> {
  const turns: TurnRecord[] = [];
  for await (const page of entityTurns(await journalOf(records), { shard: 0, entityId: 'a', from: 0, through: 99, ...wanted }, readBytesMax)) turns.push(...page);
  return turns.map(({ n }) => n);
}

const life = [claim(1), turn(1, 1, 'b'), turn(1, 2, 'a'), turn(1, 3, 'b'), fence(1, 4), turn(1, 5, 'a')];

test('gives the turns of one entity, up to the record that is asked for', async () => {
  expect(await numbersOf(life, { through: 5 })).toEqual([2, 5]);
  expect(await numbersOf(life, { through: 4 })).toEqual([2]);
  expect(await numbersOf(life, { through: 5, entityId: 'b' })).toEqual([1, 3]);
  expect(await numbersOf(life, { through: 5 }, 1)).toEqual([2, 5]);
});

test('starts anywhere before the first record, without knowing who owned the shard', async () => {
  for (const from of [0, 1, 2]) expect(await numbersOf(life, { from, through: 5 })).toEqual([2, 5]);
});

test('knows nothing of an entity that was never there', async () => {
  expect(await numbersOf(life, { entityId: 'c' })).toEqual([]);
  expect(await numbersOf([], { entityId: 'c' })).toEqual([]);
});

test('passes over what is stale, and what has landed twice', async () => {
  const records = [...life, claim(2), turn(1, 6, 'a'), turn(1, 5, 'a'), turn(2, 6, 'a'), turn(2, 6, 'a'), fence(2, 7)];
  expect(await numbersOf(records, { through: 7 })).toEqual([2, 5, 6]);
});

test('is not led astray by a duplicate that landed behind the place where it starts', async () => {
  const records = [claim(1), turn(1, 1, 'b'), fence(1, 2), turn(1, 1, 'b'), turn(1, 3, 'a'), turn(1, 4, 'a')];
  expect(await numbersOf(records, { from: 3, through: 4 })).toEqual([3, 4]);
});

describe('after a record that is known', () => {
  const records = [...life, claim(2), turn(1, 6, 'a'), turn(1, 5, 'a'), turn(2, 6, 'a'), fence(2, 7), turn(2, 8, 'a')];

  test('gives what was accepted later, from wherever it is read', async () => {
    for (const from of [0, 6, 8, 9]) expect(await numbersOf(records, { from, through: 8, after: { epoch: 2, n: 5 } })).toEqual([6, 8]);
    for (const from of [0, 6, 9, 10, 11]) expect(await numbersOf(records, { from, through: 8, after: { epoch: 2, n: 7 } })).toEqual([8]);
    expect(await numbersOf(records, { from: 5, through: 8, after: { epoch: 1, n: 4 } })).toEqual([5, 6, 8]);
  });

  test('gives nothing where nothing came later', async () => {
    expect(await numbersOf(records, { through: 8, after: { epoch: 2, n: 8 } })).toEqual([]);
  });
});

test('a gap is an error with a name, and so is a log that is too short', async () => {
  await expect(numbersOf([...life, turn(1, 7, 'a')], { through: 7 })).rejects.toMatchObject({ code: 'JOURNAL_GAP' });
  await expect(numbersOf(life, { through: 6 })).rejects.toMatchObject({ code: 'JOURNAL_SHORT_READ' });
});

test('a log that was trimmed above the beginning says so', async () => {
  const journal = await journalOf(life);
  await journal.trim(0, 3);
  const read = async (): Promise<void> => {
    for await (const _page of entityTurns(journal, { shard: 0, entityId: 'a', from: 1, through: 5 }));
  };
  await expect(read()).rejects.toBeInstanceOf(TrimmedError);
});
