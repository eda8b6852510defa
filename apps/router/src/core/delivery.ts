/**
 * Owns what one record of an owner does to one connection, and the write that follows. Does not own the order of records (lane.ts).
 * K2: a reply is written only for a `k` that is not yet done. K3: a record counts only from the link session where the connection is open. K4: an `s` or `p`
 * is written only if it is the last + 1; lower is dropped, higher means open again. K5: welcome, bind and first snapshot are one record.
 */
import type { BindRecord, NodeClose, NodeData } from '@ringmaster/protocol';
import type { OutFrame } from './client-socket.js';
import { outFrame } from './client-socket.js';
import type { Connection } from './connection.js';
import type { RouterCounters } from './counters.js';
import type { LaneWriter, PendingRecord, SharedJob } from './lane.js';

export interface DeliveryEvents {
  /** It has a role now. */
  bound(connection: Connection, record: BindRecord): void;
  /** Something before this is missing (K4). */
  gap(connection: Connection): void;
  /** A frame is done. */
  settled(connection: Connection): void;
  /** The owner wants it closed, behind what was sent. */
  closed(connection: Connection, code: number): void;
  /** Its unsent bytes grow; `over`: more than it may have (4002). */
  slow(connection: Connection, over: boolean): void;
}

export class Delivery implements LaneWriter {
  readonly #counters: RouterCounters;
  readonly #awake: () => number;
  readonly #events: DeliveryEvents;
  #out: OutFrame[] = [];

  constructor(counters: RouterCounters, awake: () => number, events: DeliveryEvents) {
    this.#counters = counters;
    this.#awake = awake;
    this.#events = events;
  }

  direct(connection: Connection, { from, record }: PendingRecord): void {
    if (connection.at !== from) {
      this.#counters.recordsIgnored++;
      return;
    }
    if (!('r' in record)) return this.#numbered(connection, undefined, record.p, record.bytes);
    switch (record.r) {
      case 'data':
        return this.#data(connection, record);
      case 'bind':
        return this.#bind(connection, record);
      case 'close':
        return this.#close(connection, record);
    }
  }

  shared(connection: Connection, { from, audience, s, frame }: SharedJob): void {
    if (!(connection.roleBit & audience) || connection.socket === null) return;
    if (from === null) return this.#hint(connection, frame);
    if (connection.at !== from) return;
    if (s === undefined) return this.#hint(connection, frame);
    const verdict = connection.place(s, undefined);
    if (verdict === 'write') this.#out.push(frame);
    else if (verdict === 'gap') this.#events.gap(connection);
  }

  flush(connection: Connection): void {
    const frames = this.#out;
    if (frames.length === 0) return;
    this.#out = [];
    this.send(connection, frames);
  }

  /** Writes at once, and judges the socket by what it has not sent. */
  send(connection: Connection, frames: readonly OutFrame[]): void {
    const { socket, slow } = connection;
    if (socket === null) return;
    socket.send(frames);
    const awake = this.#awake();
    connection.heartbeat?.sent(awake);
    this.#counters.messagesOut += frames.length;
    for (const { bytes } of frames) this.#counters.bytesOut += bytes.length;
    const over = slow.look(socket.bufferedBytes(), awake);
    if (over || slow.slow) this.#events.slow(connection, over);
  }

  gaveUp(): void {
    this.#counters.hintsGivenUp++;
  }

  #data(connection: Connection, { done, s, p, reset, bytes }: NodeData): void {
    if (done !== undefined && !this.#settle(connection, done)) return;
    connection.hops = 0;
    if (reset) {
      if (connection.reset(s, p)) this.#out.push(outFrame(bytes));
      else this.#counters.recordsIgnored++;
    } else if (s !== undefined || p !== undefined) this.#numbered(connection, s, p, bytes);
    else if (done !== undefined) this.#out.push(outFrame(bytes));
    else this.#hint(connection, outFrame(bytes));
    if (done !== undefined) this.#events.settled(connection);
  }

  #bind(connection: Connection, record: BindRecord): void {
    if (!this.#settle(connection, record.done)) return;
    connection.hops = 0;
    connection.bindTo(record);
    this.#events.bound(connection, record);
    for (const frame of record.frames) this.#out.push(outFrame(frame));
    this.#events.settled(connection);
  }

  #close(connection: Connection, { code, done }: NodeClose): void {
    this.flush(connection);
    this.#events.closed(connection, code);
    if (done !== undefined && this.#settle(connection, done)) this.#events.settled(connection);
  }

  #settle(connection: Connection, done: number): boolean {
    if (connection.kept.skips(done)) this.#counters.repliesSkipped++;
    if (connection.kept.settle(done)) return true;
    this.#counters.repliesDropped++;
    return false;
  }

  #numbered(connection: Connection, s: number | undefined, p: number | undefined, bytes: Uint8Array): void {
    const verdict = connection.place(s, p);
    if (verdict === 'write') {
      if (s !== undefined) connection.filling = false;
      this.#out.push(outFrame(bytes));
    } else if (verdict === 'gap') this.#events.gap(connection);
  }

  #hint(connection: Connection, frame: OutFrame): void {
    const { socket, slow } = connection;
    if (socket === null) return;
    const over = slow.look(socket.bufferedBytes(), this.#awake());
    if (over || slow.slow) {
      if (slow.hold(frame)) this.#counters.hintsDropped++;
    } else this.#out.push(frame);
  }
}
