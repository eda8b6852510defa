/**
 * Owns what the router knows of one client connection for its whole life, over all owners: who it is, what was written to it, what it waits for. Does not own
 * where it goes next (routes.ts) nor when it is written to (lane.ts).
 * K1/K2: kept frames. K3: records count only from the link session where it is open. K4: positions. K5: `bind` is kept unread.
 */
import type { BindRecord } from '@ringmaster/protocol';
import { audienceBit } from '@ringmaster/protocol';
import type { ClientSocket } from './client-socket.js';
import type { Heartbeat } from './heartbeat.js';
import { KeptFrames, type KeptLimits } from './kept-frames.js';
import type { PendingRecord } from './lane.js';
import type { LinkSession } from './link-session.js';
import type { FrameRate } from './rate.js';
import { SlowConsumer, type SlowLimits } from './slow-consumer.js';

export interface ConnectionIdentity {
  /** This router's number of it. */
  readonly conn: number;
  /** Unique over all routers. */
  readonly connId: string;
  readonly sessionId: string;
  readonly shard: number;
  readonly remote: string;
}

/** write: it is the next one. old: it was written before. gap: something before it is missing. */
export type PositionVerdict = 'write' | 'old' | 'gap';

export class Connection {
  readonly id: ConnectionIdentity;
  /** Null when the client is gone: the connection then lives on until its kept frames are done (K1). */
  socket: ClientSocket | null;
  /** With which the client went. */
  closeCode = 0;
  readonly kept: KeptFrames;

  /** Where it is open. */
  at: LinkSession | null = null;
  /** The epoch that the owner had told when it was opened there, 0 when it had told none. */
  openEpoch = 0;
  openedAt = 0;
  /** Frames go to the owner as they come; before that they are only kept. */
  flowing = false;
  /** Opened again, and the owner has not yet filled what was missed: a gap is expected (K4). */
  filling = false;
  /** How often it was sent on since it was last served. */
  hops = 0;

  /** 0 before welcome. */
  roleBit = 0;
  bind: Uint8Array | null = null;
  s = 0;
  p = 0;
  /** The highest epoch of an owner by which it was written to. */
  writtenEpoch = 0;
  rate: FrameRate | null = null;
  heartbeat: Heartbeat | null = null;
  readonly slow: SlowConsumer;
  /** When this process took it, in awake ms. */
  readonly acceptedAt: number;

  /** Records of the owner that are to be applied in their order (lane.ts). */
  readonly inbox: PendingRecord[] = [];
  /** The last batch of its lane that has visited it. */
  visitedIn = 0;

  constructor(id: ConnectionIdentity, socket: ClientSocket, limits: KeptLimits & SlowLimits, awake: number) {
    this.id = id;
    this.socket = socket;
    this.kept = new KeptFrames(limits);
    this.slow = new SlowConsumer(limits);
    this.acceptedAt = awake;
  }

  get bound(): boolean {
    return this.roleBit !== 0;
  }

  /** K5. The bytes are copied, and not by `slice`, which a Buffer overrides: a view would keep the whole link frame alive. */
  bindTo(record: BindRecord): void {
    this.roleBit = audienceBit[record.role];
    this.bind = new Uint8Array(record.bind);
    this.s = record.s;
    this.p = record.p;
    this.filling = false;
    this.#written();
  }

  /**
   * K4 for a snapshot: sets the position. One that goes back is of an earlier owner, unless who sends it is known to come later: a link that was stuck delivers
   * what its node said before the connection went elsewhere and came back. @returns whether it counts
   */
  reset(s = this.s, p = this.p): boolean {
    if ((s < this.s || p < this.p) && this.openEpoch < this.writtenEpoch) return false;
    this.s = s;
    this.p = p;
    this.filling = false;
    this.#written();
    return true;
  }

  /** K4: whether a message at this position is the next one; if so it counts as written. */
  place(s: number | undefined, p: number | undefined): PositionVerdict {
    if (s !== undefined && s <= this.s) return 'old';
    if (p !== undefined && p <= this.p) return 'old';
    if ((s !== undefined && s > this.s + 1) || (p !== undefined && p > this.p + 1)) return 'gap';
    if (s !== undefined) this.s = s;
    if (p !== undefined) this.p = p;
    this.#written();
    return 'write';
  }

  #written(): void {
    if (this.openEpoch > this.writtenEpoch) this.writtenEpoch = this.openEpoch;
  }
}
