/**
 * A two-way, ordered, message-preserving connection between one router and one node. Frames are opaque here.
 * It may break at any moment; frames then in flight may or may not have arrived.
 */
export interface LinkConnection {
  send(frame: Uint8Array): void;
  /** Bytes handed to `send` that have not left the process. */
  bufferedBytes(): number;
  close(): void;
}

export interface LinkHandlers {
  onOpen(): void;
  onFrame(frame: Uint8Array): void;
  /** Called once, also when the connection never opened. */
  onClose(reason: string): void;
}

/** The router's side: dials whoever listens at `host:port`, which need not be the node that was meant. `onOpen` or `onClose` follows, never from within `dial`. */
export interface LinkDialer {
  dial(address: string, handlers: LinkHandlers): LinkConnection;
}
