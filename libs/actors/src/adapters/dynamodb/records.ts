// Owns: the documents by key, their versions and their expiry. Does not own: what is in them.
// A write names the row that it replaces, so of two writers that expect the same version one wins. A value that does not fit
// into an item is written with its row in one transaction. A row that has expired is none, whether or not DynamoDB has removed it.
// After a lost answer the same write is made again; it finds its own nonce in the row, or in that of who came next.
import { DeleteCommand, GetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PutOptions, RecordPage, Records, StoredRecord } from '../../ports/records.js';
import { deleteRows } from './batch-delete.js';
import type { Calls, Written } from './calls.js';
import { busyError, corruptError } from './errors.js';
import { listRows } from './record-list.js';
import { draftOf, pieceKeys, pieceRows, rowKey, updateOf, type Draft, type Row, type Seen } from './record-rows.js';

const none: Seen = { kind: 'none' };
/** Rounds against other writers before each further one waits. */
const QUICK_ROUNDS = 3;

export class DynamoRecords implements Records {
  readonly #calls: Calls;
  readonly #table: string;

  constructor(calls: Calls, table: string) {
    this.#calls = calls;
    this.#table = table;
  }

  async get(key: string): Promise<StoredRecord | undefined> {
    const row = await this.#alive(key);
    return row && this.#whole(row);
  }

