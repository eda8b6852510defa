// Owns: the bytes of snapshots. A chunk is one row; what does not fit into an item goes on in rows of a second partition, which
// are written before it and named by it, with the nonce of their writer, so that a chunk is read whole or not at all.
// One partition key per entity, so that shards do not heat up one partition of the table. S3: all reads are consistent.
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { deleteRows, type RowKey } from './batch-delete.js';
import type { Calls } from './calls.js';
import { nameOf, pieceKey, pieces } from './tables.js';

interface ChunkRow {
  readonly value: Uint8Array;
  readonly pieces: number;
  readonly writer: string;
}

const chunksOf = (shard: number, entityId: string): string => `c#${shard}#${nameOf(entityId)}`;
const restOf = (shard: number, entityId: string): string => `x#${shard}#${nameOf(entityId)}`;

export class DynamoChunks {
  constructor(
    private readonly calls: Calls,
    private readonly table: string,
  ) {}

  async put(shard: number, entityId: string, key: string, bytes: Uint8Array): Promise<void> {
    const sk = nameOf(key);
    const pk = chunksOf(shard, entityId);
    const writer = this.calls.nonce();
    const [value, ...rest] = pieces(bytes);
    await Promise.all(rest.map((piece, i) => this.putRow({ pk: restOf(shard, entityId), sk: `${sk}#${pieceKey(writer, i)}`, value: piece })));
    await this.putRow({ pk, sk, value, pieces: 1 + rest.length, writer });
  }

  async get(shard: number, entityId: string, key: string): Promise<Uint8Array | undefined> {
    const sk = nameOf(key);
    const head = await this.row<ChunkRow>(chunksOf(shard, entityId), sk);
    if (head === undefined || head.pieces === 1) return head?.value;
    const keys = Array.from({ length: head.pieces - 1 }, (_, i) => `${sk}#${pieceKey(head.writer, i)}`);
    const rest = await Promise.all(keys.map((each) => this.row<ChunkRow>(restOf(shard, entityId), each)));
    const values = rest.map((row) => row?.value);
    // Removed meanwhile: as if it had been read later.
    if (values.includes(undefined)) return undefined;
    return Buffer.concat([head.value, ...(values as Uint8Array[])]);
  }

  async delete(shard: number, entityId: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const wanted = new Set(keys.map(nameOf));
    const pk = chunksOf(shard, entityId);
    await deleteRows(this.calls, this.table, [...wanted].map((sk) => ({ pk, sk })));
    const rest = await this.keysIn(restOf(shard, entityId));
    await deleteRows(this.calls, this.table, rest.filter(({ sk }) => wanted.has(this.keyOfRest(sk))));
  }

  /** Also of chunks of which there is only a rest: whoever wrote that has died before its first row. */
  async keys(shard: number, entityId: string): Promise<string[]> {
    const [heads, rest] = await Promise.all([chunksOf(shard, entityId), restOf(shard, entityId)].map((pk) => this.keysIn(pk)));
    return [...new Set([...heads!.map(({ sk }) => sk), ...rest!.map(({ sk }) => this.keyOfRest(sk))])];
  }

  private keyOfRest(sk: string): string {
    return sk.slice(0, -`#${pieceKey(this.calls.nonce(), 0)}`.length);
  }

  private async putRow(row: RowKey & Readonly<Record<string, unknown>>): Promise<void> {
    await this.calls.run(`writing a chunk to ${this.table}`, () => this.calls.document.send(new PutCommand({ TableName: this.table, Item: row })));
  }

  private async row<T>(pk: string, sk: string): Promise<T | undefined> {
    const command = { TableName: this.table, Key: { pk, sk }, ConsistentRead: true };
    const { Item } = await this.calls.run(`reading a chunk of ${this.table}`, () => this.calls.document.send(new GetCommand(command)));
    return Item as T | undefined;
  }

  private async keysIn(pk: string): Promise<RowKey[]> {
    const keys: RowKey[] = [];
    for (let from: Record<string, unknown> | undefined; ; ) {
      const command = new QueryCommand({
        TableName: this.table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ProjectionExpression: 'pk, sk',
        ConsistentRead: true,
        ...(from && { ExclusiveStartKey: from }),
      });
      const { Items = [], LastEvaluatedKey } = await this.calls.run(`listing chunks of ${this.table}`, () => this.calls.document.send(command));
      keys.push(...(Items as RowKey[]));
      if (LastEvaluatedKey === undefined) return keys;
      from = LastEvaluatedKey;
    }
  }
}
