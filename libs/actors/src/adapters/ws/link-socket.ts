// Owns: one WebSocket as a LinkConnection, on either side. Does not own: what is in the frames, and when to dial again.
// Order and message boundaries are the WebSocket's. Nothing is dropped while it is open: what it cannot send yet is
// counted by `bufferedBytes`, and the link protocol stops in time.
import { WebSocket } from 'ws';
import type { LinkConnection, LinkHandlers } from '../../ports/link.js';

export const LINK_PATH = '/v1/link';

/** One frame carries the records of many players. */
export const LINK_FRAME_BYTES_MAX = 64 * 1024 * 1024;

/** How long a closed link waits for the other side's close frame, ms. */
export const LINK_CLOSE_TIMEOUT_MS = 2_000;

const CLOSE = { normal: 1000, notBinary: 1003 } as const;

/** A WebSocket without handlers is paused, so that no frame arrives before there is somebody to take it. */
export class LinkSocket implements LinkConnection {
  readonly #socket: WebSocket;
  #handlers: LinkHandlers | undefined;
  /** Sent before the connection was open. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #error: string | undefined;
  #closed: string | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    // An error is always followed by 'close', which has no words for it.
    socket.on('error', (error) => {
      this.#error = error.message;
    });
    socket.on('close', (code, reason) => {
      this.#close(this.#error ?? `closed with ${String(code)} ${reason.toString()}`.trimEnd());
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#handlers?.onFrame(data as Buffer);
      else socket.close(CLOSE.notBinary, 'frames are binary');
    });
    if (socket.readyState === WebSocket.OPEN) socket.pause();
    else {
      socket.on('open', () => {
        this.#open();
      });
    }
  }

  attach(handlers: LinkHandlers): void {
    if (this.#handlers !== undefined) throw new Error('the link has handlers already');
    this.#handlers = handlers;
    if (this.#closed !== undefined) handlers.onClose(this.#closed);
    else if (this.#socket.readyState === WebSocket.OPEN) this.#open();
  }

  send(frame: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame, { binary: true });
    else if (this.#socket.readyState === WebSocket.CONNECTING) {
      this.#early.push(frame);
      this.#earlyBytes += frame.length;
    }
  }

  bufferedBytes(): number {
    return this.#earlyBytes + this.#socket.bufferedAmount;
  }

  close(): void {
    // A paused socket would never see the other side's close frame.
    this.#socket.resume();
    this.#socket.close(CLOSE.normal);
  }

  #open(): void {
    if (this.#handlers === undefined) return;
    for (const frame of this.#early) this.#socket.send(frame, { binary: true });
    this.#early = [];
    this.#earlyBytes = 0;
    this.#handlers.onOpen();
    this.#socket.resume();
  }

  #close(reason: string): void {
    this.#closed = reason;
    this.#early = [];
    this.#earlyBytes = 0;
    this.#handlers?.onClose(reason);
  }
}
