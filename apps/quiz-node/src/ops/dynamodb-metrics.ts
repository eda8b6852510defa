/** What DynamoDB is asked, how long it takes, and what does not work. */
import { Counter, Histogram, type Registry } from 'prom-client';

const PREFIX = 'ringmaster_node_dynamodb_';
/** Around the time-out of 2 s. */
const BUCKETS_S = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];

/** As the store tells it. Codes are STORE_AWAY, STORE_THROTTLED and their like: a handful. */
export interface DynamoRequests {
  requested(operation: string, ms: number, ok: boolean): void;
  retried(code: string): void;
  failed(code: string): void;
  leftBehind(rows: number): void;
  scanned(): void;
}

export function dynamoMetrics(registry: Registry): DynamoRequests {
  const registers = [registry];
  const requests = new Histogram({
    name: `${PREFIX}request_seconds`, help: 'Requests to DynamoDB, each attempt for itself', labelNames: ['operation', 'ok'] as const, buckets: BUCKETS_S, registers,
  });
  const retries = new Counter({ name: `${PREFIX}retries_total`, help: 'Attempts that failed and were made again', labelNames: ['code'] as const, registers });
  const failures = new Counter({ name: `${PREFIX}failures_total`, help: 'Calls that failed for whoever made them', labelNames: ['code'] as const, registers });
  const rows = new Counter({ name: `${PREFIX}rows_left_behind_total`, help: 'Rows that nothing names any more and that could not be removed', registers });
  const scans = new Counter({ name: `${PREFIX}scans_total`, help: 'Lists for which the whole table of records was read', registers });
  return {
    requested: (operation, ms, ok) => requests.observe({ operation, ok: String(ok) }, ms / 1000),
    retried: (code) => retries.inc({ code }),
    failed: (code) => failures.inc({ code }),
    leftBehind: (count) => rows.inc(count),
    scanned: () => scans.inc(),
  };
}
