// Owns: pointers and replay positions, and through DynamoChunks the chunks. Does not own: when to write them (S1, S2, S5).
// S1: a pointer is written only over a lower `n`. S2: the replay position only rises. S3: every read is consistent and asks the
// base table by partition key; the pointers of a shard are one partition, read in pages.
// A write under a condition whose answer was lost is made again and finds its own row: the row names its writer.
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ReplayFrom, SnapshotPointer, SnapshotStore } from '../../ports/snapshot-store.js';
import type { Calls } from './calls.js';
import { DynamoChunks } from './chunks.js';
import { corruptError } from './errors.js';
import { ITEM_VALUE_BYTES_MAX, nameOf } from './tables.js';

const pointersOf = (shard: number): string => `p#${shard}`;
const replayKey = (shard: number) => ({ pk: `r#${shard}`, sk: 'replayFrom' });

export class DynamoSnapshotStore implements SnapshotStore {
  readonly #calls: Calls;
  readonly #table: string;
  readonly #chunks: DynamoChunks;

  constructor(calls: Calls, table: string) {
    this.#calls = calls;
    this.#table = table;
    this.#chunks = new DynamoChunks(calls, table);
  }

  putChunk(shard: number, entityId: string, key: string, bytes: Uint8Array): Promise<void> {
    return this.#chunks.put(shard, entityId, key, bytes);
  }

  getChunk(shard: number, entityId: string, key: string): Promise<Uint8Array | undefined> {
    return this.#chunks.get(shard, entityId, key);
  }

  deleteChunks(shard: number, entityId: string, keys: readonly string[]): Promise<void> {
    return this.#chunks.delete(shard, entityId, keys);
  }

  chunkKeys(shard: number, entityId: string): Promise<readonly string[]> {
    return this.#chunks.keys(shard, entityId);
  }

  /** @throws RangeError when the pointer does not fit into an item, which takes thousands of chunks. */
  async putPointer(shard: number, pointer: SnapshotPointer): Promise<boolean> {
    const body = JSON.stringify(pointer);
    if (Buffer.byteLength(body) > ITEM_VALUE_BYTES_MAX) throw new RangeError(`the pointer of ${pointer.entityId} has more than ${ITEM_VALUE_BYTES_MAX} bytes`);
    return this.#putRising({ pk: pointersOf(shard), sk: nameOf(pointer.entityId) }, pointer.n, body, `writing the pointer of ${pointer.entityId}`);
  }

  async getPointer(shard: number, entityId: string): Promise<SnapshotPointer | undefined> {
    const body = await this.#body({ pk: pointersOf(shard), sk: nameOf(entityId) }, `reading the pointer of ${entityId}`);
    return body === undefined ? undefined : parse<SnapshotPointer>(body, `the pointer of ${entityId}`);
  }

  async *pointers(shard: number): AsyncGenerator<readonly SnapshotPointer[], void, undefined> {
    for (let from: Record<string, unknown> | undefined; ; ) {
      const command = new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pointersOf(shard) },
        ProjectionExpression: 'body',
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      });
      const { Items = [], LastEvaluatedKey } = await this.#calls.run(`reading the pointers of shard ${shard}`, () => this.#calls.document.send(command));
      if (Items.length > 0) yield Items.map(({ body }) => parse<SnapshotPointer>(body, `a pointer of shard ${shard}`));
      if (LastEvaluatedKey === undefined) return;
      from = LastEvaluatedKey;
    }
  }

  async deletePointer(shard: number, entityId: string, n: number): Promise<boolean> {
    const command = {
      TableName: this.#table,
      Key: { pk: pointersOf(shard), sk: nameOf(entityId) },
      ConditionExpression: 'attribute_not_exists(pk) OR #rank = :rank', // made again, it finds what it has removed
      ExpressionAttributeNames: { '#rank': 'rank' },
      ExpressionAttributeValues: { ':rank': n },
    };
    const removed = await this.#calls.write(`removing the pointer of ${entityId}`, () => this.#calls.document.send(new DeleteCommand(command)));
    return removed.done;
  }

  async getReplayFrom(shard: number): Promise<ReplayFrom | undefined> {
    const what = `the replay position of shard ${shard}`;
    const body = await this.#body(replayKey(shard), `reading ${what}`);
    return body === undefined ? undefined : parse<ReplayFrom>(body, what);
  }

  putReplayFrom(shard: number, from: ReplayFrom): Promise<boolean> {
    return this.#putRising(replayKey(shard), from.offset, JSON.stringify(from), `writing the replay position of shard ${shard}`);
  }

  /** Writes the row if there is none, or one with a lower `rank`. */
  async #putRising(key: { readonly pk: string; readonly sk: string }, rank: number, body: string, what: string): Promise<boolean> {
    const writer = this.#calls.nonce();
    const command = {
      TableName: this.#table,
      Item: { ...key, rank, body, writer },
      ConditionExpression: 'attribute_not_exists(pk) OR #rank < :rank',
      ExpressionAttributeNames: { '#rank': 'rank' },
      ExpressionAttributeValues: { ':rank': rank },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    const written = await this.#calls.write(what, () => this.#calls.document.send(new PutCommand(command)));
    return written.done || written.found?.['writer'] === writer;
  }

  async #body(key: { readonly pk: string; readonly sk: string }, what: string): Promise<unknown> {
    const command = { TableName: this.#table, Key: key, ProjectionExpression: 'body', ConsistentRead: true };
    const { Item } = await this.#calls.run(what, () => this.#calls.document.send(new GetCommand(command)));
    return Item === undefined ? undefined : (Item as { body?: unknown }).body ?? '';
  }
}

function parse<T>(body: unknown, what: string): T {
  try {
    return JSON.parse(body as string) as T;
  } catch {
    throw corruptError(what);
  }
}
