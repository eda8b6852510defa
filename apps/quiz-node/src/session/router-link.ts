/**
 * Owns one link to one router: the frame being gathered and the connections that are open on it. Records leave in the order in which they were given, one
 * frame per turn of the event loop. Nothing numbered is dropped: a router that does not read loses its link instead, and opens again (K1, K4 make that harmless).
 */
import type { LinkConnection, Timers } from '@ringmaster/actors';
import { LinkWriter, type NodeRecord } from '@ringmaster/protocol';
import type { OpenConnection } from './open-connection.js';

export interface RouterLinkLimits {
  /** A frame is sent at this size, else after the present poll. */
  readonly flushBytes: number;
  /** Unsent bytes from which hints are left out. */
  readonly hintBytesMax: number;
  /** Unsent bytes at which the link is given up. */
  readonly bufferedBytesMax: number;
}

export const routerLinkLimits: RouterLinkLimits = { flushBytes: 256 * 1024, hintBytesMax: 4 * 2 ** 20, bufferedBytesMax: 64 * 2 ** 20 };

export class RouterLink {
  /** Empty before linkHello. */
  router = '';
  readonly opens = new Map<number, OpenConnection>();
  #up = true;
  #flushing = false;
  readonly #writer = new LinkWriter('node');

  constructor(
    private readonly connection: LinkConnection,
    private readonly timers: Timers,
    private readonly limits: RouterLinkLimits = routerLinkLimits,
  ) {}

  get up(): boolean {
    return this.#up;
  }

  send(record: NodeRecord): void {
    if (!this.#up) return;
    this.#writer.append(record);
    if (this.#writer.byteLength >= this.limits.flushBytes) this.flush();
    else if (!this.#flushing) {
      this.#flushing = true;
      this.timers.soon(() => {
        this.#flushing = false;
        this.flush();
      });
    }
  }

  /** As `send`, for what promises nothing and may be left out. */
  hint(record: NodeRecord): void {
    if (this.connection.bufferedBytes() <= this.limits.hintBytesMax) this.send(record);
  }

  flush(): void {
    if (!this.#up || this.#writer.byteLength === 0) return;
    this.connection.send(this.#writer.take());
    if (this.connection.bufferedBytes() > this.limits.bufferedBytesMax) this.close();
  }

  /** Gives the link up; the transport's `onClose` follows. */
  close(): void {
    if (!this.#up) return;
    this.#up = false;
    this.connection.close();
  }

  broke(): void {
    this.#up = false;
  }
}
