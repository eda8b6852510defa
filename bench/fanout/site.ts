/** A server with an audience. All sides are measured through this one door. */
import type { Crowd } from '../wire/crowd.js';

export interface FanOutSite {
  readonly crowd: Crowd;
  /** Of all processes whose CPU time counts. */
  readonly pids: readonly number[];
  /** Everything that is not measured: brings the server to where `go` can follow. */
  prepare(round: number): Promise<void>;
  /** Causes what is measured. It is over when `isLast` was true once for each client. */
  go(round: number): Promise<void>;
  isLast(payload: Buffer): boolean;
  /** Sees every message of a measured round. @throws when it is wrong. */
  check(index: number, payload: Buffer, round: number): void;
  /** Looks back when all is over. @returns what was looked at. */
  verify(): Promise<string>;
  stop(): Promise<void>;
}

/** Every client gets the same bytes in a round, and in no two rounds the same. */
export class SameForAll {
  #round = -1;
  #first: Buffer = Buffer.alloc(0);
  messages = 0;

  constructor(private readonly bytesMin: number) {}

  check(payload: Buffer, round: number): void {
    this.messages += 1;
    if (round !== this.#round) {
      if (payload.equals(this.#first) || payload.length < this.bytesMin) throw new Error(`round ${round} brought ${payload.toString().slice(0, 200)}`);
      this.#round = round;
      this.#first = Buffer.from(payload);
    } else if (!payload.equals(this.#first)) throw new Error('two clients heard different things');
  }
}

/** 500 bytes with the envelope: three bytes in UTF-8 each. */
export const REASON = '–'.repeat(136);
export const BYTES_MIN = 480;
