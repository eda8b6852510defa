/** What the adapter is told, and every bound that it keeps. */
import type { Clock, Random, Timers } from '../../ports/clock.js';

export interface DynamoOptions {
  /** Address of DynamoDB Local or of a private endpoint, `http(s)://host:port`. Absent: the public one of the region. */
  readonly endpoint?: string;
  /** AWS region. Absent: the SDK's default chain (AWS_REGION, then the profile). */
  readonly region?: string;
  /** Absent: the SDK's default chain (environment, profile, web identity, container, instance), with its renewal. */
  readonly credentials?: DynamoCredentials;
  /** Begins the names of both tables: `<prefix>snapshots` and `<prefix>records`. Letters, digits, `_`, `-`, `.`; up to 200. */
  readonly tablePrefix: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly limits?: Partial<DynamoLimits>;
  readonly observer?: DynamoObserver;
}

export interface DynamoCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface DynamoLimits {
  /** A connection that is not made after this time has failed, ms. */
  readonly connectMsMax: number;
  /** A request that is not answered after this time has an unknown outcome, ms. */
  readonly requestMsMax: number;
  /** Attempts at one request before its caller gets the error; the runtime then waits and asks again. */
  readonly attemptsMax: number;
  /** No further attempt begins after this time, ms: whoever asks over REST does not wait for ever. */
  readonly callMsMax: number;
  /** Back-off between attempts: between half and all of min(backoffMsMax, backoffMsMin · 2^attempt), ms. */
  readonly backoffMsMin: number;
  readonly backoffMsMax: number;
  /** Requests under way at once, and waiting for that. More: STORE_BUSY. */
  readonly concurrentMax: number;
  readonly waitingMax: number;
  /** Reads of a value that is being replaced, and writes against other writers, before STORE_BUSY. */
  readonly roundsMax: number;
}

export const defaultDynamoLimits: DynamoLimits = Object.freeze({
  connectMsMax: 1_000,
  requestMsMax: 2_000,
  attemptsMax: 5,
  callMsMax: 5_000,
  backoffMsMin: 25,
  backoffMsMax: 1_000,
  concurrentMax: 64,
  waitingMax: 50_000,
  roundsMax: 100,
});

/** For metrics and logs. Codes: STORE_AWAY, STORE_THROTTLED, STORE_REFUSED, STORE_BUSY, STORE_TABLE_MISSING, STORE_INVALID. */
export interface DynamoObserver {
  /** One attempt at a request is over, `ms` after it was sent. `ok`: it was answered, be it that a condition does not hold. */
  requested?(operation: string, ms: number, ok: boolean): void;
  /** An attempt failed and is made again. */
  retried?(code: string, what: string): void;
  /** A request failed for its caller. */
  failed?(code: string, what: string): void;
  /** Rows that nothing names any more could not be removed; they cost room and nothing else. */
  leftBehind?(rows: number): void;
  /** A list whose prefix names no partition read the whole table. */
  scanned?(prefix: string): void;
}
