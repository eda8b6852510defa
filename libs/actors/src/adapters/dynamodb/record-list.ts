/** Reads rows in the order of their keys. A prefix with two `/` lies in one partition; for any other the table is read whole. */
import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Calls } from './calls.js';
import { isRecord, partitionOf, rowKey, type Row } from './record-rows.js';

export interface ListedRows {
  readonly rows: readonly Row[];
  readonly nextCursor?: string;
}

type Lives = (row: Row) => boolean;
type Range = { readonly limit: number; readonly cursor?: string };

/** At most `limit` rows that live, behind the cursor. In a scan they come without values. */
export async function listRows(calls: Calls, table: string, prefix: string, range: Range, lives: Lives): Promise<ListedRows> {
  const { cursor, limit } = range;
  // Where the cursor lies outside of the prefix, everything lies behind it or nothing does.
  const outside = cursor !== undefined && !cursor.startsWith(prefix);
  if (outside && compare(cursor, prefix) > 0) return { rows: [] };
  const after = outside ? undefined : cursor;
  const partition = partitionOf(prefix);
  // One more, to know whether a further page has anything.
  const found = partition === undefined ? await scan(calls, table, prefix, after, limit + 1, lives) : await query(calls, table, partition, prefix, after, limit + 1, lives);
  const rows = found.slice(0, limit);
  return found.length > limit && rows.length > 0 ? { rows, nextCursor: rows.at(-1)!.sk } : { rows };
}

async function query(calls: Calls, table: string, partition: string, prefix: string, after: string | undefined, wanted: number, lives: Lives): Promise<Row[]> {
  const pk = rowKey(partition).pk;
  const rows: Row[] = [];
  let from: Record<string, unknown> | undefined = after === undefined ? undefined : { pk, sk: after };
  for (;;) {
    const command = new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
      ConsistentRead: true,
      Limit: wanted - rows.length,
      ...(from && { ExclusiveStartKey: from }),
    });
    const { Items = [], LastEvaluatedKey } = await calls.run(`listing ${prefix}`, () => calls.document.send(command));
    rows.push(...(Items as Row[]).filter(lives));
    if (LastEvaluatedKey === undefined || rows.length >= wanted) return rows;
    from = LastEvaluatedKey;
  }
}

/** Keeps the lowest keys that it meets. */
async function scan(calls: Calls, table: string, prefix: string, after: string | undefined, wanted: number, lives: Lives): Promise<Row[]> {
  calls.observer.scanned?.(prefix);
  let lowest: Row[] = [];
  for (let from: Record<string, unknown> | undefined; ; ) {
    const command = new ScanCommand({
      TableName: table,
      ProjectionExpression: 'pk, sk, #version, #writer, #expiresAt',
      ExpressionAttributeNames: { '#version': 'version', '#writer': 'writer', '#expiresAt': 'expiresAt' },
      ConsistentRead: true,
      ...(from && { ExclusiveStartKey: from }),
    });
    const { Items = [], LastEvaluatedKey } = await calls.run(`listing ${prefix}`, () => calls.document.send(command));
    const behind = (Items as Row[]).filter((row) => isRecord(row.pk) && row.sk.startsWith(prefix) && (after === undefined || compare(row.sk, after) > 0) && lives(row));
    lowest = [...lowest, ...behind].sort((a, b) => compare(a.sk, b.sk)).slice(0, wanted);
    if (LastEvaluatedKey === undefined) return lowest;
    from = LastEvaluatedKey;
  }
}

/** By code points, as UTF-8 orders them. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