  /** @throws RangeError for keys and values that cannot be kept; JournalError as `Calls.run` */
  async put(key: string, value: Uint8Array, { expected, expiresAt }: PutOptions = {}): Promise<number | undefined> {
    const draft = draftOf(key, value, this.#calls.nonce(), expiresAt);
    // What stands there is guessed, and known after a wrong guess. Only a transaction does not say what it replaced.
    let seen: Seen = draft.pieces.length > 1 ? seenAs(await this.#row(key)) : expected ? { kind: 'version', version: expected } : none;
    for (let round = 1; round <= this.#calls.limits.roundsMax; round += 1) {
      const current = this.#versionOf(seen);
      if (expected !== undefined && expected !== current) return undefined;
      const version = current + 1;
      const written = await this.#write(draft, version, seen);
      if (written.done) {
        if (written.output !== undefined) await this.#forgetPieces(written.output);
        return version;
      }
      const found = written.found as Row | undefined;
      if (found?.writer === draft.writer || found?.before === draft.writer) return version;
      seen = seenAs(found);
      if (round >= QUICK_ROUNDS) await this.#calls.pause(1);
    }
    throw busyError(`writing ${key}`);
  }

  async delete(key: string, expected?: number): Promise<boolean> {
    const command = { TableName: this.#table, Key: rowKey(key), ReturnValues: 'ALL_OLD' } as const;
    if (expected === undefined) {
      const { Attributes } = await this.#calls.run(`removing ${key}`, () => this.#calls.document.send(new DeleteCommand(command)));
      if (Attributes !== undefined) await this.#forgetPieces(Attributes as Row);
      return true;
    }
    const row = await this.#row(key);
    if (expected !== this.#versionOf(seenAs(row))) return false;
    if (row === undefined) return true;
    // By its writer: versions begin again at 1 once a record was removed.
    const exactly = { ConditionExpression: '#writer = :seen', ExpressionAttributeNames: { '#writer': 'writer' }, ExpressionAttributeValues: { ':seen': row.writer } };
    const written = await this.#calls.write(`removing ${key}`, () => this.#calls.document.send(new DeleteCommand({ ...command, ...exactly })));
    // After a lost answer: it is gone, or was gone when somebody made a new one.
    const gone = written.done || (written.doubtful && (written.found === undefined || written.found['before'] === ''));
    if (gone) await this.#forgetPieces(row);
    return gone;
  }

  async list(prefix: string, options: { limit: number; cursor?: string }): Promise<RecordPage> {
    const { rows, nextCursor } = await listRows(this.#calls, this.#table, prefix, options, (row) => this.#lives(row));
    const read = await Promise.all(rows.map(async (row) => ({ key: row.sk, stored: row.value === undefined ? await this.get(row.sk) : recordOf(row, row.value) })));
    const items = read.flatMap(({ key, stored }) => (stored === undefined ? [] : [{ key, ...stored }]));
    return nextCursor === undefined ? { items } : { items, nextCursor };
  }

  /** @returns the row that was replaced, as far as the request tells. */
  #write(draft: Draft, version: number, seen: Seen): Promise<Written<Row | undefined>> {
    const update = updateOf(this.#table, draft, version, seen, this.#calls.clock.wall());
    return this.#calls.write(`writing ${draft.key}`, async () => {
      if (draft.pieces.length === 1) {
        const { Attributes } = await this.#calls.document.send(new UpdateCommand({ ...update, ReturnValues: 'ALL_OLD' }));
        return Attributes as Row | undefined;
      }
      const puts = pieceRows(draft).map((row) => ({ Put: { TableName: this.#table, Item: row } }));
      await this.#calls.document.send(new TransactWriteCommand({ TransactItems: [{ Update: update }, ...puts] }));
      return seen.kind === 'row' ? seen.row : undefined;
    });
  }

  async #row(key: string): Promise<Row | undefined> {
    const command = { TableName: this.#table, Key: rowKey(key), ConsistentRead: true };
    const { Item } = await this.#calls.run(`reading ${key}`, () => this.#calls.document.send(new GetCommand(command)));
    return Item as Row | undefined;
  }

  async #alive(key: string): Promise<Row | undefined> {
    const row = await this.#row(key);
    return row !== undefined && this.#lives(row) ? row : undefined;
  }

  /** @throws JournalError STORE_CORRUPT when pieces are missing of a row that stays */
  async #whole(first: Row): Promise<StoredRecord | undefined> {
    let row: Row | undefined = first;
    for (let round = 1; round <= this.#calls.limits.roundsMax; round += 1) {
      const { value, writer }: Row = row;
      const bytes = value ?? (await this.#join(row));
      if (bytes !== undefined) return recordOf(row, bytes);
      // Replaced while it was read.
      row = await this.#alive(first.sk);
      if (row === undefined) return undefined;
      if (row.writer === writer) throw corruptError(`record ${first.sk}`);
    }
    throw busyError(`reading ${first.sk}`);
  }

  async #join({ sk, writer, pieces = 0 }: Row): Promise<Uint8Array | undefined> {
    const read = async (key: { pk: string; sk: string }): Promise<Uint8Array | undefined> => {
      const command = { TableName: this.#table, Key: key, ConsistentRead: true };
      const { Item } = await this.#calls.run(`reading ${sk}`, () => this.#calls.document.send(new GetCommand(command)));
      return (Item as { value: Uint8Array } | undefined)?.value;
    };
    const values = await Promise.all(pieceKeys(sk, writer, pieces).map(read));
    return values.length === 0 || values.includes(undefined) ? undefined : Buffer.concat(values as Uint8Array[]);
  }

  /** Of a row that is not there any more. The record is as it should be, whatever comes of this. */
  async #forgetPieces({ sk, writer, pieces = 0 }: Row): Promise<void> {
    if (pieces === 0) return;
    await deleteRows(this.#calls, this.#table, pieceKeys(sk, writer, pieces)).catch(() => this.#calls.observer.leftBehind?.(pieces));
  }

  #versionOf(seen: Seen): number {
    if (seen.kind === 'none') return 0;
    if (seen.kind === 'version') return seen.version;
    return this.#lives(seen.row) ? seen.row.version : 0;
  }

  #lives({ expiresAt }: Pick<Row, 'expiresAt'>): boolean {
    return expiresAt === undefined || expiresAt > this.#calls.clock.wall();
  }
}

function seenAs(row: Row | undefined): Seen {
  return row === undefined ? none : { kind: 'row', row };
}

function recordOf({ version }: Row, value: Uint8Array): StoredRecord {
  return { value, version };
}
