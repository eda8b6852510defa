/**
 * Owns what this node knows of one client connection for as long as it is open here, and the order of its replies.
 * K2: replies leave in the order of `k`: one that is ready waits for those before it. K3: a newer `open` makes another object; replies held for this one are
 * given up, and the router sends its frames again. It does not know positions: the router does (K4).
 */
import type { Lane } from '@ringmaster/actors';
import type { Generation } from './bind-blob.js';
import type { Identity, Seat } from './seat.js';
import type { RouterLink } from './router-link.js';

/** A frame that was handed to the session and has no reply yet. */
export interface AwaitedReply {
  /** Writes the reply; null until it is known. */
  emit: (() => void) | null;
  /** Hands the frame over, where that has to wait until all earlier frames have their replies. */
  start: (() => void) | null;
}

const SAMPLES_MIN = 3;
const CREDIT_MS_MAX = 150;

export class OpenConnection {
  readonly seat: Seat;
  /** Set with the first frame: all frames of a connection use one lane, so their turns keep their order. */
  lane: Lane | null = null;
  /** Who it is, once the welcome has left (or the former owner's `bind` was taken over). */
  bound: Identity | null = null;
  gen: Generation = { epoch: 0, count: 0, at: 0 };
  /** The client was told to go; replies to frames that were taken still leave, so that they are done (K1). */
  closing = false;
  /** Not open here any more. */
  gone = false;
  rttMinMs = 0;
  rttSamples = 0;
  /** Times of refused frames, monotonic ms, oldest first. */
  refusedAt: number[] = [];
  readonly #awaited: AwaitedReply[] = [];

  constructor(
    readonly link: RouterLink,
    readonly conn: number,
    readonly sessionId: string,
    readonly shard: number,
    connId: string,
  ) {
    this.seat = { connId, identity: null };
  }

  /** The time that an answer is credited with, ms (scoring: half the shortest round trip, at most 150; 0 with fewer than 3 samples). */
  get creditMs(): number {
    return this.rttSamples < SAMPLES_MIN ? 0 : Math.min(Math.floor(this.rttMinMs / 2), CREDIT_MS_MAX);
  }

  /** A frame came: its reply will stand behind those awaited now. */
  await(reply: AwaitedReply): void {
    this.#awaited.push(reply);
    if (this.#awaited.length === 1) this.#begin(reply);
  }

  /** The reply is known: it leaves now, or when those before it have left. */
  settle(reply: AwaitedReply, emit: () => void): void {
    reply.emit = emit;
    for (let head = this.#awaited[0]; head?.emit; head = this.#awaited[0]) {
      this.#awaited.shift();
      if (!this.gone) head.emit();
      const next = this.#awaited[0];
      if (next !== undefined) this.#begin(next);
    }
  }

  #begin(reply: AwaitedReply): void {
    const { start } = reply;
    reply.start = null;
    if (!this.gone) start?.();
  }
}
