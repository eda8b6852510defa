/** Removes many rows. DynamoDB takes 25 a request, and may leave some of them undone. */
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Calls } from './calls.js';
import { storeError } from './errors.js';
import { PARTITION, SORT } from './tables.js';

const BATCH_ROWS_MAX = 25;

export interface RowKey {
  readonly pk: string;
  readonly sk: string;
}

/** Deleting again what is gone is no error. @throws JournalError as `Calls.run`; some rows may be gone then. */
export async function deleteRows(calls: Calls, table: string, keys: readonly RowKey[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(keys.length / BATCH_ROWS_MAX) }, (_, i) => keys.slice(i * BATCH_ROWS_MAX, (i + 1) * BATCH_ROWS_MAX));
  await Promise.all(batches.map((batch) => deleteBatch(calls, table, batch)));
}

async function deleteBatch(calls: Calls, table: string, keys: readonly RowKey[]): Promise<void> {
  const what = `removing rows of ${table}`;
  let requests = keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: { [PARTITION]: pk, [SORT]: sk } } }));
  for (let stuck = 0; ; ) {
    const { UnprocessedItems } = await calls.run(what, () => calls.document.send(new BatchWriteCommand({ RequestItems: { [table]: requests } })));
    const left = (UnprocessedItems?.[table] ?? []) as typeof requests;
    if (left.length === 0) return;
    stuck = left.length < requests.length ? 1 : stuck + 1;
    requests = left;
    const trouble = { code: 'STORE_THROTTLED', passing: true, doubtful: false } as const;
    if (stuck >= calls.limits.attemptsMax) {
      calls.observer.failed?.(trouble.code, what);
      throw storeError(trouble, what, `${left.length} of ${keys.length} rows were left undone`);
    }
    calls.observer.retried?.(trouble.code, what);
    await calls.pause(stuck);
  }
}
