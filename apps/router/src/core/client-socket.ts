/** The router's view of a client's WebSocket: the one thing that a socket library, or a simulation, has to offer. */
export interface ClientSocket {
  /** Sends text messages in this order, in one write where that is possible. After `close` it does nothing. */
  send(frames: readonly OutFrame[]): void;
  ping(): void;
  /** Bytes handed to `send` that have not left the process. */
  bufferedBytes(): number;
  /** Starts the closing handshake behind what was sent; `onClose` follows, in bounded time also from a client that does not answer. */
  close(code: number, reason: string): void;
  /** Ends it at once, without a close frame. `onClose` follows. */
  terminate(): void;
}

/** What the router does with a socket's events. After `onClose` nothing follows. */
export interface ClientHandlers {
  onMessage(bytes: Uint8Array, isBinary: boolean): void;
  onPong(): void;
  /** `code` as in the close frame; 1005 and 1006 as in RFC 6455, section 7.1.5. */
  onClose(code: number): void;
}

/** One text message. `wire` belongs to the socket's adapter: its framed form, made once for all sockets that get this message. */
export interface OutFrame {
  readonly bytes: Uint8Array;
  wire: Uint8Array | null;
}

export function outFrame(bytes: Uint8Array): OutFrame {
  return { bytes, wire: null };
}
