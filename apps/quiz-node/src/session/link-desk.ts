/**
 * Owns one router link on the session's side: greets it, opens and closes connections on it, hands frames to the region and shows it the router's clock.
 * K3: a newer `open` of a connection, or a newer link of the same router, replaces the older one. K4, K5: an `open` with a `bind` is filled without a hello.
 * T3: frames are told to the region in the order in which they came, and a clock after them.
 */
import type { Lane, LinkHandlers, RegionPort } from '@ringmaster/actors';
import { closeCodes, decodeLinkFrame, errorCodes, type AttachedRecord, type ClientData, type OpenRecord, type RouterRecord } from '@ringmaster/protocol';
import { decodeBind } from './bind-blob.js';
import type { SessionCounters } from './counters.js';
import { OpenConnection } from './open-connection.js';
import { PendingFrame } from './pending-frame.js';
import type { Presence } from './presence.js';
import type { ReplyDesk } from './reply-desk.js';
import type { RouterLink } from './router-link.js';
import type { SessionCommand, SessionReply } from './session-command.js';
import { laneOf, laneOfFirst, translate } from './translate.js';

export interface LinkDeskDeps {
  readonly counters: SessionCounters;
  readonly region: () => RegionPort<SessionCommand, SessionReply>;
  readonly presence: Presence;
  readonly replies: ReplyDesk;
  readonly mono: () => number;
  readonly freshPlayerId: () => string;
  /** The router has said who it is. */
  readonly greeted: (desk: LinkDesk) => void;
  readonly closed: (desk: LinkDesk, reason: string) => void;
}

export class LinkDesk implements LinkHandlers {
  constructor(
    readonly link: RouterLink,
    private readonly deps: LinkDeskDeps,
  ) {}

  onOpen(): void {
    // The router speaks first.
  }

  onFrame(bytes: Uint8Array): void {
    if (!this.link.up) return;
    const frame = decodeLinkFrame(bytes, 'router');
    if (!frame.ok) return this.end(frame.reason);
    for (const record of frame.records) {
      if (!this.link.up) return;
      this.#record(record);
    }
  }

  onClose(reason: string): void {
    this.end(reason);
  }

  /** Gives the link up: everything that was open on it is open here no more. */
  end(reason: string): void {
    this.link.close();
    for (const open of [...this.link.opens.values()]) this.deps.replies.forget(open);
    this.deps.closed(this, reason);
  }

  #record(record: RouterRecord): void {
    if (record.r === 'linkHello') {
      this.link.router = record.router;
      return this.deps.greeted(this);
    }
    if (this.link.router === '') return this.end('a record before linkHello');
    switch (record.r) {
      case 'open':
        return this.#open(record);
      case 'data':
        return this.#data(record);
      case 'close': {
        const open = this.link.opens.get(record.conn);
        if (open !== undefined) this.deps.replies.forget(open);
        return;
      }
      case 'rtt': {
        const open = this.link.opens.get(record.conn);
        if (open === undefined) return;
        open.rttMinMs = record.minMs;
        open.rttSamples = record.samples;
        return;
      }
      case 'attached':
        return this.#attached(record);
      case 'clock':
        this.deps.region().edgeClock(this.link.router, record.now);
        return this.link.send({ r: 'beat', mono: this.deps.mono(), echo: record.mono });
    }
  }

  #open(record: OpenRecord): void {
    const { conn, connId, sessionId, ownerOffset, ownerEpoch, ownerSeenAt, rttMinMs = 0, rttSamples = 0 } = record;
    const region = this.deps.region();
    const before = this.link.opens.get(conn);
    if (before !== undefined) this.deps.replies.forget(before);
    const shard = region.shardOf(sessionId);
    const open = new OpenConnection(this.link, conn, sessionId, shard, connId);
    open.rttMinMs = rttMinMs;
    open.rttSamples = rttSamples;
    this.link.opens.set(conn, open);
    this.deps.presence.opened(open);
    if (ownerOffset !== 0) region.reportTime(shard, ownerOffset);
    if (ownerSeenAt > 0) region.reportLastOwner(shard, ownerEpoch, ownerSeenAt);
    if (record.bind !== undefined) this.#rebind(open, record.bind, record.s ?? 0, record.p ?? 0);
    // Whoever is asked sees to it that the shard has an owner; the router sends no frame before it knows of one.
    else if (region.ownership(shard).kind !== 'active') this.#poke(open);
  }

  #rebind(open: OpenConnection, bytes: Uint8Array, s: number, p: number): void {
    const bind = decodeBind(bytes);
    if (bind === undefined) return this.deps.replies.close(open, closeCodes.INTERNAL.code);
    const { role, playerId, e, gen } = bind;
    const identity = { role, ...(playerId === undefined ? {} : { playerId }) };
    open.seat.identity = identity;
    open.lane = laneOf(role);
    this.#ask(open, open.lane, { type: 'rebind', seat: open.seat, e, s, p }, (reply) => {
      if (reply.ok && reply.type === 'filled') this.deps.replies.filled(open, identity, gen, reply);
      else this.deps.replies.close(open, (isGone(reply) ? closeCodes.SESSION_NOT_FOUND : closeCodes.INTERNAL).code);
    });
  }

  #poke(open: OpenConnection): void {
    this.#ask(open, 'rest', { type: 'query', read: () => null }, () => undefined);
  }

  #ask(open: OpenConnection, lane: Lane, command: SessionCommand, replied: (reply: SessionReply) => void): void {
    this.deps.region().tell({
      entityId: open.sessionId,
      lane,
      command,
      replied: (reply) => {
        if (!open.gone) replied(reply);
      },
      dropped: (reason, hint) => {
        if (reason === 'notOwner') this.deps.replies.notOwner(open, hint);
        else this.deps.replies.close(open, closeCodes.INTERNAL.code);
      },
    });
  }

  #data(record: ClientData): void {
    const open = this.link.opens.get(record.conn);
    // Not open here any more: the router has been told so and sends the frame elsewhere.
    if (open === undefined) return;
    this.deps.counters.framesIn++;
    const { command, re, fatal, waits } = translate(open, record, this.deps.freshPlayerId);
    open.lane ??= laneOfFirst(command);
    const pending = new PendingFrame(this.deps.replies, open, record.k, open.lane, command, re, fatal, this.deps.mono());
    const tell = (): void => this.deps.region().tell(pending);
    if (waits) pending.start = tell;
    open.await(pending);
    if (!waits) tell();
  }

  #attached({ shards }: AttachedRecord): void {
    const region = this.deps.region();
    for (const { shard, epoch, ownerOffset } of shards) {
      if (ownerOffset !== 0) region.reportTime(shard, ownerOffset);
      region.edgeAttached(this.link.router, shard, epoch);
    }
  }
}

/** Of a session that was purged meanwhile. */
const isGone = (reply: SessionReply): boolean => !reply.ok && reply.code === errorCodes.SESSION_NOT_FOUND.code;
