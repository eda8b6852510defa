import { beforeEach, describe, expect, test } from '@jest/globals';
import { Appender, type AppendOutcome, type Numbered } from '../../src/log/appender.js';
import { LogReader } from '../../src/log/log-reader.js';
import { encodeRecord, type LogRecord } from '../../src/log/record.js';
import { RecordRule } from '../../src/log/record-rule.js';
import { Life } from '../../src/time/life.js';
import { Retry } from '../../src/time/retry.js';
import { FaultyJournal } from '../fakes/faulty-journal.js';
import { seededRandom, SimTime } from '../fakes/sim-time.js';

const fence = (epoch: number, n: number, at = 0): Numbered => {
  const record = { kind: 'fence', epoch, n, at } as const;
  return { record, bytes: encodeRecord(record), entityId: '' };
};

let time: SimTime;
let journal: FaultyJournal;
let life: Life;
let appender: Appender;

beforeEach(async () => {
  time = new SimTime();
  journal = new FaultyJournal(new Map());
  life = new Life();
  await put({ kind: 'claim', epoch: 1, nonce: 'a', owner: 'a/1' });
  const log = new LogReader(journal, 0, new RecordRule({ epoch: 1, n: 0, owner: 'a/1' }), 1, 1_000_000);
  appender = new Appender(journal, log, new Retry(time, seededRandom(1), life, { retryMsMin: 10, retryMsMax: 100 }), life);
});

/** Appends as somebody else would. */
async function put(...records: LogRecord[]): Promise<void> {
  const { fate } = journal;
  journal.fate = () => undefined;
  await journal.append(0, records.map(encodeRecord));
  journal.fate = fate;
}

/** Lets the append come to its end, whatever back-off it takes. */
async function outcomeOf(append: Promise<AppendOutcome>): Promise<AppendOutcome | { halted: string } | 'open'> {
  let outcome: AppendOutcome | { halted: string } | 'open' = 'open';
  append.then(
    (value) => (outcome = value),
    (error: { code: string }) => (outcome = { halted: error.code }),
  );
  await time.advance(5_000);
  return outcome;
}

const logged = async (): Promise<string[]> => {
  const { records } = await journal.read(0, 0, 1_000_000);
  return records.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString()) as LogRecord).map((record) => (record.kind === 'claim' ? `claim ${record.epoch}` : `${record.epoch}.${record.n}`));
};

describe('L5: the fast path', () => {
  test('the offset that was expected: accepted, and nothing is read', async () => {
    journal.read = () => Promise.reject(new Error('must not read'));
    expect(await outcomeOf(appender.append([fence(1, 1), fence(1, 2)]))).toEqual({ accepted: true, offsets: [1, 2] });
    expect(appender.position).toBe(3);
  });

  test('a foreign record between: the log is read back, and a higher claim fences', async () => {
    await put({ kind: 'claim', epoch: 2, nonce: 'b', owner: 'b/1' });
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toEqual({ accepted: false, offsets: [], fencedBy: 'b/1' });
  });

  test('a stale record between changes nothing', async () => {
    await put({ kind: 'claim', epoch: 1, nonce: 'z', owner: 'z/1' });
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toEqual({ accepted: true, offsets: [2] });
  });

  test('its own batch twice: the next append skips the second copy', async () => {
    journal.next('doubled');
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toEqual({ accepted: true, offsets: [1] });
    expect(await outcomeOf(appender.append([fence(1, 2)]))).toEqual({ accepted: true, offsets: [3] });
  });
});

describe('L4: an append ends accepted or fenced', () => {
  test('landed, but nobody heard: read back, accepted, not written again', async () => {
    journal.next('unheard');
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toEqual({ accepted: true, offsets: [1] });
    expect(await logged()).toEqual(['claim 1', '1.1']);
  });

  test('lost: the same bytes again, until they are there', async () => {
    journal.next('lost', 'lost', 'lost');
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toEqual({ accepted: true, offsets: [1] });
    expect(journal.appends).toBe(1 + 4);
  });

  test('lost, tried again, then landing late as well: one is a duplicate', async () => {
    journal.next('late');
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toMatchObject({ accepted: true });
    journal.late[0]!.land();
    expect(await outcomeOf(appender.append([fence(1, 2)]))).toMatchObject({ accepted: true });
    expect(await logged()).toEqual(['claim 1', '1.1', '1.1', '1.2']);
  });

  test('accepted before a higher claim: accepted, and fenced', async () => {
    journal.next('held');
    const append = appender.append([fence(1, 1)]);
    await time.settle();
    journal.held[0]!.land();
    await put({ kind: 'claim', epoch: 2, nonce: 'b', owner: 'b/1' }, { kind: 'fence', epoch: 2, n: 2, at: 0 });
    journal.held[0]!.fail();
    expect(await outcomeOf(append)).toEqual({ accepted: true, offsets: [1], fencedBy: 'b/1' });
  });

  test('behind a higher claim: fenced, though its bytes are in the log', async () => {
    journal.next('held');
    const append = appender.append([fence(1, 1)]);
    await time.settle();
    await put({ kind: 'claim', epoch: 2, nonce: 'b', owner: 'b/1' });
    journal.held[0]!.land();
    journal.held[0]!.fail();
    expect(await outcomeOf(append)).toEqual({ accepted: false, offsets: [], fencedBy: 'b/1' });
  });

  test('half of a batch landed: the whole is written again, and what was accepted is a duplicate', async () => {
    journal.next('lost');
    await put({ kind: 'fence', epoch: 1, n: 1, at: 0 });
    expect(await outcomeOf(appender.append([fence(1, 1), fence(1, 2)]))).toEqual({ accepted: true, offsets: [1, 3] });
    expect(await logged()).toEqual(['claim 1', '1.1', '1.1', '1.2']);
  });

  test('a log that starts above its position: somebody else has trimmed, so it is fenced', async () => {
    await put({ kind: 'claim', epoch: 2, nonce: 'b', owner: 'b/1' });
    await journal.trim(0, 2);
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toMatchObject({ accepted: false, fencedBy: '' });
  });

  test('other bytes under its own number halt by name', async () => {
    await put({ kind: 'fence', epoch: 1, n: 1, at: 99 });
    journal.next('lost');
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toEqual({ halted: 'RECORD_CONFLICT' });
  });

  test('a gap halts by name', async () => {
    await put({ kind: 'fence', epoch: 1, n: 5, at: 0 });
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toEqual({ halted: 'JOURNAL_GAP' });
  });

  test('a permanent error halts by its name', async () => {
    journal.next('refused');
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toEqual({ halted: 'JOURNAL_REFUSED' });
  });

  test('reads that fail are tried again', async () => {
    journal.next('unheard');
    const read = journal.read.bind(journal);
    let failures = 3;
    journal.read = (...args) => (failures-- > 0 ? Promise.reject(new Error('away')) : read(...args));
    expect(await outcomeOf(appender.append([fence(1, 1)]))).toEqual({ accepted: true, offsets: [1] });
  });

  test('given up meanwhile: it ends quietly, and writes no more', async () => {
    journal.next('lost');
    const append = appender.append([fence(1, 1)]);
    await time.settle();
    life.end();
    expect(await outcomeOf(append)).toEqual({ halted: undefined });
    expect(journal.appends).toBe(2);
  });
});
