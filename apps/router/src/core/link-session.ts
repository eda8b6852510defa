/**
 * Owns one link to one node from its dial until it breaks: the frame being gathered, the node's clock, which shards the node has said it owns, and which
 * connections are open there. Never used again after it broke: a newer link is another session, and K3 compares sessions.
 */
import { LinkWriter, type MemberAddress, type RouterRecord } from '@ringmaster/protocol';
import type { LinkConnection, Timers } from '@ringmaster/actors';
import type { Connection } from './connection.js';
import { LinkClock } from './link-clock.js';

/** A frame is sent when it has so many bytes, else after the present poll. */
const FLUSH_BYTES = 32 * 1024;

export interface Told {
  readonly epoch: number;
  /** Session time = the node's monotonic time + offset. */
  readonly offset: number;
}

export class LinkSession {
  readonly node: string;
  readonly address: string;
  readonly clock = new LinkClock();
  readonly told = new Map<number, Told>();
  readonly connections = new Set<Connection>();
  /** Shards to be told as attached at the end of the link frame under way (T3). */
  readonly toAttach = new Set<number>();
  boot = '';
  /** Who is there, as the node told last. */
  members: readonly MemberAddress[] = [];
  /** Arrival of the node's last beat, monotonic ms of this router. */
  lastBeatAt = 0;
  /** When the node sent it, in its monotonic ms: a beat may have been on its way for long. */
  lastBeatSentAt = 0;
  /** Welcome and first beat have come: connections can be opened here. */
  ready = false;
  #connection: LinkConnection | null = null;
  readonly #writer = new LinkWriter('router');
  readonly #timers: Timers;
  #flushing = false;

  constructor(node: string, address: string, timers: Timers) {
    this.node = node;
    this.address = address;
    this.#timers = timers;
  }

  opened(connection: LinkConnection): void {
    this.#connection = connection;
  }

  /** Puts a record behind all before it. Does nothing when the link is broken: what must not get lost is kept elsewhere (K1). */
  send(record: RouterRecord): void {
    if (this.#connection === null) return;
    this.#writer.append(record);
    if (this.#writer.byteLength >= FLUSH_BYTES) this.flush();
    else if (!this.#flushing) {
      this.#flushing = true;
      this.#timers.soon(() => {
        this.#flushing = false;
        this.flush();
      });
    }
  }

  flush(): void {
    if (this.#connection === null || this.#writer.byteLength === 0) return;
    this.#connection.send(this.#writer.take());
  }

  bufferedBytes(): number {
    return this.#connection?.bufferedBytes() ?? 0;
  }

  /** Nothing is sent from here on. */
  broke(): void {
    this.#connection = null;
    this.ready = false;
  }
}
