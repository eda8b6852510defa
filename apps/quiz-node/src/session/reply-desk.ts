/**
 * Writes replies to the link of their connection, and does what a reply entails: binding, closing, counting refusals.
 * K2: the record that carries a reply carries its `done`. K5: welcome, bind and what follows are one record; who is superseded goes when it is released.
 */
import type { Clock, Timers } from '@ringmaster/actors';
import { closeAfterRefusedHello, closeCodes, encodeOk, type ErrorCode, type Limits } from '@ringmaster/protocol';
import type { Rejection } from '../quiz/replies.js';
import type { Generation } from './bind-blob.js';
import type { SessionCounters } from './counters.js';
import { allowanceOf } from './limits-by-role.js';
import type { OpenConnection } from './open-connection.js';
import type { PendingFrame } from './pending-frame.js';
import type { Presence } from './presence.js';
import { errFrame, okFrame } from './reply-frames.js';
import type { Identity } from './seat.js';
import type { Filled, SessionReply, SnapshotFrame, Welcome } from './session-command.js';

/** Refusals that a client's fault causes: too many close the connection. */
const COUNTED: ReadonlySet<number> = new Set([100, 101, 102, 202]);

const LEAVE_LINGER_MS = 500;

export interface ReplyDeskDeps {
  readonly counters: SessionCounters;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly limits: Limits;
  /** Session time of a shard now, ms, with its fraction. */
  readonly exactTime: (shard: number) => number;
  /** An answer was acknowledged, so long after it came over the link, ms. */
  readonly answered: (ms: number) => void;
  /** A connection has its role. `asking`: a question is open. */
  readonly arrived: (open: OpenConnection, asking: boolean) => void;
}

export class ReplyDesk {
  constructor(private readonly deps: ReplyDeskDeps) {}

  reply(pending: PendingFrame, reply: SessionReply): void {
    const { open, k, re } = pending;
    if (!reply.ok) return this.#refused(pending, reply);
    switch (reply.type) {
      case 'welcome':
        return this.#welcomed(open, k, reply);
      case 'synced':
        // The router's estimate of when it came may be ahead by some ms, and nothing leaves before it came.
        return this.#data(open, k, encodeOk<'sync'>(re ?? 0, { t0: reply.t0, t1: reply.t1, t2: Math.max(reply.t1, this.deps.exactTime(open.shard)) }));
      case 'resynced':
        this.#data(open, k, encodeOk<'resync'>(re ?? 0, {}));
        return this.#snapshot(open, reply.snapshot);
      case 'left':
        this.#data(open, k, okFrame(re ?? 0, reply));
        return this.close(open, closeCodes.NORMAL.code);
      case 'filled':
      case 'view':
        throw new Error(`a frame is not answered with ${reply.type}`);
      case 'answered':
        this.deps.counters.answersAccepted++;
        this.deps.answered(this.deps.clock.mono() - pending.cameAt);
        return this.#data(open, k, okFrame(re ?? 0, reply));
      default:
        return this.#data(open, k, okFrame(re ?? 0, reply));
    }
  }

  /** K4: what a connection missed that another owner had welcomed. */
  filled(open: OpenConnection, identity: Identity, gen: Generation, { missed, snapshot, closeCode, asking }: Filled): void {
    if (open.gone || open.closing) return;
    this.deps.counters.filled++;
    for (const { s, p, bytes } of missed) {
      open.link.send({ r: 'data', conn: open.conn, ...(s === undefined ? {} : { s }), ...(p === undefined ? {} : { p }), reset: false, bytes });
    }
    if (snapshot !== null) this.#snapshot(open, snapshot);
    if (closeCode === null) this.#bind(open, identity, gen, asking);
    // K7: a `leave` whose ok got lost may be on its way again, and closes by itself.
    else if (closeCode === closeCodes.NORMAL.code) this.deps.timers.after(LEAVE_LINGER_MS, () => this.close(open, closeCode));
    else this.close(open, closeCode);
  }

  /** Closes the client's socket behind what was sent. It hears nothing more but the replies to frames that were taken. */
  close(open: OpenConnection, code: number): void {
    if (open.gone || open.closing) return;
    open.closing = true;
    this.deps.counters.closes++;
    open.link.send({ r: 'close', conn: open.conn, code });
    this.deps.presence.of(open.sessionId)?.left(open, this.deps.clock.mono());
  }

  /** K6. The router opens it elsewhere and sends its frames again. */
  notOwner(open: OpenConnection, hint: string): void {
    if (open.gone) return;
    this.deps.counters.notOwner++;
    open.link.send({ r: 'notOwner', conn: open.conn, shard: open.shard, hint });
    this.forget(open);
  }

  /** The connection is not open here any more. */
  forget(open: OpenConnection): void {
    if (open.gone) return;
    open.gone = true;
    if (open.link.opens.get(open.conn) === open) open.link.opens.delete(open.conn);
    this.deps.presence.removed(open);
  }

  #welcomed(open: OpenConnection, k: number, { role, playerId, gen, s, p, bind, frames, asking }: Welcome): void {
    const { perSecond, burst } = allowanceOf(role, this.deps.limits);
    const identity: Identity = { role, ...(playerId === undefined ? {} : { playerId }) };
    this.deps.counters.welcomes++;
    open.link.send({
      r: 'bind', conn: open.conn, done: k, s, p, ...identity, genEpoch: gen.epoch, genCount: gen.count, perSecond, burst, bind, frames,
    });
    if (!open.closing) this.#bind(open, identity, gen, asking);
  }

  #bind(open: OpenConnection, identity: Identity, gen: Generation, asking: boolean): void {
    const superseded = this.deps.presence.of(open.sessionId)?.bound(open, identity, gen) ?? null;
    if (superseded !== null) this.close(superseded, closeCodes.SUPERSEDED.code);
    if (superseded !== open) this.deps.arrived(open, asking);
  }

  #refused({ open, k, re, command, fatal }: PendingFrame, rejection: Rejection): void {
    const { code } = rejection;
    this.deps.counters.refusals++;
    this.#data(open, k, errFrame(re, rejection));
    const closeCode = this.#closeAfter(open, code, command.type === 'hello' || (command.type === 'refuse' && command.hello));
    if (fatal) this.close(open, closeCodes.PROTOCOL_ERROR.code);
    else if (closeCode !== null) this.close(open, closeCode);
  }

  #closeAfter(open: OpenConnection, code: number, hello: boolean): number | null {
    if (COUNTED.has(code) && this.#tooMany(open)) return closeCodes.PROTOCOL_ERROR.code;
    if (open.bound !== null || code === 110) return null;
    return hello || code === 100 || code === 103 ? closeAfterRefusedHello(code as ErrorCode) : null;
  }

  #tooMany(open: OpenConnection): boolean {
    const now = this.deps.clock.mono();
    const { refusedFramesMax, refusedFramesWindowMs } = this.deps.limits;
    open.refusedAt = [...open.refusedAt.filter((at) => now - at < refusedFramesWindowMs), now];
    return open.refusedAt.length >= refusedFramesMax;
  }

  #data(open: OpenConnection, done: number, bytes: Uint8Array): void {
    open.link.send({ r: 'data', conn: open.conn, done, reset: false, bytes });
  }

  #snapshot(open: OpenConnection, { s, p, bytes }: SnapshotFrame): void {
    open.link.send({ r: 'data', conn: open.conn, s, p, reset: true, bytes });
  }
}
